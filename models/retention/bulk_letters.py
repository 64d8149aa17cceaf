"""The same letter to many customers: one transaction for a batch, each in the reader's own language."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from models.database import dialect
from models.keys import Keys
from models.tables import Customer, Letter, Preferences
from models.tables.accounts import State
from models.tables.letters import LetterContents, LetterKind
from models.world import World

Params = Callable[[Customer, Preferences, Keys], Awaitable[dict[str, Any]]]


async def write_to_all(
    world: World,
    tx: BaseDBAsyncClient,
    people: Sequence[UUID],
    keys: Keys,
    template: str,
    kind: LetterKind,
    params: Params,
) -> list[Letter]:
    """Write to those of these people who are customers now, in the caller's transaction; the letters."""
    now = world.now()
    wanted = Customer.filter(id__in=list(people), state=State.ACTIVE).using_db(tx).order_by("id")
    rows = await (wanted.select_for_update() if dialect() == "postgres" else wanted)
    chosen = {one.id: one for one in await Preferences.filter(id__in=[row.id for row in rows]).using_db(tx)}
    letters = []
    for row in rows:
        profile, preferences = row.opened(keys), chosen[row.id]
        letter = Letter(id=world.new_id(), customer_id=row.id, template=template, kind=kind, written_at=now)
        said = {"name": profile.given_name, **await params(row, preferences, keys)}
        letter.seal(keys, LetterContents(to=profile.email, locale=preferences.locale.value, params=said))
        letters.append(letter)
    await Letter.bulk_create(letters, using_db=tx)
    return letters
