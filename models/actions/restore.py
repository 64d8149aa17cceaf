"""Bringing an old value back (clause 4.1.4): what a third party changed, its owner undoes."""

from typing import Any
from uuid import UUID

from models.actions.account import Account, changing, customer_actor
from models.actions.change_email import take_back
from models.actions.edit_profile import profile_field, supersede
from models.actions.origin import Viewer
from models.masks import mask_iban, mask_paypal, mask_phone
from models.refused import Reason, Refused
from models.tables import Change, PaymentMethod
from models.tables.changes import KeptPaymentMethod, from_text
from models.tables.events import EventKind
from models.tables.payment_methods import PaymentKind
from models.world import World

MASKS = {PaymentKind.BANK_ACCOUNT: mask_iban, PaymentKind.PAYPAL: mask_paypal, PaymentKind.PHONE_BILL: mask_phone}


async def restore_value(world: World, viewer: Viewer, change_id: UUID) -> tuple[Account, Change]:
    """Put an old value back in place; the value it replaces becomes an old one itself.

    Raises Refused(NOT_FOUND, STEP_UP_REQUIRED, EXPIRED_TOKEN).
    """
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        change = await Change.filter(id=change_id, customer_id=account.id).first()
        if change is None:
            raise Refused(Reason.NOT_FOUND)
        if change.restored_at is not None or change.restorable_until <= account.now:
            raise Refused(Reason.EXPIRED_TOKEN)
        await put_back(account, change)
    return account, change


async def put_back(account: Account, change: Change, *, revertible: bool = True) -> None:
    """The old value of a change in place again, in the caller's transaction. Not ``revertible``: no link takes it back again."""
    old, name = change.opened(account.keys).old, profile_field(change.field)
    if change.field == "email":
        await take_back(account, old or "", revertible=revertible)
    elif name is not None:
        values: dict[str, Any] = {name: from_text(change.field, old)}
        if name == "birthdate" and old is not None:
            values["personal_code"] = None
        elif name == "personal_code" and old is not None:
            values["birthdate"] = None
        elif old is None:  # the other one of the pair was chosen then; restoring it needs that change instead
            raise Refused(Reason.NOT_FOUND)
        await supersede(account, values, action="profile.restored")
    else:
        await _payment_method_back(account, from_text(change.field, old))
    change.restored_at = account.now
    await change.save()
    await account.event(EventKind.RESTORE, "value.restored", fields=[change.field])
    await account.letter("value-restored", field=change.field, at=account.now)


async def _payment_method_back(account: Account, method: KeptPaymentMethod) -> None:
    if await PaymentMethod.filter(id=method.id).exists():
        raise Refused(Reason.NOT_FOUND)
    row = PaymentMethod(id=method.id, customer_id=account.id, kind=method.kind, added_at=account.now)
    row.is_default = not await PaymentMethod.filter(customer_id=account.id).exists()
    row.seal(account.keys, method.contents)
    await row.save(force_create=True)


def mask_reference(kind: PaymentKind, reference: str) -> str:
    """A payment reference with all but its end hidden."""
    return MASKS[kind](reference)
