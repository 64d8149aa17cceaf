"""People by the dozen or by the thousand: for each of them a row in every table that holds anything of a customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.models import Model

from models.actions.finding import email_entry, profile_entries
from models.actions.sign_up import customer_number
from models.database import transaction
from models.keys import Key, Keys, Sealed
from models.tables import (
    ActionToken,
    Change,
    Closure,
    Consent,
    Customer,
    Event,
    Export,
    Letter,
    Message,
    Obligation,
    Password,
    PaymentMethod,
    PolicyAcceptance,
    Preferences,
    RelatedPerson,
    Service,
    Session,
    SignIn,
)
from models.tables.accounts import Address, ClosureContents, IndexUse, ProfileContents, State
from models.tables.changes import ChangeContents
from models.tables.credentials import ActionTokenContents, PasswordContents, Purpose, SessionContents, SessionKind
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.exports import ExportContents, ExportStatus
from models.tables.letters import LetterContents, MessageContents, MessageKind
from models.tables.obligations import ObligationContents
from models.tables.payment_methods import PaymentKind, PaymentMethodContents
from models.tables.policy import AcceptanceEvent
from models.tables.preferences import ConsentDecision, ConsentPurpose
from models.tables.related_persons import RelatedPersonContents, RelatedPersonRole
from models.tables.sealed import SealedRow
from models.tables.services import ServiceContents, ServiceKind
from models.tables.sign_ins import IpPrecision, SignInContents, SignInMethod, SignInOutcome
from models.world import World

BATCH = 500


@dataclass(frozen=True)
class Person:
    """Somebody made here. ``code`` opens the certificate of their erasure."""

    id: UUID
    email: str
    code: str

    @property
    def values(self) -> list[bytes]:
        """What no file may hold once they are gone."""
        return [word.encode() for word in (self.email, f"Vārds-{self.email}", f"Uzvārds-{self.email}")]


async def people(
    world: World, *emails: str, state: State = State.ACTIVE, since: datetime | None = None
) -> list[Person]:
    """New customers; those CLOSED are due for erasure now, those UNCONFIRMED signed up at ``since``."""
    made: list[Person] = []
    for start in range(0, len(emails), BATCH):
        some = [Person(world.new_id(), email, world.new_secret()) for email in emails[start : start + BATCH]]
        keys = await world.vault.create([one.id for one in some])
        rows: dict[type[Model], list[Model]] = {}
        for one in some:
            for row in _rows(world, one, keys, state, since or world.now()):
                rows.setdefault(type(row), []).append(row)
        async with transaction() as tx:
            for model, together in rows.items():
                await model.bulk_create(together, using_db=tx, batch_size=BATCH)
        made += some
    return made


def _rows(world: World, one: Person, keys: Keys, state: State, since: datetime) -> Iterator[Model]:
    """The customer first: the others refer to it."""
    now, id_, version = world.now(), one.id, world.policy.current(world.now()).name
    long_ago = now - timedelta(days=400)

    def sealed(row: SealedRow, contents: Sealed) -> Model:
        row.seal(keys, contents)
        return row

    given, family = f"Vārds-{one.email}", f"Uzvārds-{one.email}"
    address = Address(street_address="Brīvības iela 214", locality="Rīga", country="LV", postal_code="LV-1039")
    profile = ProfileContents(
        given_name=given, family_name=family, address=address, phone_number="+37120000001", email=one.email,
        alias=world.new_id().bytes, birthdate=date(1987, 4, 12),
    )  # fmt: skip
    yield sealed(
        Customer(
            id=id_, number=customer_number(id_), state=state, created_at=since, updated_at=now, governed_by=version
        ),
        profile,
    )
    yield Preferences(id=id_, customer_id=id_, updated_at=now)
    yield email_entry(world, id_, one.email, IndexUse.PENDING if state is State.UNCONFIRMED else IndexUse.CONFIRMED)
    yield from profile_entries(world, id_, profile)

    def new() -> dict[str, UUID]:
        return {"id": world.new_id(), "customer_id": id_}

    yield sealed(Password(**new(), changed_at=now), PasswordContents(encoded="$argon2id$" + one.email))
    digest = world.vault.digest
    yield sealed(
        Session(**new(), kind=SessionKind.BROWSER, token_digest=digest(world.new_secret()), created_at=now,
                last_seen_at=now, idle_until=now, expires_at=now, ended_at=now), SessionContents(ip="192.0.2.7")
    )  # fmt: skip
    for at in (now, long_ago):
        yield sealed(
            SignIn(**new(), at=at, outcome=SignInOutcome.SUCCEEDED, method=SignInMethod.PASSWORD,
                   ip_precision=IpPrecision.FULL), SignInContents(ip="192.0.2.7", agent="Firefox")
        )  # fmt: skip
    yield sealed(
        ActionToken(**new(), purpose=Purpose.RESET_PASSWORD, digest=digest(world.new_secret()), created_at=now,
                    expires_at=now), ActionTokenContents(email=one.email)
    )  # fmt: skip
    yield sealed(
        PaymentMethod(**new(), kind=PaymentKind.PAYPAL, added_at=now),
        PaymentMethodContents(reference=one.email, label="PayPal"),
    )
    yield Consent(
        **new(), purpose=ConsentPurpose.NEWS_BY_EMAIL, decision=ConsentDecision.GIVEN, policy_version=version, at=now
    )
    yield PolicyAcceptance(**new(), version=version, event=AcceptanceEvent.ACCEPTED, at=now)
    yield sealed(
        RelatedPerson(**new(), role=RelatedPersonRole.REGISTRANT, added_at=now),
        RelatedPersonContents(given_name="Cits", family_name="Cilvēks", email="cits." + one.email),
    )
    yield sealed(
        Service(**new(), reference=f"S-{id_}", kind=ServiceKind.DOMAIN, started_at=now),
        ServiceContents(name="lv." + one.email),
    )
    yield sealed(
        Change(**new(), field="familyName", changed_at=now, changed_by="CUSTOMER", restorable_until=now),
        ChangeContents(old="Iepriekš-" + one.email, new=family),
    )
    yield sealed(Message(**new(), kind=MessageKind.FROM_CUSTOMER, at=now), MessageContents(text="Sveiki, " + given))
    yield sealed(
        Obligation(**new(), rule="CLOSED", clause="5.1", policy_version=version, started_at=now, due_at=now),
        ObligationContents(),
    )
    yield _event(world, keys[id_], profile.alias, now)
    if state is State.CLOSED:
        yield sealed(
            Closure(**new(), closed_at=now - timedelta(days=90), closed_by="CUSTOMER", erase_at=now,
                    erase_by=now + timedelta(days=275), code_digest=digest(one.code)), ClosureContents()
        )  # fmt: skip


def _event(world: World, key: Key, alias: bytes, now: datetime) -> Event:
    row = Event(
        id=world.new_id(), alias=alias, at=now, kind=EventKind.ACCESS, action="record.opened",
        actor_kind=ActorKind.SYSTEM, fields_named=[],
    )  # fmt: skip
    row.sealed = key.seal("event", row.id, EventContents(reason="the owner called"))
    return row


async def letters(world: World, to: list[Person]) -> list[UUID]:
    """One letter that waits for the post, for each; their ids."""
    keys, rows = await world.vault.keys([one.id for one in to]), []
    for one in to:
        row = Letter(id=world.new_id(), customer_id=one.id, template="export-requested", written_at=world.now())
        params = {"name": f"Vārds-{one.email}", "ready_by": world.now().isoformat()}
        row.seal(keys, LetterContents(to=one.email, locale="EN", params=params))
        rows.append(row)
    await Letter.bulk_create(rows)
    return [row.id for row in rows]


async def shelved(world: World, of: Person) -> UUID:
    """An export that waits to be collected; its id."""
    now = world.now()
    row = Export(id=world.new_id(), customer_id=of.id, status=ExportStatus.READY, requested_at=now, due_at=now, ready_at=now,
                 expires_at=now + timedelta(days=7))  # fmt: skip
    row.seal(await world.vault.keys([of.id]), ExportContents(archive_key=world.vault.random(32)))
    await row.save(force_create=True)
    return row.id


async def requested(world: World, of: list[Person]) -> None:
    """One export that waits to be built, for each."""
    keys, rows = await world.vault.keys([one.id for one in of]), []
    for one in of:
        row = Export(id=world.new_id(), customer_id=one.id, status=ExportStatus.REQUESTED,
                     requested_at=world.now(), due_at=world.now() + timedelta(days=1))  # fmt: skip
        row.seal(keys, ExportContents(archive_key=world.vault.random(32)))
        rows.append(row)
    await Export.bulk_create(rows)
