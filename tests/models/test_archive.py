"""The copy of everything held: collected by the inventory, signed, checked without us, sealed on the shelf (3.1, 4.2.2)."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.actions.account import Account, changing, customer_actor
from models.actions.finding import email_entry
from models.actions.sign_up import create, set_password
from models.archive.build import Archive
from models.archive.collect import Nobody, collect, count
from models.archive.schemas import mismatches
from models.archive.sealed_file import CHUNK, Damaged, seal, unseal
from models.archive.spreadsheets import harmless
from models.archive.verify import verify
from models.database import transaction
from models.policy import Exported
from models.tables import Hold, IndexEntry, Service, SignIn
from models.tables.accounts import Address, IndexUse, PersonalCode, ProfileContents, State
from models.tables.cases import HoldContents
from models.tables.events import EventContents, EventKind
from models.tables.preferences import Locale
from models.tables.services import ServiceContents, ServiceKind
from models.tables.sign_ins import IpPrecision, SignInContents, SignInMethod, SignInOutcome
from models.world import World
from tests.factories import House

NASTY = '<script>alert("Līga & co")</script>'
FORMULA = '=HYPERLINK("http://example.com";"me")'


async def somebody(
    world: World, email: str = "liga@example.com", locale: Locale = Locale.EN, **profile: Any
) -> Account:
    """An active customer with a password, a sign-in, a service and two events."""
    person = world.new_id()
    keys = await world.vault.create([person])
    address = Address(street_address="Brīvības iela 214", locality="Rīga", country="LV", postal_code="LV-1039")
    held = {
        "given_name": "Līga", "family_name": "Ozoliņa", "address": address, "phone_number": "+37120000001",
        "email": email, "alias": world.new_id().bytes, "birthdate": date(1987, 4, 12),
    } | profile  # fmt: skip
    async with transaction():
        account = await create(world, person, keys, ProfileContents(**held), locale=locale, state=State.ACTIVE)
        await set_password(account, "$argon2id$secret-hash", new=True)
        await IndexEntry.bulk_create([email_entry(world, person, email, IndexUse.CONFIRMED)])
        await account.event(EventKind.CREATE, "account.signed-up")
        await account.event(EventKind.ACCESS, "record.opened", details=EventContents(reason="the owner called"))
        service = Service(
            id=world.new_id(),
            customer_id=person,
            reference=f"S-{person}",
            kind=ServiceKind.DOMAIN,
            started_at=world.now(),
        )
        service.seal(keys, ServiceContents(name=FORMULA))
        await service.save(force_create=True)
    await sign_ins(account, 1)
    return account


async def sign_ins(account: Account, number: int) -> None:
    """More records of attempts."""
    rows = []
    for _ in range(number):
        row = SignIn(
            id=account.world.new_id(), customer_id=account.id, at=account.world.now(), outcome=SignInOutcome.SUCCEEDED,
            method=SignInMethod.PASSWORD, ip_precision=IpPrecision.FULL,
        )  # fmt: skip
        row.seal(account.keys, SignInContents(ip="192.0.2.7", agent=NASTY, latitude=-0.1, country="GB"))
        rows.append(row)
    await SignIn.bulk_create(rows)


async def archived(account: Account) -> tuple[Archive, bytes]:
    """The archive of somebody, whole."""
    world = account.world
    held = await collect(world, account.id)
    archive = Archive(world.policy, world.vault, held, now=world.now(), subject=world.post.subject)
    return archive, b"".join(archive.chunks())


def opened(raw: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(raw))


def repacked(raw: bytes, change: Callable[[dict[str, bytes]], Any]) -> io.BytesIO:
    """The archive with its files changed."""
    with opened(raw) as file:
        files = {name: file.read(name) for name in file.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    out.seek(0)
    return out


# ---- what is in it -----------------------------------------------------------------------------------------------


@pytest.mark.asvs("14.2.4")
async def test_everything_held_is_in_it_by_the_inventory(house: House) -> None:
    """Every section, empty ones too; every shown field; secrets as existence only; schemas that another program agrees with."""
    account = await somebody(house.world)
    await somebody(house.world, "somebody.else@example.com")
    archive, raw = await archived(account)

    inventory = house.world.policy.inventory
    with opened(raw) as file:
        manifest = json.loads(file.read("manifest.json"))
        sections = {section["name"]: section for section in manifest["sections"]}
        assert set(sections) == set(inventory.sections)
        assert next(iter(sections)) == "profile"
        for name, entity in inventory.sections.items():
            records = json.loads(file.read(sections[name]["data"]))
            schema = json.loads(file.read(sections[name]["schema"]))
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.Draft202012Validator(schema).validate(records)
            assert len(records) == sections[name]["count"]
            for record in records:
                assert set(record) == {field.name for field in entity.shown}
        data = {name: json.loads(file.read(section["data"])) for name, section in sections.items()}
        whole = b"".join(file.read(name) for name in file.namelist())
    assert (archive.bytes, len(raw)) == (len(raw), archive.bytes)
    assert data["profile"][0]["given_name"] == "Līga"
    assert data["profile"][0]["address"]["locality"] == "Rīga"
    assert data["passwords"][0]["encoded"] is True
    assert b"secret-hash" not in whole
    assert [event["action"] for event in data["events"]] == ["account.signed-up", "record.opened"]
    assert data["events"][1]["reason"] == "the owner called"
    assert data["signIns"][0]["latitude"] == -0.1
    assert sections["signIns"]["last_possible_day"] == "2027-11-23"
    assert sections["relatedPersons"]["count"] == 0
    assert b"somebody.else" not in whole


async def test_the_counts_are_those_of_the_collector(house: House) -> None:
    """The report's summary and the archive say the same number of records."""
    account = await somebody(house.world)
    held = await collect(house.world, account.id)

    assert await count(house.world, account.id, account.profile) == {one.name: one.count for one in held.sections}
    assert [one.name for one in (await collect(house.world, account.id, {"signIns"})).sections] == ["signIns"]
    with pytest.raises(Nobody):
        await collect(house.world, house.world.new_id())


async def test_nothing_shown_is_a_secret(house: House) -> None:
    """What the inventory exports as existence only is true or false, in every record."""
    account = await somebody(house.world)
    held = await collect(house.world, account.id)

    for section in held.sections:
        for record in section.records():
            secrets = [field.name for field in section.fields if field.exported is Exported.EXISTENCE]
            assert all(isinstance(record[name], bool) for name in secrets)


@pytest.mark.asvs("1.2.10")
async def test_the_spreadsheet_holds_no_formula(house: House) -> None:
    """Text that a spreadsheet program would run is text there; a negative number stays a number; an address has columns."""
    account = await somebody(house.world, given_name="@SUM(1+1)")
    _, raw = await archived(account)

    with opened(raw) as file:
        tables = {
            name: list(csv.DictReader(io.StringIO(file.read(f"csv/{name}.csv").decode("utf-8-sig"), newline="")))
            for name in ("profile", "services", "signIns")
        }
    assert tables["services"][0]["name"] == "'" + FORMULA
    assert tables["profile"][0]["given_name"] == "'@SUM(1+1)"
    assert tables["profile"][0]["phone_number"] == "'+37120000001"
    assert tables["profile"][0]["address.locality"] == "Rīga"
    assert tables["signIns"][0]["latitude"] == "-0.1"


@given(st.text())
def test_no_cell_starts_like_a_formula(text: str) -> None:
    """Whatever the text, its cell starts with none of the signs; harmless text stays as it is."""
    assert harmless(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


@pytest.mark.asvs("1.1.2", "1.2.1")
@pytest.mark.parametrize("locale", [Locale.EN, Locale.LV])
async def test_the_page_is_said_in_the_persons_language_and_escaped(house: House, locale: Locale) -> None:
    """Article 15's information, both authorities, no script, nothing unescaped, dates in words."""
    account = await somebody(house.world, locale=locale, given_name=NASTY)
    _, raw = await archived(account)
    page = opened(raw).read("index.html").decode()

    assert f'<html lang="{locale.lower()}">' in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert ("How to complain" in page) == (locale is Locale.EN)
    assert ("Kā sūdzēties" in page) == (locale is Locale.LV)
    assert "Datu valsts inspekcija" in page
    assert "Information Commission" in page
    assert ("23 November 2027" in page) == (locale is Locale.EN)
    assert ("2027. gada 23. novembris" in page) == (locale is Locale.LV)
    assert "src=" not in page


async def test_the_same_records_at_the_same_moment_are_the_same_bytes(house: House) -> None:
    """An archive built twice is the same archive."""
    account = await somebody(house.world)

    assert (await archived(account))[1] == (await archived(account))[1]


async def test_many_records_are_all_there_and_the_page_stays_readable(house: House) -> None:
    """The page shows the newest hundred and says where the others are."""
    account = await somebody(house.world)
    await sign_ins(account, 250)
    _, raw = await archived(account)

    with opened(raw) as file:
        assert len(json.loads(file.read("data/signIns.json"))) == 251
        page = file.read("index.html").decode()
    assert "The newest 100 of 251 records" in page
    assert verify(io.BytesIO(raw)).ok


async def test_a_personal_code_is_whole_in_its_owners_copy(house: House) -> None:
    """Portability: the copy holds the value itself, after the proof that opened the door to it."""
    account = await somebody(house.world, birthdate=None, personal_code=PersonalCode(country="LV", code="161175-19997"))
    _, raw = await archived(account)

    profile = json.loads(opened(raw).read("data/profile.json"))[0]
    assert profile["personal_code"] == {"country": "LV", "code": "161175-19997"}
    assert profile["birthdate"] is None


# ---- checking it without us --------------------------------------------------------------------------------------


async def test_a_true_archive_is_found_true(house: House) -> None:
    """Signature, files, schemas; and whose key it was."""
    account = await somebody(house.world)
    _, raw = await archived(account)

    verdict = verify(io.BytesIO(raw))
    assert verdict.problems == []
    assert verdict.key_id == house.world.vault.signing_key_id
    assert verdict.public_key == house.world.vault.signer.public_key().public_bytes_raw()
    assert verdict.generated_at == house.world.now()
    assert verdict.sections["signIns"] == 1


FALSE: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
    "changed": (lambda files: files.update({"data/profile.json": b"[]\n"}), "data/profile.json: not what was signed"),
    "longer": (lambda files: files.update({"index.html": files["index.html"] + b"x"}), "index.html: larger than it says"),
    "missing": (lambda files: files.pop("csv/events.csv"), "csv/events.csv: missing"),
    "extra": (lambda files: files.update({"more.txt": b"?"}), "more.txt: not in the manifest"),
    "no manifest": (lambda files: files.pop("manifest.json"), "manifest.json: missing"),
    "no signature": (lambda files: files.pop("manifest.sig"), "manifest.sig: missing"),
    "manifest changed": (
        lambda files: files.update({"manifest.json": files["manifest.json"].replace(b"octopus-export", b"octopus-exporT")}),
        "manifest.sig: the signature is wrong",
    ),
    "bomb": (lambda files: files.update({"data/profile.json": bytes(50_000_000)}), "data/profile.json: larger than it says"),
    "not ours": (lambda files: files.update({"manifest.sig": b"{}"}), "manifest.json or manifest.sig: not in our form"),
}  # fmt: skip


@pytest.mark.asvs("4.1.5")
@pytest.mark.parametrize("name", FALSE)
async def test_a_false_archive_is_found_false(name: str, house: House) -> None:
    """Each way to change an archive is named."""
    change, said = FALSE[name]
    account = await somebody(house.world)
    _, raw = await archived(account)

    assert said in verify(repacked(raw, change)).problems


async def test_what_is_no_archive_is_said_to_be_none(house: House) -> None:
    """Cut anywhere, or never a zip: a problem, not a fault."""
    account = await somebody(house.world)
    _, raw = await archived(account)

    for broken in (b"", b"PK", raw[: len(raw) // 2], raw[:-30], raw[:2000] + bytes(200) + raw[2200:]):
        assert not verify(io.BytesIO(broken)).ok


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
)
KINDS = ["object", "array", "string", "boolean", "integer", "number", "null"]
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {}, optional={"type": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, unique=True)}
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "items": inner,
            "properties": st.dictionaries(st.sampled_from("abc"), inner),
            "required": st.lists(st.sampled_from("abc"), unique=True),
            "additionalProperties": st.booleans(),
        },
    ),
)


@given(JSON, SCHEMAS)
def test_our_check_agrees_with_the_schema_library(value: Any, schema: dict[str, Any]) -> None:
    """For the keywords we use, our few lines say what jsonschema says."""

    def whole(number: Any) -> bool:  # to JSON Schema 1.0 is an integer, to us it is what was written
        return isinstance(number, float) and number.is_integer()

    text = json.dumps(value)
    if any(whole(number) for number in _floats(value)):
        return
    assert (not list(mismatches(json.loads(text), schema))) == jsonschema.Draft202012Validator(schema).is_valid(value)


def _floats(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for item in value for number in _floats(item)]
    return [value]


def test_a_keyword_we_do_not_check_is_no_silent_yes() -> None:
    """A schema that says more than we understand is not passed over."""
    assert list(mismatches(5, {"maximum": 3}))
    assert list(mismatches("tomorrow", {"type": "string", "format": "date-time"}))
    assert not list(mismatches("2026-11-22T00:00:00Z", {"type": "string", "format": "date-time"}))


# ---- sealed on the shelf -----------------------------------------------------------------------------------------

KEY, SALT, ABOUT = bytes(range(32)), b"s" * 32, UUID(int=7).bytes


def sealed(plain: bytes, pieces: int = 1000, salt: bytes = SALT) -> bytes:
    parts = [plain[at : at + pieces] for at in range(0, len(plain), pieces)]
    return b"".join(seal(parts, key=KEY, salt=salt, about=ABOUT))


def unsealed(raw: bytes, pieces: int = 777, *, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        for at in range(0, len(raw), pieces):
            yield raw[at : at + pieces]

    async def all_of_it() -> bytes:
        return b"".join([chunk async for chunk in unseal(stream(), key=key, about=about)])

    return asyncio.run(all_of_it())


SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])


@given(SIZES, st.integers(500, 200_000), st.integers(500, 200_000))
def test_what_is_sealed_opens(size: int, written: int, read: int) -> None:
    """However it was cut into pieces on its way."""
    plain = bytes(number % 251 for number in range(size))

    assert unsealed(sealed(plain, written), read) == plain


@given(SIZES, st.data())
def test_a_cut_file_does_not_open(size: int, data: st.DataObject) -> None:
    """Truncation is detected anywhere, between two chunks as well."""
    raw = sealed(bytes(size))
    chunk = CHUNK + 16
    ends = [37 + number * chunk for number in range(len(raw) // chunk + 1)]
    cut = data.draw(st.integers(0, len(raw) - 1) | st.sampled_from([end for end in ends if end < len(raw)]))

    with pytest.raises(Damaged):
        unsealed(raw[:cut])


@given(SIZES, st.data())
def test_a_flipped_bit_does_not_open(size: int, data: st.DataObject) -> None:
    """Not in the header, not in a chunk, not in a tag."""
    raw = bytearray(sealed(bytes(size)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(Damaged):
        unsealed(bytes(raw))


def test_chunks_in_another_order_do_not_open() -> None:
    """Swapped, repeated, left out, appended, of another writing: all detected."""
    raw, other = sealed(bytes(3 * CHUNK)), sealed(bytes(3 * CHUNK), salt=b"t" * 32)
    head, chunk = raw[:37], CHUNK + 16
    one, two, three = (raw[37 + at * chunk : 37 + (at + 1) * chunk] for at in range(3))
    assert unsealed(head + one + two + three) == bytes(3 * CHUNK)
    strange = other[37 : 37 + chunk]
    for wrong in ([two, one, three], [one, one, three], [one, three], [one, two, three, three], [strange, two, three]):
        with pytest.raises(Damaged):
            unsealed(head + b"".join(wrong))


def test_another_key_or_another_export_does_not_open() -> None:
    """The file is bound to the export it was built for."""
    for wrong in ({"key": bytes(32)}, {"about": UUID(int=8).bytes}):
        with pytest.raises(Damaged):
            unsealed(sealed(b"secret"), **wrong)


async def test_the_collector_opens_rows_that_another_process_wrote(house: House) -> None:
    """Values come back as they were stored, whichever the database: times with their zone, lists as lists."""
    account = await somebody(house.world)
    async with changing(house.world, account.id, by=customer_actor(account.customer)) as again:
        await again.event(EventKind.MODIFY, "profile.edited", fields=["phoneNumber", "address"])
    held = await collect(house.world, account.id)
    section = held.section("events")
    assert section is not None
    newest = list(section.records())[-1]

    assert newest["fields_named"] == ["address", "phoneNumber"]
    assert newest["at"] == house.world.now()
    assert newest["alias"] == account.profile.alias


async def test_a_hold_that_must_not_be_told_is_not_listed(house: House) -> None:
    """The copy names the others; counts leave it out as well."""
    account, world = await somebody(house.world), house.world
    for told in (True, False):
        hold = Hold(
            id=world.new_id(), customer_id=account.id, placed_at=world.now(), placed_by=world.new_id(),
            review_by=world.now(), scope=["all"], told_to_customer=told,
        )  # fmt: skip
        hold.seal(account.keys, HoldContents(basis="told" if told else "not to be told"))
        await hold.save(force_create=True)
    section = (await collect(world, account.id)).section("holds")

    assert section is not None
    assert [record["basis"] for record in section.records()] == ["told"]
    assert (await count(world, account.id, account.profile))["holds"] == 1
