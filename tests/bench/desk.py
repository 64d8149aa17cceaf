"""The office desk: members of staff who are signed in, and requests in the queue with what happened to them."""

import itertools
import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from models.actions.sign_up import customer_number
from models.policy import Role
from models.tables import Customer, Event, RightsRequest, Staff, StaffSession
from models.tables.cases import RequestChannel, RequestKind, RequestStatus, RightsRequestContents
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.staff import StaffContents
from models.world import World

BATCH = 500
KINDS = (RequestKind.UPDATE, RequestKind.COPY, RequestKind.RESTORE, RequestKind.DELETE)
HAPPENED = ("request.received", "request.identified", "request.assigned")


async def staff_moves_in(world: World, count: int) -> list[str]:
    """So many of the office, each signed in; their sessions' secrets."""
    now, people, secrets = world.now(), [world.new_id() for _ in range(count)], []
    keys = await world.vault.create(people)
    for number, person in enumerate(people):
        row = Staff(id=person, roles=[Role.OFFICE], invited_at=now, last_sign_in_at=now)
        contents = StaffContents(
            name=f"Colleague {number}", email=f"colleague{number}@example.com", encoded="-", totp_confirmed=True
        )
        row.seal(keys, contents)
        await row.save(force_create=True)
        secrets.append(world.new_secret())
        await StaffSession.create(
            id=world.new_id(), staff_id=person, token_digest=world.vault.digest(secrets[-1]), created_at=now,
            last_seen_at=now, idle_until=now + timedelta(hours=2), expires_at=now + timedelta(hours=12),
        )  # fmt: skip
    return secrets


async def requests_come_in(world: World, people: Sequence[UUID], *, ended: int) -> None:
    """Each has one open request and some that ended, with three events of each."""
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        keys, now = await world.vault.keys(some), world.now()
        aliases = {row.id: row.opened(keys).alias for row in await Customer.filter(id__in=list(some))}
        requests, events = [], []
        for person, number in itertools.product(some, range(1 + ended)):
            row_id, received = world.new_id(), now - timedelta(days=30 * number, minutes=random.randrange(60 * 60))
            row = RightsRequest(
                id=row_id, customer_id=person, number=f"R-{received:%Y}-{customer_number(row_id)[1:]}",
                kind=random.choice(KINDS), channel=RequestChannel.OFFICE, clause="4.2.2",
                status=RequestStatus.FULFILLED if number else RequestStatus.IN_PROGRESS, received_at=received,
                recorded_at=received, due_at=received + timedelta(days=2),
                ended_at=received + timedelta(days=1) if number else None,
            )  # fmt: skip
            row.seal(keys, RightsRequestContents(text="The name of a domain is wrong.", last_four="12a4"))
            requests.append(row)
            for step, action in enumerate(HAPPENED):
                event = Event(
                    id=world.new_id(), alias=aliases[person], at=received + timedelta(minutes=step),
                    kind=EventKind.MODIFY, action=action, actor_kind=ActorKind.STAFF, fields_named=[row.number],
                )  # fmt: skip
                event.sealed = keys[person].seal("event", event.id, EventContents(reason="Asked at the counter"))
                events.append(event)
        await RightsRequest.bulk_create(requests, batch_size=BATCH)
        await Event.bulk_create(events, batch_size=BATCH)
