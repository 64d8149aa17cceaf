"""Posting what waits in the outbox: once, whatever is killed in between, and marketing only with consent (clause 2)."""

from datetime import timedelta

from tortoise.expressions import Q

from models.database import transaction
from models.retention.claims import claim, each, finish, release_after
from models.tables import Customer, Letter, Message, PolicyAcceptance, PolicyNotice, Preferences
from models.tables.accounts import State
from models.tables.letters import LetterContents, LetterKind, MessageContents, MessageKind
from models.tables.policy import AcceptanceEvent
from models.world import PostDown, PostRefused, World

LEASE = timedelta(minutes=2)
TO_OTHERS = frozenset({"related-person-added", "related-person-removed"})
"""Letters to people whose data the customer gave: theirs, so no copy is kept with the customer's messages (clause 4.1.5)."""

POLICY_NOTICE = "policy-notice"


async def post_letters(world: World, limit: int) -> int:
    """Post up to ``limit`` letters. The post knows a letter by its id, so that one posted twice is the same letter."""
    due = Q(posted_at=None)
    letters = await claim(world, Letter, due, limit, lease=LEASE, worker=str(world.new_id()))
    return await each(world, letters, lambda letter: _post(world, letter))


async def _post(world: World, letter: Letter) -> None:
    keys = await world.vault.keys([letter.person])
    if letter.person not in keys:  # erased meanwhile: there is nobody to write to
        return await _drop(letter, "erased")
    contents = letter.opened(keys)
    if letter.expires_at is not None and letter.expires_at <= world.now():
        return await _drop(letter, "expired")
    if (
        letter.kind is LetterKind.MARKETING
        and not await Preferences.filter(
            id=letter.customer_id,
            news_by_email=True,
            customer__restricted_at__isnull=True,
            customer__state=State.ACTIVE,
        ).exists()
    ):
        return await _drop(letter, "no consent")
    if await Customer.filter(
        id=letter.customer_id, state=State.ERASING
    ).exists():  # begun since; our key is a remembered one
        return await _drop(letter, "erased")
    try:
        await world.post.send(letter.id, contents.to, letter.template, contents.locale, contents.params)
    except PostRefused:
        return await _drop(letter, "refused")
    except PostDown:
        return await release_after(world, letter, "post down")
    async with transaction():
        await finish(letter, posted_at=world.now())
        if letter.template == POLICY_NOTICE:
            await _notified(world, letter, contents)
        if letter.customer_id and letter.template not in TO_OTHERS and not await Message.filter(id=letter.id).exists():
            await _keep_copy(world, letter, contents)


async def _notified(world: World, letter: Letter, contents: LetterContents) -> None:
    """The customer was told of a policy version: recorded by its own time, apart from looking and answering (clause 10)."""
    now = world.now()
    if await PolicyNotice.filter(letter_id=letter.id, delivered_at=None).update(delivered_at=now, failed_at=None):
        await PolicyAcceptance.create(
            id=world.new_id(), customer_id=letter.customer_id, version=contents.params["version"],
            event=AcceptanceEvent.NOTIFIED, at=now,
        )  # fmt: skip


async def _keep_copy(world: World, letter: Letter, contents: LetterContents) -> None:
    """The letter's words, without its links, in the conversation kept with the account."""
    said = world.post.render(letter.template, contents.locale, contents.params)
    copy = Message(id=letter.id, customer_id=letter.customer_id, kind=MessageKind.LETTER, at=letter.written_at)
    words = MessageContents(subject=said.subject, text=world.post.without_links(said.text, contents.locale))
    copy.seal(await world.vault.keys([letter.customer_id]), words)
    await copy.save(force_create=True)


async def _drop(letter: Letter, why: str) -> None:
    """It will never be posted."""
    await finish(letter)
    if letter.template == POLICY_NOTICE:
        await PolicyNotice.filter(letter_id=letter.id, delivered_at=None).update(failed_at=letter.written_at)
    await Letter.filter(id=letter.id).update(dead_at=letter.written_at, trouble=why)
