"""Made customers: the lines of an import, what they do afterwards (sessions, sign-ins, ways to pay), and those who leave."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.actions.agents import describe, parsed
from models.actions.import_columns import Line
from models.keys import Keys
from models.tables import Closure, Customer, Event, PaymentMethod, Session, SignIn
from models.tables.accounts import ClosureContents, State
from models.tables.credentials import SessionContents, SessionKind
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.payment_methods import PaymentKind, PaymentMethodContents
from models.tables.sign_ins import IpPrecision, SignInContents, SignInMethod, SignInOutcome
from models.world import World

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NAMES = ("Anna", "Jānis", "Līga", "Oskars", "Marta", "Edgars", "Ilze", "Toms")
FAMILIES = ("Bērziņa", "Kalniņš", "Ozola", "Liepa", "Zariņš", "Krūmiņa", "Vītola", "Balodis")
TOWNS = (("Rīga", "LV-1039"), ("Liepāja", "LV-3401"), ("Cēsis", "LV-4101"))
BATCH = 500


def address(number: int) -> str:
    """The e-mail address of a made customer."""
    return f"made{number}@example.com"


def lines(count: int, *, password_hash: str | None = None) -> Iterator[Line]:
    """An import's lines; the first customer has the password."""
    for number in range(count):
        town, code = TOWNS[number % len(TOWNS)]
        values: dict[str, Any] = {
            "reference": f"M-{number}",
            "given_name": NAMES[number % len(NAMES)],
            "family_name": FAMILIES[number // 7 % len(FAMILIES)],
            "birthdate": f"{1950 + number % 55}-{1 + number % 12:02}-{1 + number % 28:02}",
            "street_address": f"Brīvības iela {1 + number % 300}",
            "locality": town,
            "postal_code": code,
            "country": "LV",
            "phone_number": f"+371{20_000_000 + number}",
            "email": address(number),
            "email_verified": "true",
        }
        if number == 0 and password_hash is not None:
            values["password_hash"] = password_hash
        yield Line(number + 2, values)


async def move_in(world: World, people: Sequence[UUID], *, sign_ins: int, events: int = 0) -> list[str]:
    """Each signs in so often over the last year, names three ways to pay and is signed in now; their sessions' secrets."""
    secrets: list[str] = []
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        keys = await world.vault.keys(some)
        secrets += await _sessions(world, keys, some)
        await _sign_ins(world, keys, some, sign_ins)
        await _payment_methods(world, keys, some)
        if events:
            await _events(world, keys, some, events)
    return secrets


async def _sessions(world: World, keys: Keys, people: Sequence[UUID]) -> list[str]:
    now, agent, secrets, rows = world.now(), parsed(AGENT), [], []
    for person in people:
        secrets.append(world.new_secret())
        row = Session(
            id=world.new_id(), customer_id=person, kind=SessionKind.BROWSER, token_digest=world.vault.digest(secrets[-1]),
            created_at=now, last_seen_at=now, idle_until=now + timedelta(hours=2), expires_at=now + timedelta(days=7),
        )  # fmt: skip
        contents = SessionContents(
            label=describe(agent), ip="81.198.0.7", agent=AGENT, browser=agent.browser, os=agent.os, country="LV"
        )
        row.seal(keys, contents)
        rows.append(row)
    await Session.bulk_create(rows, batch_size=BATCH)
    return secrets


async def _sign_ins(world: World, keys: Keys, people: Sequence[UUID], count: int) -> None:
    now, agent, rows = world.now(), parsed(AGENT), []
    for number in range(count):  # as they come in life: no two of one person's next to each other
        for person in people:
            row = SignIn(
                id=world.new_id(), customer_id=person, at=_ago(now, number, count), outcome=SignInOutcome.SUCCEEDED,
                method=SignInMethod.PASSWORD, ip_precision=IpPrecision.FULL, is_new_device=number == 0,
                session_id=world.new_id(),
            )  # fmt: skip
            contents = SignInContents(
                ip=f"81.198.{number}.{random.randrange(256)}", agent=AGENT, browser=agent.browser, os=agent.os,
                country="LV", city="Rīga", latitude=57.0, longitude=24.1, place_source="DB-IP",
            )  # fmt: skip
            row.seal(keys, contents)
            rows.append(row)
    await SignIn.bulk_create(rows, batch_size=BATCH)


async def _payment_methods(world: World, keys: Keys, people: Sequence[UUID]) -> None:
    now, rows = world.now(), []
    given = (
        (PaymentKind.BANK_ACCOUNT, "LV80BANK0000435195001", "LV"),
        (PaymentKind.PAYPAL, "pays@example.com", None),
        (PaymentKind.PHONE_BILL, "+37120000102", "LV"),
    )
    for person in people:
        for number, (kind, reference, country) in enumerate(given):
            row = PaymentMethod(id=world.new_id(), customer_id=person, kind=kind, is_default=not number, added_at=now)
            row.seal(keys, PaymentMethodContents(reference=reference, label=kind.value.title(), country=country))
            rows.append(row)
    await PaymentMethod.bulk_create(rows, batch_size=BATCH)


async def _events(world: World, keys: Keys, people: Sequence[UUID], count: int) -> None:
    """More of what is written down, under each one's own alias."""
    now, rows = world.now(), []
    for customer in await Customer.filter(id__in=list(people)):
        alias = customer.opened(keys).alias
        for number in range(count):
            row = Event(
                id=world.new_id(), alias=alias, at=_ago(now, number, count), kind=EventKind.AUTHENTICATION,
                action="sign-in.succeeded", actor_kind=ActorKind.CUSTOMER, fields_named=[],
            )  # fmt: skip
            row.sealed = keys[customer.id].seal("event", row.id, EventContents(ip="81.198.0.7", country="LV"))
            rows.append(row)
    await Event.bulk_create(rows, batch_size=BATCH)


async def leave(world: World, people: Sequence[UUID]) -> None:
    """Their accounts were closed 100 days ago: erasing them is due."""
    closed = world.now() - timedelta(days=100)
    rule = world.policy.rule("CLOSED")
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        keys, rows = await world.vault.keys(some), []
        for person in some:
            row = Closure(
                id=world.new_id(), customer_id=person, closed_at=closed, closed_by="CUSTOMER", erase_at=rule.due_at(closed),
                erase_by=rule.promised_at(closed), code_digest=world.vault.digest(world.new_secret()),
            )  # fmt: skip
            row.seal(keys, ClosureContents())
            rows.append(row)
        await Closure.bulk_create(rows, batch_size=BATCH)
        await Customer.filter(id__in=list(some)).update(state=State.CLOSED)


def _ago(now: datetime, number: int, count: int) -> datetime:
    """The ``number``-th of ``count`` moments spread over the last eleven months."""
    return now - timedelta(minutes=1 + number * (330 * 24 * 60 // count), seconds=random.randrange(60))
