"""Customers from a file: each line whole or not at all, checked as if typed, safe to run again."""

import asyncio
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from models.actions import import_customers as importing
from models.actions.finding import EMAIL, email_digest, owner_of_email
from models.actions.import_columns import COLUMNS, REQUIRED, Bad, Lines, WrongFile
from models.actions.import_customers import Summary, import_customers
from models.actions.import_rows import Rows
from models.keystore import PersonKey
from models.refused import ProblemCode
from models.tables import Consent, Customer, Event, IndexEntry, Letter, Password, Preferences, Service
from models.tables.accounts import IndexUse, State
from models.tables.preferences import Locale
from tests.factories import House
from tests.models.test_archive import somebody

ENCODED = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
PANEL = """\
Client ID,First Name,Last Name,Company Name,Email,Address 1,Address 2,City,Full State,State,\
Postcode,Country,Phone Number,Date Created,dob
17,Līga,Ozoliņa,,liga@example.com,Brīvības iela 214,dz. 3,Rīga,,,1039,LV,+371.20000001,2019-03-01,1987-04-12
18,Jānis,Bērziņš,SIA,janis@example.com,Brīvības iela 1,,Rīga,,,LV-1010,lv,+371 2000 0002,0000-00-00 00:00:00,1990-01-31
"""


def person(number: int = 1, /, **given: Any) -> dict[str, Any]:
    """One plausible line of JSON; ``given`` replaces parts, None leaves one out."""
    return {
        "reference": f"R{number}", "given_name": "Līga", "family_name": "Ozoliņa", "birthdate": "1987-04-12",
        "street_address": "Brīvības iela 214", "locality": "Rīga", "postal_code": "LV-1039", "country": "LV",
        "phone_number": f"+3712{number:07}", "email": f"liga{number}@example.com",
    } | given  # fmt: skip


def json_lines(*people: dict[str, Any]) -> Lines:
    return Lines([json.dumps(one) + "\n" for one in people], json_lines=True)


def csv_lines(text: str) -> Lines:
    return Lines(io.StringIO(text, newline=""))


async def imported(house: House, lines: Lines, **how: Any) -> tuple[Summary, list[Bad]]:
    bad: list[Bad] = []
    return await import_customers(house.world, lines, on_bad=bad.append, **how), bad


async def test_a_billing_panels_list_is_taken_as_it_is(house: House) -> None:
    """Its names of columns, its telephone numbers, its way to write no date."""
    lines = csv_lines(PANEL)
    summary, bad = await imported(house, lines)

    assert (summary, bad) == (Summary(2, 2, 0, 0), [])
    assert lines.ignored == {"Company Name", "State"}
    owner = await owner_of_email(house.world, "LIGA@example.com")
    assert owner is not None
    customer = await Customer.get(id=owner.person_id)
    profile = customer.opened(await house.world.vault.keys([customer.id]))
    assert (customer.state, customer.created_at) == (State.ACTIVE, datetime(2019, 3, 1, tzinfo=UTC))
    assert profile.name == "Līga Ozoliņa"
    assert profile.address.street_address == "Brīvības iela 214, dz. 3"
    assert (profile.address.postal_code, profile.phone_number) == ("LV-1039", "+37120000001")
    assert len(profile.alias) == 16
    assert await Event.filter(alias=profile.alias, action="account.imported").count() == 1


async def test_everything_that_comes_with_a_customer_is_stored(house: House) -> None:
    """Services, consent, a password's hash, a language, a number, a confirmed address."""
    services = [{"reference": "S1", "kind": "DOMAIN", "name": "EXAMPLE.lv", "started_at": "2020-01-01"},
                {"reference": "S2", "kind": "hosting", "name": "Small", "started_at": "2020-01-01T10:00:00+02:00"}]  # fmt: skip
    one = person(
        services=services, news_by_email=True, password_hash=ENCODED, locale="lv", number="C-100", email_verified=True
    )
    summary, bad = await imported(house, json_lines(one), welcome=True)

    assert (summary.imported, bad) == (1, [])
    customer = await Customer.get(number="C-100")
    keys = await house.world.vault.keys([customer.id])
    assert customer.email_verified_at == house.clock.now
    named = {row.reference: row.opened(keys).name for row in await Service.filter(customer_id=customer.id)}
    assert named == {"S1": "example.lv", "S2": "Small"}
    assert (await Password.get(customer_id=customer.id)).opened(keys).encoded == ENCODED
    preferences = await Preferences.get(id=customer.id)
    assert (preferences.locale, preferences.news_by_email, preferences.ad_topics) == (Locale.LV, True, [])
    assert await Consent.filter(customer_id=customer.id).count() == 1
    (letter,) = await Letter.filter(customer_id=customer.id)
    assert letter.template == "import-welcome"
    assert letter.opened(keys).params["link"] == "http://localhost:8000/reset"
    assert {row.field for row in await IndexEntry.filter(person_id=customer.id)} == {
        "reference", "email", "phone", "name_birthdate"
    }  # fmt: skip


async def test_an_imported_address_is_found_as_any_other(house: House) -> None:
    """Whatever its letter case and domain: the look-up key is the one that sign-in computes."""
    await imported(house, json_lines(person(email="Liga.O@BÜCHER.example.com")))
    (held,) = await IndexEntry.filter(field=EMAIL)

    assert bytes(held.digest) == email_digest(house.world, "liga.o@bücher.EXAMPLE.com")
    assert held.use is IndexUse.CONFIRMED


async def test_it_is_safe_to_run_again(house: House) -> None:
    """Who is here already is left alone; only the new ones are stored."""
    await imported(house, json_lines(person(1), person(2)))
    summary, bad = await imported(house, json_lines(person(1, given_name="Changed"), person(2), person(3)))

    assert (summary, bad) == (Summary(3, 1, 2, 0), [])
    assert await Customer.all().count() == await PersonKey.all().count() == 3


async def test_a_check_stores_nothing_and_says_the_same(house: House) -> None:
    """--check finds what the import would refuse, doubles across batches included."""
    people = [person(1), person(2, email="LIGA1@example.com"), person(1), person(3, phone_number="20000003")]
    expected = [Bad(2, "email", ProblemCode.DUPLICATE), Bad(3, "reference", ProblemCode.DUPLICATE),
                Bad(3, "email", ProblemCode.DUPLICATE), Bad(4, "phone_number", ProblemCode.MALFORMED)]  # fmt: skip
    checked = await imported(house, json_lines(*people), check=True)
    assert await Customer.all().count() == await PersonKey.all().count() == 0

    assert checked == await imported(house, json_lines(*people)) == (Summary(4, 1, 0, 3), expected)


WRONG: dict[str, tuple[dict[str, Any], str, ProblemCode]] = {
    "no reference": ({"reference": None}, "reference", ProblemCode.REQUIRED),
    "no name": ({"given_name": " "}, "given_name", ProblemCode.REQUIRED),
    "an e-mail address": ({"email": "liga"}, "email", ProblemCode.MALFORMED),
    "no street": ({"street_address": None}, "street_address", ProblemCode.REQUIRED),
    "a postal code": ({"postal_code": "12"}, "postal_code", ProblemCode.MALFORMED),
    "a country": ({"country": "Latvia"}, "country", ProblemCode.MALFORMED),
    "neither identity": ({"birthdate": None}, "birthdate", ProblemCode.REQUIRED),
    "both identities": ({"personal_code": "161175-19997"}, "birthdate", ProblemCode.NOT_ALLOWED),
    "a personal code": ({"birthdate": None, "personal_code": "161175-19998"}, "personal_code", ProblemCode.MALFORMED),
    "a date": ({"birthdate": "12.04.1987"}, "birthdate", ProblemCode.MALFORMED),
    "a child": ({"birthdate": "2020-01-01"}, "birthdate", ProblemCode.NOT_ALLOWED),
    "to come": ({"created_at": "2031-01-01"}, "created_at", ProblemCode.IN_THE_FUTURE),
    "a language": ({"locale": "de"}, "locale", ProblemCode.NOT_ALLOWED),
    "a flag": ({"news_by_email": "perhaps"}, "news_by_email", ProblemCode.MALFORMED),
    "a hash": ({"password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}, "password_hash", ProblemCode.MALFORMED),
    "a costly hash": (
        {"password_hash": ENCODED.replace("m=19456", "m=9999999")}, "password_hash", ProblemCode.MALFORMED
    ),
    "a number": ({"number": "no number!"}, "number", ProblemCode.MALFORMED),
    "a card": ({"street_address": "4111 1111 1111 1111"}, "street_address", ProblemCode.CARD_NUMBER),
    "services": ({"services": "S1"}, "services", ProblemCode.MALFORMED),
    "a service's kind": (
        {"services": [{"reference": "S1", "kind": "FAX", "name": "x"}]}, "service_kind", ProblemCode.NOT_ALLOWED
    ),
    "a list": ({"given_name": ["Līga"]}, "given_name", ProblemCode.MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_line_is_told_and_not_stored(name: str, house: House) -> None:
    """Number, column, reason; the lines around it are taken."""
    given, column, reason = WRONG[name]
    summary, bad = await imported(house, json_lines(person(1), person(2, **given), person(3)))

    assert summary == Summary(3, 2, 0, 1)
    assert Bad(2, column, reason) in bad
    assert {one.number for one in bad} == {2}
    assert "4111" not in repr(bad)


async def test_lines_are_counted_as_an_editor_does(house: House) -> None:
    """A value may go over several lines; blank lines are nothing; a line cut short is bad."""
    head = ";".join(REQUIRED) + ";birthdate"
    row = ';Līga;Ozoliņa;"Brīvības\niela";Rīga;LV;+37120000001;liga@example.com;1987-04-12'
    text = f"\ufeff{head}\r\n1{row}\r\n\r\n2;too;short\r\n3{row.replace(chr(10), ' ')}\r\n"
    _, bad = await imported(house, csv_lines(text))

    assert bad == [Bad(2, "street_address", ProblemCode.MALFORMED), Bad(5, "", ProblemCode.MALFORMED)]
    assert await Customer.all().count() == 1


async def test_broken_json_is_one_bad_line(house: House) -> None:
    """Whatever it is instead."""
    lines = Lines(["{", "[]", "null", '"x"', "[" * 99_999, json.dumps(person(1)), "x" * 200_000], json_lines=True)
    summary, bad = await imported(house, lines)

    assert summary == Summary(7, 1, 0, 6)
    assert [(one.number, one.column) for one in bad] == [(number, "") for number in (1, 2, 3, 4, 5, 7)]


def test_a_file_without_the_columns_is_refused_whole() -> None:
    """Before anything is stored."""
    for text in ("", "a,b\n1,2\n", PANEL.replace("Email,", "E-Post,")):
        with pytest.raises(WrongFile):
            list(csv_lines(text))


def test_our_own_name_of_a_column_goes_before_another() -> None:
    """A panel's file has several columns for the same; one is taken, the others are told."""
    lines = csv_lines(",".join([*REQUIRED, "Address", "fullstate", "State"]) + "\n")
    assert list(lines) == []
    assert lines.ignored == {"Address", "State"}
    assert set(REQUIRED) < set(COLUMNS)


async def test_who_signs_up_meanwhile_is_a_double_and_not_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is looked at again; nothing of the first try is left."""
    insert, calls = Rows.insert, []

    async def later(rows: Rows, tx: Any) -> None:
        if not calls:
            calls.append(1)
            raise importing.IntegrityError("somebody was faster")
        await insert(rows, tx)

    await somebody(house.world, "liga2@example.com")
    taken = importing._taken
    first = iter([({bytes(32)}, set(), set())])

    async def not_yet(people: Any) -> Any:
        return next(first, None) or await taken(people)

    monkeypatch.setattr(importing, "_taken", not_yet)
    summary, bad = await imported(house, json_lines(person(1), person(2), person(3)))

    assert summary == Summary(3, 2, 0, 1)
    assert bad == [Bad(2, "email", ProblemCode.DUPLICATE)]
    assert await Customer.all().count() == 3


async def test_two_imports_of_one_file_at_once_store_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference is claimed: one person, one account."""
    monkeypatch.setattr(importing, "BATCH", 5)
    people = [person(number) for number in range(1, 21)]
    done = await asyncio.gather(*(import_customers(house.world, json_lines(*people)) for _ in range(2)))

    assert sum(one.imported for one in done) == 20
    assert sum(one.already_there for one in done) == 20
    assert await Customer.all().count() == 20


async def test_many_batches_are_told_as_they_are_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamed: what is not reached is not read."""
    monkeypatch.setattr(importing, "BATCH", 2)
    told: list[Summary] = []
    await imported(house, json_lines(*(person(number) for number in range(1, 6))), progress=told.append)

    assert [one.imported for one in told] == [2, 4, 5]


async def test_two_batches_are_stored_at_once_and_told_in_order(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails ends the import: each batch is stored whole or not at all, and another run does the rest."""
    monkeypatch.setattr(importing, "BATCH", 2)
    store, meet, told = importing._store, asyncio.Barrier(2), list[Summary]()

    async def stored(world: Any, people: Any, *more: Any, **how: Any) -> Any:
        await asyncio.wait_for(meet.wait(), 5)
        if any(one.newcomer.reference == "R5" for one in people):
            raise ValueError("the third of them")
        return await store(world, people, *more, **how)

    lines = [person(number) for number in range(1, 9)]
    monkeypatch.setattr(importing, "_store", stored)
    with pytest.raises(ValueError, match="third"):
        await imported(house, json_lines(*lines), progress=told.append)
    assert [one.imported for one in told] == [2, 4]
    there = await Customer.all().count()
    assert there in (4, 6)  # the fourth may be stored before it is stopped

    monkeypatch.setattr(importing, "_store", store)
    summary, bad = await imported(house, json_lines(*lines))
    assert (summary, bad) == (Summary(8, 8 - there, there, 0), [])
