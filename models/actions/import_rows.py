"""The rows of imported customers, as plain tuples: a model instance for each would take longer than storing them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from models.actions.finding import EMAIL, profile_values
from models.actions.import_lines import Newcomer
from models.actions.sign_up import customer_number, usual_time_zone
from models.keys import Key
from models.sets import Row, insert
from models.tables import Consent, Customer, Event, IndexEntry, Letter, Password, Preferences, Service
from models.tables.accounts import IndexUse, State
from models.tables.credentials import PasswordContents
from models.tables.events import ActorKind, EventKind
from models.tables.letters import LetterContents, LetterKind
from models.tables.preferences import ConsentDecision, ConsentPurpose, Theme
from models.tables.services import ServiceContents
from models.world import World

REFERENCE = "reference"
ORDER: tuple[type[Model], ...] = (Customer, Preferences, IndexEntry, Password, Service, Consent, Letter, Event)


@dataclass(frozen=True, slots=True)
class Known:
    """A newcomer, and the digests that nobody else may have."""

    newcomer: Newcomer
    reference: bytes
    email: bytes


def known(world: World, one: Newcomer) -> Known:
    """The address is canonical already: its look-up key is itself, casefolded."""
    index = world.vault.index
    return Known(one, index(REFERENCE, one.reference), index(EMAIL, one.profile.email.casefold()))


class Rows:
    """Everything a batch of newcomers becomes."""

    def __init__(self, world: World, *, welcome: bool) -> None:
        self.world, self.welcome, self.now = world, welcome, world.now()
        self.version = world.policy.current(self.now).name
        self.rows: dict[type[Model], list[Row]] = defaultdict(list)

    def add(self, key: Key, who: Known) -> None:
        """One newcomer under the new key's person."""
        person, one = key.person, who.newcomer
        profile = msgspec.structs.replace(one.profile, alias=self.world.new_id().bytes)
        self._put(
            Customer,
            id=person,
            sealed=key.seal("customer", person, profile),
            number=one.number or customer_number(person),
            state=State.ACTIVE,
            created_at=one.created_at,
            updated_at=self.now,
            revision=1,
            governed_by=self.version,
            email_verified_at=self.now if one.email_verified else None,
        )
        self._put(
            Preferences,
            id=person,
            customer_id=person,
            locale=one.locale,
            time_zone=usual_time_zone(profile),
            theme=Theme.SYSTEM,
            news_by_email=one.news_by_email,
            personalised_content=False,
            personalised_ads=False,
            ad_topics=[],
            preference_cookies=False,
            statistics_cookies=False,
            advertising_cookies=False,
            updated_at=self.now,
        )
        self._entries(person, who)
        self._more(key, one)
        self._put(
            Event,
            id=self.world.new_id(),
            alias=profile.alias,
            at=self.now,
            kind=EventKind.CREATE,
            action="account.imported",
            actor_kind=ActorKind.SYSTEM,
            fields_named=[],
        )

    def _entries(self, person: UUID, who: Known) -> None:
        """What the customer is found by; reference and address are theirs alone."""
        self._entry(person, REFERENCE, who.reference, IndexUse.OTHER, claim=who.reference)
        self._entry(person, EMAIL, who.email, IndexUse.CONFIRMED, claim=who.email)
        for field, value in profile_values(who.newcomer.profile):
            self._entry(person, field, self.world.vault.index(field, value), IndexUse.OTHER)

    def _entry(self, person: UUID, field: str, digest: bytes, use: IndexUse, claim: bytes | None = None) -> None:
        self._put(
            IndexEntry, id=self.world.new_id(), person_id=person, field=field, digest=digest, use=use, claim=claim
        )

    def _more(self, key: Key, one: Newcomer) -> None:
        """What only some of them have: a password, services, a consent, a letter."""
        world, person, now = self.world, key.person, self.now
        if one.encoded is not None:
            row = world.new_id()
            sealed = key.seal("password", row, PasswordContents(encoded=one.encoded))
            self._put(Password, id=row, customer_id=person, changed_at=now, sealed=sealed)
        for service in one.services:
            row = world.new_id()
            self._put(
                Service,
                id=row,
                customer_id=person,
                reference=service.reference,
                kind=service.kind,
                started_at=service.started_at,
                sealed=key.seal("service", row, ServiceContents(name=service.name)),
            )
        if one.news_by_email:
            self._put(
                Consent,
                id=world.new_id(),
                customer_id=person,
                purpose=ConsentPurpose.NEWS_BY_EMAIL,
                decision=ConsentDecision.GIVEN,
                policy_version=self.version,
                at=now,
            )
        if self.welcome:
            self._letter(key, one)

    def _letter(self, key: Key, one: Newcomer) -> None:
        row, name = self.world.new_id(), one.profile.given_name
        said = {"name": name, "link": f"{self.world.base_url}/reset"}
        contents = LetterContents(to=one.profile.email, locale=one.locale.value, params=said)
        self._put(
            Letter,
            id=row,
            customer_id=key.person,
            template="import-welcome",
            kind=LetterKind.SERVICE,
            written_at=self.now,
            tries=0,
            sealed=key.seal("letter", row, contents),
        )

    def _put(self, model: type[Model], **row: Any) -> None:
        self.rows[model].append(row)

    async def insert(self, tx: BaseDBAsyncClient) -> None:
        """Store them all, in the caller's transaction. Raises IntegrityError."""
        for model in ORDER:
            if rows := self.rows[model]:
                await insert(tx, model._meta.db_table, rows)
