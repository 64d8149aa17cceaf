"""Second factors and passkeys of a customer: added, named and removed after a fresh proof; each change is told by letter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.actions import challenges, proofs, throttle
from models.actions.account import changing, customer_actor
from models.actions.factor_changes import make_codes, tell, without
from models.actions.origin import Viewer
from models.actions.proving import credential_digest, enrolled
from models.checks import Checks
from models.policy import limits
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Passkey, Totp
from models.tables.events import EventKind
from models.tables.factors import ChallengeUse, PasskeyContents, TotpContents
from models.world import World

PASSKEYS_AT_MOST = limits.most("passkeys").most


@dataclass(frozen=True, slots=True)
class NewTotp:
    """An authenticator app's shared secret, and the same as the address of a QR code."""

    seed: str
    uri: str


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What the browser makes a passkey with."""

    challenge: str
    options: dict[str, Any]


# ---- authenticator apps ----------------------------------------------------------------------------------------------
async def begin_totp(world: World, viewer: Viewer) -> NewTotp:
    """A new secret; it counts once ``confirm_totp`` saw a code of it. Raises Refused(STEP_UP_REQUIRED, LIMIT_REACHED)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if await Totp.filter(customer_id=account.id, confirmed_at__isnull=False).exists():
            raise Refused(Reason.LIMIT_REACHED)
        await Totp.filter(customer_id=account.id).delete()
        seed = proofs.new_seed(world)
        begun = Totp(id=world.new_id(), customer_id=account.id, begun_at=account.now)
        begun.seal(account.keys, TotpContents(seed=seed))
        await begun.save(force_create=True)
    return NewTotp(seed, proofs.totp_uri(seed, account.profile.email))


async def confirm_totp(world: World, viewer: Viewer, code: str) -> list[str]:
    """The app's first code: from now on it counts. Answers ten recovery codes, in place of any earlier ones.

    Raises Refused(STEP_UP_REQUIRED, NOT_FOUND when none was begun, WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS).
    """
    viewer.must_have_stepped_up(world.now())
    await throttle.count(world, throttle.PROOF, str(viewer.session.id))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        begun = await Totp.filter(customer_id=account.id, confirmed_at=None).first()
        if begun is None:
            raise Refused(Reason.NOT_FOUND)
        step = proofs.totp_step(begun.opened(account.keys).seed, code, account.now, last_step=begun.last_step)
        if step is None:
            raise Refused(Reason.WRONG_CREDENTIALS)
        begun.confirmed_at, begun.last_step = account.now, step
        await begun.save()
        codes = await make_codes(account)
        await tell(account, EventKind.CREATE, "totp.added", "totp_added", field="totp")
    await throttle.forget(world, throttle.PROOF, str(viewer.session.id))
    return codes


async def disable_totp(world: World, viewer: Viewer) -> datetime:
    """Without an authenticator app again.

    Raises Refused(STEP_UP_REQUIRED, NOT_FOUND, NOT_PERMITTED when the password is too short to stand alone).
    """
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if not await Totp.filter(customer_id=account.id, confirmed_at__isnull=False).delete():
            raise Refused(Reason.NOT_FOUND)
        await without(account)
        await tell(account, EventKind.REMOVE, "totp.removed", "totp_removed", field="totp")
    return account.now


# ---- passkeys --------------------------------------------------------------------------------------------------------
async def begin_passkey(world: World, viewer: Viewer) -> PasskeyAsked:
    """What the browser makes a passkey with. Raises Refused(STEP_UP_REQUIRED, LIMIT_REACHED)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        held = await enrolled(account.id)
        if len(held.passkeys) >= PASSKEYS_AT_MOST:
            raise Refused(Reason.LIMIT_REACHED)
        profile, known = account.profile, held.known(account.keys)
        begun = proofs.begin_registration(world, account.id, account=profile.email, name=profile.name, known=known)
        secret = await challenges.ask(
            world, ChallengeUse.PASSKEY_ADD, person=account.id, session=viewer.session.id, begun=begun
        )
    return PasskeyAsked(secret, begun.options)


async def add_passkey(
    world: World, viewer: Viewer, challenge: str, credential: Any, label: str
) -> tuple[Passkey, PasskeyContents]:
    """Keep the passkey that the browser made.

    Raises Refused(INVALID_INPUT, STEP_UP_REQUIRED, EXPIRED_TOKEN, LIMIT_REACHED).
    """
    checks = Checks(today=world.today())
    label = checks.line("label", label, "label")
    checks.done()
    viewer.must_have_stepped_up(world.now())
    asked = await challenges.find(world, challenge, ChallengeUse.PASSKEY_ADD)
    if asked.session_id != viewer.session.id or asked.webauthn is None:
        raise Refused(Reason.EXPIRED_TOKEN)
    made = proofs.verify_registration(world, credential, bytes(asked.webauthn))
    if made is None:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("credential",), ProblemCode.MALFORMED)])
    try:
        async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
            await challenges.spend(account, asked)
            if await Passkey.filter(customer_id=account.id).count() >= PASSKEYS_AT_MOST:
                raise Refused(Reason.LIMIT_REACHED)
            passkey = Passkey(
                id=world.new_id(), customer_id=account.id, created_at=account.now, sign_count=made.sign_count,
                credential_digest=credential_digest(world, made.credential_id), backed_up=made.backed_up,
            )  # fmt: skip
            contents = PasskeyContents(
                label=label, credential_id=made.credential_id, public_key=made.public_key, transports=made.transports
            )
            passkey.seal(account.keys, contents)
            await passkey.save(force_create=True)
            await tell(account, EventKind.CREATE, "passkey.added", "passkey_added", field="passkey")
    except IntegrityError:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("credential",), ProblemCode.DUPLICATE)]) from None
    return passkey, contents


async def remove_passkey(world: World, viewer: Viewer, passkey_id: UUID) -> UUID:
    """It signs nobody in any more.

    Raises Refused(STEP_UP_REQUIRED, NOT_FOUND, NOT_PERMITTED when the password is too short to stand alone).
    """
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if not await Passkey.filter(id=passkey_id, customer_id=account.id).delete():
            raise Refused(Reason.NOT_FOUND)
        await without(account)
        await tell(account, EventKind.REMOVE, "passkey.removed", "passkey_removed", field="passkey")
    return passkey_id


async def rename_passkey(world: World, viewer: Viewer, passkey_id: UUID, label: str) -> Passkey:
    """Give one a name of the customer's own; ``label`` is checked already. Raises Refused(NOT_FOUND)."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        passkey = await Passkey.filter(id=passkey_id, customer_id=account.id).first()
        if passkey is None:
            raise Refused(Reason.NOT_FOUND)
        contents: PasskeyContents = passkey.opened(account.keys)
        contents.label = label
        passkey.seal(account.keys, contents)
        await passkey.save(update_fields=["sealed"])
        await account.event(EventKind.MODIFY, "passkey.renamed", fields=["label"])
    return passkey


# ---- recovery codes --------------------------------------------------------------------------------------------------
async def make_recovery_codes(world: World, viewer: Viewer) -> list[str]:
    """Ten new codes; the old ones are void. Raises Refused(STEP_UP_REQUIRED, NOT_READY without a second factor)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if not (await enrolled(account.id)).any:
            raise Refused(Reason.NOT_READY)
        codes = await make_codes(account)
        await tell(account, EventKind.CREATE, "recovery-codes.made", "recovery_codes", field="recoveryCodes")
    return codes
