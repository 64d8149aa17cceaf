"""Forgotten, changed and lost passwords; 'this was not me'."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.addresses import drop_pending
from models.actions.factor_changes import undo_since
from models.actions.factor_recovery import cancel_recovery
from models.actions.finding import owner_of_email
from models.actions.origin import Origin, Viewer
from models.actions.proving import enrolled, right_password, still_right
from models.actions.sessions import end_sessions
from models.actions.sign_up import checked_email, set_password
from models.actions.tokens import find_token, revoke, send_reset_link, spend
from models.checks import Checks
from models.checks.limits import LIMITS
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import SignIn
from models.tables.accounts import State
from models.tables.credentials import Purpose
from models.tables.events import ActorKind, EventContents, EventKind
from models.world import World


async def request_reset(world: World, email: str, *, origin: Origin) -> None:
    """A letter with a reset link, if the address is a customer's; the same answer if not.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS).
    """
    address = checked_email(world, email)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    await throttle.count(world, throttle.LETTERS, address)
    owner = await owner_of_email(world, address)
    if owner is None:
        return
    async with changing(
        world, owner.person_id, by=Actor(ActorKind.CUSTOMER, owner.person_id), closed_too=True
    ) as account:
        if account.customer.state is State.ACTIVE and account.profile.email == address:
            await send_reset_link(account, "reset-password")
            await account.event(EventKind.AUTHENTICATION, "password.reset-requested")


async def reset_password(world: World, token: str, new_password: str) -> tuple[datetime, int]:
    """From the letter: a new password; every session ends, and a change of address that somebody began. When, and how many.

    Raises Refused(EXPIRED_TOKEN, INVALID_INPUT, BUSY).
    """
    found = await find_token(world, token, Purpose.RESET_PASSWORD)
    person = found.customer_id
    new = await _hashed(world, person, "newPassword", new_password)
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person)) as account:
        await spend(account, found)
        ended = await end_sessions(account)
        account.customer.secured_at = None
        await drop_pending(account)
        await _changed(account, new, "password.reset")
    return account.now, len(ended)


async def change_password(world: World, viewer: Viewer, current: str, new_password: str) -> tuple[datetime, int]:
    """The current password is the proof, and a step-up where something stronger is enrolled; every other session ends.

    Raises Refused(STEP_UP_REQUIRED, WRONG_CREDENTIALS, INVALID_INPUT, TOO_MANY_ATTEMPTS, BUSY).
    """
    person = viewer.customer.id
    if (await enrolled(person)).any:
        viewer.must_have_stepped_up(world.now())
    await throttle.count(world, throttle.PROOF, str(viewer.session.id))
    right = await right_password(world, person, current)
    if right is None:
        raise Refused(Reason.WRONG_CREDENTIALS)
    await throttle.forget(world, throttle.PROOF, str(viewer.session.id))
    new = await _hashed(world, person, "newPassword", new_password)
    async with changing(world, person, by=customer_actor(viewer.customer)) as account:
        if not await still_right(account, right):
            raise Refused(Reason.WRONG_CREDENTIALS)
        ended = await end_sessions(account, but=viewer.session.id)
        await _changed(account, new, "password.changed")
    return account.now, len(ended)


async def report_sign_in(world: World, viewer: Viewer, sign_in_id: UUID) -> int:
    """'This was not me', from the history: ends every session, stops changes until the password is set anew.

    Raises Refused(NOT_FOUND). Answers how many sessions ended.
    """
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if not await _mark(account, sign_in_id):
            raise Refused(Reason.NOT_FOUND)
        return await secure(account)


async def report_by_letter(world: World, token: str) -> int:
    """'This was not me', from the link of a security letter; works signed out.

    A letter about a factor undoes what was added then and later; any other removes nothing. Raises Refused(EXPIRED_TOKEN).
    """
    found = await find_token(world, token, Purpose.REPORT_SIGN_IN, Purpose.UNDO_FACTORS)
    async with changing(world, found.customer_id, by=Actor(ActorKind.CUSTOMER, found.customer_id)) as account:
        await spend(account, found)
        if found.subject_id:
            await _mark(account, found.subject_id)
        if found.purpose is Purpose.UNDO_FACTORS:
            await undo_since(account, found.created_at)
        return await secure(account)


async def secure(account: Account, details: EventContents | None = None) -> int:
    """Lock the account down, in the caller's transaction: sessions end, a letter brings the way back in. ``details``: why."""
    ended = await end_sessions(account)
    await cancel_recovery(account)
    await drop_pending(account)
    await revoke(account, Purpose.RESET_PASSWORD)
    account.customer.secured_at = account.now
    await account.save()
    await account.event(EventKind.AUTHENTICATION, "account.secured", details=details)
    await send_reset_link(account, "account-secured")
    return len(ended)


async def _mark(account: Account, sign_in_id: UUID) -> int:
    return await SignIn.filter(id=sign_in_id, customer_id=account.id).update(reported_at=account.now)


@dataclass(frozen=True, slots=True)
class _New:
    """A new password, hashed; whether it is long enough without a second factor."""

    encoded: str
    alone: bool


async def _hashed(world: World, person: UUID, field: str, password: str) -> _New:
    """Checked against the person's own words and hashed, before the transaction. Eight characters do beside another factor."""
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person)) as account:
        profile, held = account.profile, await enrolled(person)
    checks = Checks(today=world.today())
    words = [profile.given_name, profile.family_name, profile.email]
    password = checks.password(field, password, own_words=words, second_factor=held.any)
    checks.done()
    return _New(await world.passwords.hash(password), len(password) >= LIMITS["password_alone"])


async def _changed(account: Account, new: _New, action: str) -> None:
    if not new.alone and not (await enrolled(account.id)).any:  # the factor went while the password was hashed
        problem = Problem(("newPassword",), ProblemCode.TOO_SHORT, LIMITS["password_alone"])
        raise Refused(Reason.INVALID_INPUT, problems=[problem])
    await set_password(account, new.encoded, alone=new.alone)
    await revoke(account, Purpose.RESET_PASSWORD)
    account.cool_off()
    await account.save()
    await account.event(EventKind.MODIFY, action, fields=["password"])
    await account.letter("password-changed", at=account.now)
