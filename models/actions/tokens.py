"""One-time links of letters: made, and spent once."""

from datetime import datetime
from uuid import UUID

from models.actions.account import Account
from models.refused import Reason, Refused
from models.tables import ActionToken
from models.tables.credentials import ActionTokenContents, Purpose
from models.world import World

PATHS = {
    Purpose.CONFIRM_EMAIL: "confirm",
    Purpose.CONFIRM_EMAIL_CHANGE: "confirm",
    Purpose.REVERT_EMAIL_CHANGE: "revert",
    Purpose.RESET_PASSWORD: "reset",
    Purpose.REPORT_SIGN_IN: "not-me",
    Purpose.UNDO_FACTORS: "not-me",
    Purpose.REMOVE_LOST_FACTORS: "remove-factors",
    Purpose.REMOVE_RELATED_PERSON: "remove-me",
    Purpose.UNSUBSCRIBE: "unsubscribe",
}


async def make_link(
    account: Account,
    purpose: Purpose,
    expires_at: datetime,
    *,
    subject: UUID | None = None,
    contents: ActionTokenContents | None = None,
) -> str:
    """A link for a letter; its token is stored as a digest only. The base URL is configured, never the request's."""
    world = account.world
    secret = world.new_secret()
    token = ActionToken(
        id=world.new_id(),
        customer_id=account.id,
        purpose=purpose,
        digest=world.vault.digest(secret),
        subject_id=subject,
        created_at=account.now,
        expires_at=expires_at,
    )
    token.seal(account.keys, contents or ActionTokenContents())
    await token.save(force_create=True)
    return f"{world.base_url}/{PATHS[purpose]}?token={secret}"


async def find_token(world: World, secret: str, *purposes: Purpose) -> ActionToken:
    """The unspent token behind a link. Raises Refused(EXPIRED_TOKEN)."""
    found = await ActionToken.filter(digest=world.vault.digest(secret), purpose__in=list(purposes)).first()
    if found is None or found.used_at is not None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    return found


async def spend(account: Account, token: ActionToken) -> None:
    """Use a token up, inside the transaction of what it does. Raises Refused(EXPIRED_TOKEN) when somebody was faster."""
    spent = await ActionToken.filter(id=token.id, used_at=None).update(used_at=account.now)
    if not spent:
        raise Refused(Reason.EXPIRED_TOKEN)


async def revoke(account: Account, *purposes: Purpose) -> None:
    """Open links of these kinds stop working."""
    open_ones = ActionToken.filter(customer_id=account.id, purpose__in=list(purposes), used_at=None)
    await open_ones.update(used_at=account.now)


async def send_reset_link(account: Account, template: str, *, to: str | None = None) -> None:
    """A letter with a fresh link to set the password anew. Earlier ones still work: asking again takes no link away."""
    expires = account.until("RESET_LINK")
    link = await make_link(account, Purpose.RESET_PASSWORD, expires)
    await account.letter(template, to=to, link=link, expires_at=expires)
