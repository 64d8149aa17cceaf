"""Payment references (clause 1.4): a bank account, a PayPal account, a phone bill; changed only after a fresh proof."""

from dataclasses import dataclass
from uuid import UUID

import phonenumbers

from models.actions.account import Account, changing, customer_actor
from models.actions.edit_profile import keep_old
from models.actions.holds import refuse_held
from models.actions.origin import Viewer
from models.actions.restore import mask_reference
from models.checks import Checks
from models.checks.emails import email_key
from models.policy import limits
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import PaymentMethod, Service
from models.tables.changes import KeptPaymentMethod
from models.tables.events import EventKind
from models.tables.payment_methods import PaymentKind, PaymentMethodContents
from models.world import World

AT_MOST = limits.most("payment methods").most
PATHS = {
    PaymentKind.BANK_ACCOUNT: ("method", "bankAccount", "iban"),
    PaymentKind.PAYPAL: ("method", "payPal", "email"),
    PaymentKind.PHONE_BILL: ("method", "phoneBill", "phoneNumber"),
}
Opened = tuple[PaymentMethod, PaymentMethodContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaymentMethod:
    """What to add; ``reference`` is an IBAN, a PayPal address or a phone number. One key adds once."""

    idempotency_key: str
    kind: PaymentKind
    reference: str
    holder: str | None = None
    label: str | None = None
    make_default: bool = False


async def add_payment_method(world: World, viewer: Viewer, new: NewPaymentMethod) -> Opened:
    """Add one; the first becomes the default. The same key again answers with what it added then.

    Raises Refused(INVALID_INPUT, STEP_UP_REQUIRED, LIMIT_REACHED).
    """
    contents, digest = _checked(world, new)
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        held = await _held(account)
        for method, known in held:
            if method.idempotency is not None and bytes(method.idempotency) == digest:
                return method, known
        if any(method.kind is new.kind and _same(new.kind, known, contents) for method, known in held):
            raise Refused(Reason.INVALID_INPUT, problems=[Problem(PATHS[new.kind], ProblemCode.DUPLICATE)])
        if len(held) >= AT_MOST:
            raise Refused(Reason.LIMIT_REACHED)
        method = PaymentMethod(
            id=world.new_id(), customer_id=account.id, kind=new.kind, added_at=account.now, idempotency=digest,
            is_default=new.make_default or not held,
        )  # fmt: skip
        method.seal(account.keys, contents)
        if new.make_default:
            await PaymentMethod.filter(customer_id=account.id, is_default=True).update(is_default=False)
        await method.save(force_create=True)
        await _tell(account, EventKind.CREATE, "payment-method.added")
    return method, contents


async def set_default_payment_method(world: World, viewer: Viewer, method_id: UUID) -> Opened:
    """Make one the default. Raises Refused(STEP_UP_REQUIRED, NOT_FOUND)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        method = await _owned(account, method_id)
        if not method.is_default:
            await _make_default(account, method)
            await account.event(EventKind.MODIFY, "payment-method.default-set", fields=["paymentMethod"])
    return method, method.opened(account.keys)


async def remove_payment_method(
    world: World, viewer: Viewer, method_id: UUID, replacement_id: UUID | None = None
) -> UUID:
    """Remove one; it can be restored for 90 days (clause 4.1.4). What it paid for goes over to the replacement.

    Raises Refused(STEP_UP_REQUIRED, NOT_FOUND, INVALID_INPUT when it would replace itself, ON_HOLD, IN_USE when it pays
    for a running service and no replacement is named).
    """
    viewer.must_have_stepped_up(world.now())
    if replacement_id == method_id:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("replacementId",), ProblemCode.NOT_ALLOWED)])
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        method = await _owned(account, method_id)
        successor = await _owned(account, replacement_id) if replacement_id else None
        await refuse_held(account, "payment_method")
        if successor is None and await _pays(account, method):
            raise Refused(Reason.IN_USE)
        await method.delete()
        await _hand_over(account, method, successor)
        await keep_old(account, "paymentMethod", _kept(method, method.opened(account.keys)), None)
        await _tell(account, EventKind.REMOVE, "payment-method.removed")
    return method.id


async def rename_payment_method(world: World, viewer: Viewer, method_id: UUID, label: str) -> Opened:
    """Give one a name of the customer's own; ``label`` is checked already. Raises Refused(NOT_FOUND)."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        method = await _owned(account, method_id)
        contents: PaymentMethodContents = method.opened(account.keys)
        contents.label = label
        method.seal(account.keys, contents)
        await method.save(update_fields=["sealed"])
        await account.event(EventKind.MODIFY, "payment-method.renamed", fields=["label"])
    return method, contents


def _checked(world: World, new: NewPaymentMethod) -> tuple[PaymentMethodContents, bytes]:
    """The struct to seal, and the digest of the client's key. A card number is refused wherever it is written."""
    checks, path = Checks(today=world.today()), PATHS[new.kind]
    key = checks.idempotency_key("idempotencyKey", new.idempotency_key)
    label = checks.optional(checks.line, "label", new.label, "label")
    holder = checks.optional(checks.name, (*path[:-1], "holder"), new.holder)
    country: str | None = None
    match new.kind:
        case PaymentKind.BANK_ACCOUNT:
            account = checks.iban(path, new.reference)
            country, reference = account.country, account.number
        case PaymentKind.PAYPAL:
            reference = checks.paypal(path, new.reference)
        case PaymentKind.PHONE_BILL:
            reference = checks.phone(path, new.reference)
            country = _country_of(reference) if reference else None
            if reference and country is None:
                checks.problem(path, ProblemCode.NOT_ALLOWED)
    checks.done()
    shown = label or mask_reference(new.kind, reference)
    contents = PaymentMethodContents(reference=reference, label=shown, country=country, holder=holder)
    return contents, world.vault.index("idempotency", "payment method|" + key)


def _country_of(phone: str) -> str | None:
    """The country of an E.164 number, ISO 3166-1 alpha-2; None for a satellite's."""
    number = phonenumbers.parse(phone)
    found = phonenumbers.region_code_for_number(number)
    return found if found and found.isalpha() else None


def _same(kind: PaymentKind, one: PaymentMethodContents, other: PaymentMethodContents) -> bool:
    if kind is PaymentKind.PAYPAL:
        return email_key(one.reference) == email_key(other.reference)
    return one.reference == other.reference


async def _held(account: Account) -> list[Opened]:
    rows = await PaymentMethod.filter(customer_id=account.id)
    return [(row, row.opened(account.keys)) for row in rows]


async def _owned(account: Account, method_id: UUID) -> PaymentMethod:
    found = await PaymentMethod.filter(id=method_id, customer_id=account.id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


async def _make_default(account: Account, method: PaymentMethod) -> None:
    await PaymentMethod.filter(customer_id=account.id, is_default=True).update(is_default=False)
    method.is_default = True
    await method.save(update_fields=["is_default"])


async def _pays(account: Account, method: PaymentMethod) -> bool:
    """Whether a running service is paid by it: named there, or by default where none is named."""
    running = Service.filter(customer_id=account.id, ended_at=None)
    named = await running.filter(payment_method_id=method.id).exists()
    return named or (method.is_default and await running.filter(payment_method_id=None).exists())


async def _hand_over(account: Account, gone: PaymentMethod, successor: PaymentMethod | None) -> None:
    """Services and the default go over; without a successor the oldest that is left becomes the default."""
    if successor is not None:
        paid = Service.filter(customer_id=account.id, payment_method_id=gone.id, ended_at=None)
        await paid.update(payment_method_id=successor.id)
    if gone.is_default:
        heir = successor or await PaymentMethod.filter(customer_id=account.id).order_by("added_at", "id").first()
        if heir is not None:
            await _make_default(account, heir)


def _kept(method: PaymentMethod, contents: PaymentMethodContents) -> KeptPaymentMethod:
    return KeptPaymentMethod(id=method.id, kind=method.kind, added_at=method.added_at.isoformat(), contents=contents)


async def _tell(account: Account, kind: EventKind, action: str) -> None:
    await account.event(kind, action, fields=["paymentMethod"])
    await account.letter("contact-changed", field="paymentMethod", at=account.now)
