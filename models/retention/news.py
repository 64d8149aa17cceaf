"""The letters of an issue of the news: to each customer who agreed, once, whatever is killed in between (clause 2)."""

from typing import Any

from models.actions.news import wants
from models.actions.tokens import PATHS
from models.database import transaction
from models.keys import Keys
from models.retention.bulk_letters import write_to_all
from models.tables import ActionToken, Customer, NewsIssue, Preferences
from models.tables.credentials import ActionTokenContents, Purpose
from models.tables.letters import LetterKind
from models.world import World

TEMPLATE = "news"


async def write_news(world: World, limit: int) -> int:
    """Write up to ``limit`` letters of the oldest issue that is not all written; how many customers were looked at.

    How far it came is kept with the letters, in one transaction: two workers at once do not both write a batch.
    """
    issue = await NewsIssue.filter(done_at=None).order_by("id").first()
    if issue is None:
        return 0
    readers = Preferences.filter(news_by_email=True, customer__restricted_at=None).order_by("id").limit(limit)
    batch = await (readers.filter(id__gt=issue.reached) if issue.reached else readers)
    people = [one.id for one in batch if wants(one, issue.topic)]
    keys = await world.vault.keys(people)
    tokens: list[ActionToken] = []

    async def params(customer: Customer, preferences: Preferences, keys: Keys) -> dict[str, Any]:
        token, link = _unsubscribing(world, customer, keys)
        tokens.append(token)
        said = issue.words[preferences.locale.value]
        return {"headline": said["headline"], "body": said["body"], "unsubscribe_link": link}

    async with transaction() as tx:
        progress: dict[str, Any] = {"reached": batch[-1].id} if batch else {"done_at": world.now()}
        mine = NewsIssue.filter(id=issue.id, reached=issue.reached, done_at=None).using_db(tx)
        if not await mine.update(**progress):
            return 0
        letters = await write_to_all(world, tx, list(keys), keys, TEMPLATE, LetterKind.MARKETING, params)
        await ActionToken.bulk_create(tokens, using_db=tx)
        await NewsIssue.filter(id=issue.id).using_db(tx).update(written=issue.written + len(letters))
    return len(batch)


def _unsubscribing(world: World, customer: Customer, keys: Keys) -> tuple[ActionToken, str]:
    """The link at the letter's foot, which works for a year and needs nobody signed in."""
    now, secret = world.now(), world.new_secret()
    until = world.rule("UNSUBSCRIBE_LINK", customer.governed_by).due_at(now)
    token = ActionToken(
        id=world.new_id(), customer_id=customer.id, purpose=Purpose.UNSUBSCRIBE, digest=world.vault.digest(secret),
        created_at=now, expires_at=until,
    )  # fmt: skip
    token.seal(keys, ActionTokenContents())
    return token, f"{world.base_url}/{PATHS[Purpose.UNSUBSCRIBE]}?token={secret}"
