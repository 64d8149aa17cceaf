"""Changing the e-mail address (clause 4.1.4): confirmed at the new one, told to the old ones, who can take it back."""

from tortoise.exceptions import IntegrityError

from models.actions import throttle
from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.addresses import drop_pending, earlier_addresses, shut_out, standing
from models.actions.edit_profile import keep_old
from models.actions.factor_changes import undo_since
from models.actions.finding import EMAIL, email_digest, email_entry, owner_of_email
from models.actions.origin import Origin, Viewer
from models.actions.passwords import secure
from models.actions.sessions import end_sessions
from models.actions.sign_up import checked_email
from models.actions.tokens import find_token, make_link, revoke, spend
from models.masks import mask_email
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Change, IndexEntry
from models.tables.accounts import IndexUse
from models.tables.credentials import ActionTokenContents, Purpose
from models.tables.events import ActorKind, EventKind
from models.world import World

LINKS_OF_THE_SIGNED_IN = (Purpose.REPORT_SIGN_IN, Purpose.UNDO_FACTORS, Purpose.REMOVE_LOST_FACTORS)
"""Went to whichever address the account had: to a stranger's as well."""


async def change_email(world: World, viewer: Viewer, new_email: str, *, origin: Origin) -> Account:
    """Ask the new address to confirm, tell the old one. Answered alike whether or not the new address is known.

    Raises Refused(INVALID_INPUT, STEP_UP_REQUIRED, TOO_MANY_ATTEMPTS).
    """
    address = checked_email(world, new_email, "newEmail")
    viewer.must_have_stepped_up(world.now())
    await throttle.count(world, throttle.LETTERS, f"change|{viewer.customer.id}")
    taken = await owner_of_email(world, address)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if address == account.profile.email:
            raise Refused(Reason.INVALID_INPUT, problems=[Problem(("newEmail",), ProblemCode.DUPLICATE)])
        again = account.profile.pending_email == address
        await drop_pending(account)
        expires = account.until("EMAIL_CHANGE_LINK")
        account.profile.pending_email, account.customer.pending_email_until = address, expires
        waiting = email_entry(world, account.id, address, IndexUse.PENDING)
        waiting.until = expires
        await IndexEntry.bulk_create([waiting])
        await account.save()
        await account.event(EventKind.MODIFY, "email.change-requested", fields=["email"])
        if taken is None or taken.claim is None or taken.person_id == account.id:
            link = await make_link(
                account, Purpose.CONFIRM_EMAIL_CHANGE, expires, contents=ActionTokenContents(email=address)
            )
            await account.letter("confirm-email-change", to=address, link=link, expires_at=expires, new_email=address)
        else:
            base = world.base_url
            await account.letter(
                "already-registered", to=address, sign_in_link=f"{base}/sign-in", reset_link=f"{base}/reset"
            )
        if not again:
            await account.letter("email-change-notice", new_email_masked=mask_email())
    return account


async def cancel_email_change(world: World, viewer: Viewer) -> Account:
    """Forget the pending address. Raises Refused(NOT_FOUND) when there is none."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if account.profile.pending_email is None:
            raise Refused(Reason.NOT_FOUND)
        await drop_pending(account)
        await account.save()
        await account.event(EventKind.MODIFY, "email.change-cancelled", fields=["email"])
    return account


async def confirm_email_change(world: World, token: str) -> Account:
    """The new address answered: it is the address now, other sessions end, the old ones can take it back.

    Raises Refused(EXPIRED_TOKEN), also when somebody else confirmed the address meanwhile.
    """
    found = await find_token(world, token, Purpose.CONFIRM_EMAIL_CHANGE)
    person = found.customer_id
    try:
        async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person)) as account:
            await spend(account, found)
            new = account.profile.pending_email
            if new is None or new != found.opened(account.keys).email:
                raise Refused(Reason.EXPIRED_TOKEN)
            old = account.profile.email
            change = await keep_old(account, "email", old, new)
            await _take(account, new, hold=old)
            await end_sessions(account)
            account.cool_off()
            account.customer.revision += 1
            await account.save()
            await account.event(EventKind.MODIFY, "email.changed", fields=["email"])
            await _offer_to_revert(account, new, change)
    except IntegrityError:
        raise Refused(Reason.EXPIRED_TOKEN) from None
    return account


async def revert_email_change(world: World, token: str) -> int:
    """From the letter to an old address: that address back, every session ended, the password to be set anew.

    Younger addresses are shut out; older ones get a link of their own. Factors added since shortly before the address was left
    are removed: they may be a stranger's. Raises Refused(EXPIRED_TOKEN). Answers how many sessions ended.
    """
    found = await find_token(world, token, Purpose.REVERT_EMAIL_CHANGE)
    person = found.customer_id
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person)) as account:
        await spend(account, found)
        address = found.opened(account.keys).email
        assert address is not None  # every revert link is made with one
        present, among = account.profile.email, await standing(account, address)
        await drop_pending(account)
        change = None
        if address != present:
            change = await keep_old(account, "email", present, address)
            await _take(account, address, hold=present)
            account.customer.revision += 1
        await shut_out(account, among.younger, back=address)
        await revoke(account, *LINKS_OF_THE_SIGNED_IN)
        if change is not None:
            await _offer_to_revert(account, address, change)
        account.cool_off()
        await account.event(EventKind.RESTORE, "email.reverted", fields=["email"])
        shortly_before = world.rule("REVERT_LINK").expired_before(among.left_at or found.created_at)
        await undo_since(account, shortly_before)
        return await secure(account)


async def take_back(account: Account, address: str, *, revertible: bool = True) -> None:
    """An old address is the address again, as its owner restores it, signed in or at the office; in the caller's transaction.

    Not ``revertible``: the present address is a stranger's, so no link takes the change back, and earlier ones end.
    """
    present = account.profile.email
    await drop_pending(account)
    if address == present:
        return
    change = await keep_old(account, "email", present, address)
    await _take(account, address, hold=present)
    account.cool_off()
    account.customer.revision += 1
    await account.save()
    if revertible:
        await _offer_to_revert(account, address, change)
    else:
        await revoke(account, Purpose.REVERT_EMAIL_CHANGE)


async def _offer_to_revert(account: Account, new: str, change: Change) -> None:
    """Letters with a link back to every address of the last 90 days: two quick changes do not shake them off."""
    expires = account.until("REVERT_LINK")
    for address in await earlier_addresses(account):
        if address == new:
            continue
        link = await make_link(
            account,
            Purpose.REVERT_EMAIL_CHANGE,
            expires,
            subject=change.id,
            contents=ActionTokenContents(email=address),
        )
        await account.letter(
            "revert-email-change", to=address, link=link, expires_at=expires, new_email_masked=mask_email()
        )


async def _take(account: Account, new: str, *, hold: str) -> None:
    """The index follows: the new address is claimed, the old one held so that nobody else signs up with it."""
    world = account.world
    mine = IndexEntry.filter(person_id=account.id, field=EMAIL)
    await mine.filter(digest__in=[email_digest(world, new), email_digest(world, hold)]).delete()
    held = email_entry(world, account.id, hold, IndexUse.HELD)
    held.until = account.until("OLD_VALUE")
    await IndexEntry.bulk_create([email_entry(world, account.id, new, IndexUse.CONFIRMED), held])
    account.profile.email = new
    account.profile.pending_email = account.customer.pending_email_until = None
    account.customer.email_verified_at = account.now
