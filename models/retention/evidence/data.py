"""Clauses 1 to 2: where values come from, what is stored in a browser, cards, purposes, places."""

from models.archive.collect import model_of, sections_of
from models.checks.card_numbers import find_card_number
from models.database import reader
from models.policy import Exported, Field, StoredItemKind
from models.policy.check import contradictions
from models.retention.evidence.register import evidence
from models.retention.measures import Measure, Period, of_ages, of_counts
from models.tables import Consent, Customer, Letter, Preferences, SignIn
from models.tables.letters import LetterKind
from models.tables.preferences import ConsentDecision, ConsentPurpose
from models.tables.sign_ins import IpPrecision
from models.world import World

LOOKED_AT, ROWS = 50, 5_000


@evidence
async def values_without_source(world: World, period: Period) -> Measure:
    """1: every line of the inventory names one."""
    fields = [field for entity in world.policy.inventory.entities for field in entity.fields]
    return of_counts(len(fields), sum(field.source not in world.policy.inventory.sources for field in fields))


async def _sign_ins(world: World, period: Period, **chosen: object) -> Measure:
    starts = SignIn.filter(**chosen).using_db(reader()).order_by("at").limit(1_000)
    ceiling = world.rule("SIGN_IN").ceiling
    assert ceiling is not None
    return of_ages([row.at for row in await starts.only("id", "at")], ceiling, period)


@evidence
async def ips_cut(world: World, period: Period) -> Measure:
    """1.2.1: the oldest whole addresses, by age."""
    oldest = SignIn.filter(ip_precision=IpPrecision.FULL).using_db(reader()).order_by("at").limit(1_000)
    ceiling = world.rule("SIGN_IN").stage("cut_ip").ceiling
    return of_ages([row.at for row in await oldest.only("id", "at")], ceiling, period)


@evidence
async def sign_ins_gone(world: World, period: Period) -> Measure:
    """1.2.2: the oldest records, by age."""
    return await _sign_ins(world, period)


@evidence
async def places_gone(world: World, period: Period) -> Measure:
    """1.3: a place stands in its record, and goes with it."""
    return await _sign_ins(world, period)


@evidence
async def card_numbers_stored(world: World, period: Period) -> Measure:
    """1.4: the texts of the latest changed accounts, searched."""
    latest = Customer.all().using_db(reader()).order_by("-updated_at").limit(LOOKED_AT)
    people = list(await latest.values_list("id", flat=True))
    keys, texts, cards = await world.vault.keys(people), 0, 0  # type: ignore[arg-type]
    for entity in sections_of(world):
        written = [field.name for field in entity.shown if field.sealed and field.source == "customer" and _read(field)]
        if not written or entity.section == "paymentMethods":
            continue
        model, person = model_of(entity), str(entity.person)
        theirs = model.filter(**{f"{person}__in": people}).using_db(reader()).order_by("id").limit(ROWS)
        for row in await theirs:
            contents = row.opened(keys) if row.person in keys else None  # type: ignore[attr-defined]
            for text in (getattr(contents, name, None) for name in written):
                if isinstance(text, str):
                    texts, cards = texts + 1, cards + find_card_number(text)
    return of_counts(texts, cards)


def _read(field: Field) -> bool:
    """Whether it is text for people; of a password only a hash is held."""
    return field.exported is not Exported.EXISTENCE


@evidence
async def undeclared_storage(world: World, period: Period) -> Measure:
    """1.5: the register is the only source of what we set."""
    items = world.policy.cookies.values()
    return of_counts(len(items), sum(not item.purpose.en or item.kind not in StoredItemKind for item in items))


@evidence
async def cookies_before_a_choice(world: World, period: Period) -> Measure:
    """1.6: optional storage that is on without a decision."""
    on = Preferences.filter(cookies_decided_at=None).using_db(reader())
    wrong = [
        await on.filter(**{name: True}).count()
        for name in ("statistics_cookies", "advertising_cookies", "preference_cookies")
    ]
    return of_counts(await Preferences.all().using_db(reader()).count(), sum(wrong))


@evidence
async def marketing_after_withdrawal(world: World, period: Period) -> Measure:
    """2: marketing letters posted after the consent was taken back."""
    posted = Letter.filter(kind=LetterKind.MARKETING, posted_at__gte=period.start, posted_at__lt=period.end).using_db(
        reader()
    )
    looked_at = wrong = 0
    for letter in await posted.only("id", "customer_id", "posted_at").limit(10_000):
        decided = Consent.filter(
            customer_id=letter.customer_id, purpose=ConsentPurpose.NEWS_BY_EMAIL, at__lte=letter.posted_at
        )
        last = await decided.order_by("-at", "-id").first()
        looked_at, wrong = looked_at + 1, wrong + (last is None or last.decision is not ConsentDecision.GIVEN)
    return of_counts(looked_at, wrong)


@evidence
async def fields_read_beyond_purpose(world: World, period: Period) -> Measure:
    """2: the inventory and the promises agree; a purpose that reads a forbidden class would not start."""
    fields = sum(len(entity.fields) for entity in world.policy.inventory.entities)
    return of_counts(fields, len(contradictions(world.policy)))


@evidence
async def stores_outside_gb(world: World, period: Period) -> Measure:
    """2: where each store declares to be."""
    stores = world.policy.company.stores.values()
    return of_counts(len(stores), sum(store.location != "GB" for store in stores))
