"""Clause 3.1: you can read everything held about you, with what holds for each value; masked until a proof."""

import io
import json
import re
import zipfile
from typing import Any

import pytest

from api.letters import templates
from models.actions.account import changing, customer_actor
from models.actions.edit_profile import NAMES
from models.actions.finding import DEVICE, EMAIL, NAME, PERSONAL_CODE, PHONE, SERVICE
from models.actions.masked_values import MASKED
from models.actions.preferences import NAMES as PREFERENCES
from models.archive.build import Archive
from models.archive.codes import OTHERS, STORED, Codes
from models.archive.collect import collect
from models.archive.event_titles import TITLES
from models.archive.value_words import named
from models.policy import Words, load
from models.tables import Customer
from models.tables.events import EventKind
from models.tables.letters import LetterKind
from tests.factories import ADDRESS, Client, House
from tests.promises.kept import kept
from tests.schema.test_journeys import EXPORT, EXPORTS

SECTION = """query($e: String!, $n: Int!, $after: String) {viewer {report {section(entity: $e) {entity title count
    fields {name title source purposes basis readers retention clause}
    items(first: $n, after: $after) {nodes {lastDay values {field value}} pageInfo {hasNextPage endCursor}}}}}}"""


async def section(person: Client, entity: str, first: int = 20, after: str | None = None) -> dict[str, Any]:
    """One kind of record in full."""
    answer = await person.ok(SECTION, e=entity, n=first, after=after)
    return answer["report"]["section"]  # type: ignore[no-any-return]


def values(item: dict[str, Any]) -> dict[str, str | None]:
    """A record's values by field."""
    return {one["field"]: one["value"] for one in item["values"]}


async def test_every_section_is_named_with_its_count(house: House) -> None:
    """Empty ones too; an unknown name is null."""
    person = await house.customer()

    found = await person.ok(
        """{viewer {report {generatedAt sections {entity title count} section(entity: "none") {count}}}}"""
    )
    counts = {one["entity"]: one["count"] for one in found["report"]["sections"]}

    assert counts.keys() == house.world.policy.inventory.sections.keys()
    assert (counts["profile"], counts["signIns"], counts["exports"]) == (1, 1, 0)
    assert counts["events"] == 3
    assert found["report"]["section"] is None


@pytest.mark.parametrize("language", ["en", "lv"])
async def test_every_section_can_be_read(house: House, language: str) -> None:
    """In both languages, as many values as fields in every record."""
    person = await house.customer()
    await person.ok("mutation {setPreferences(input: {newsByEmail: true}) {__typename}}")
    person.http.headers["Accept-Language"] = language
    for name, entity in house.world.policy.inventory.sections.items():
        found = await section(person, name)

        assert found["title"] == entity.title.said(language)
        assert [one["name"] for one in found["fields"]] == [field.name for field in entity.shown]
        assert len(found["items"]["nodes"]) == found["count"]
        for item in found["items"]["nodes"]:
            assert len(item["values"]) == len(found["fields"])


async def test_a_place_that_is_not_known_is_said_in_words(house: House) -> None:
    """A known one names the table in which it was looked up."""
    person = await house.customer()
    for language, said in {"en": "none: the place is not known", "lv": "nav: vieta nav zināma"}.items():
        person.http.headers["Accept-Language"] = language
        (item,) = (await section(person, "signIns"))["items"]["nodes"]
        assert values(item)["place_source"] == said

    assert named("place_source", "DB-IP") == "DB-IP"
    assert named("changed_by", "CUSTOMER").lv == "jūs"


async def test_a_field_says_what_the_policy_says(house: House) -> None:
    """Source, purpose, basis, readers, retention and clause (clause 1)."""
    person = await house.customer()

    found = await section(person, "signIns")
    ip = next(one for one in found["fields"] if one["name"] == "ip")

    assert ip["source"] == "observed by our servers"
    assert ip["purposes"] == ["protecting your account"]
    assert ip["basis"].startswith("legitimate interest")
    assert "privacy officer" in ip["readers"]
    assert "365 days" in ip["retention"]
    assert found["items"]["nodes"][0]["lastDay"] == "2027-11-23"


@pytest.fixture
async def person(house: House) -> Client:
    """Somebody with a personal code and a bank account, their proof no longer fresh."""
    person = await house.customer(identity={"personalCode": {"country": "LV", "code": "120487-11118"}})
    await person.step_up()
    given = {"idempotencyKey": "a-key-of-mine-0001", "method": {"bankAccount": {"iban": "LV80BANK0000435195001"}}}
    await person.ok("mutation($i: AddPaymentMethodInput!) {addPaymentMethod(input: $i) {__typename}}", i=given)
    house.clock.advance(minutes=6)
    return person


async def test_codes_and_accounts_are_masked_until_a_proof(person: Client) -> None:
    """Then they are shown whole; a secret is never shown."""
    profile, paying = await section(person, "profile"), await section(person, "paymentMethods")
    code, iban = values(profile["items"]["nodes"][0])["personal_code"], values(paying["items"]["nodes"][0])["reference"]
    await person.step_up()
    after = values((await section(person, "profile"))["items"]["nodes"][0])["personal_code"]

    assert (code, iban) == ("••••••-•••18", "LV••••5001")
    assert after == "Latvia, 120487-11118"
    assert values((await section(person, "passwords"))["items"]["nodes"][0])["encoded"] == "held, never shown"


async def test_pages_follow_each_other(house: House) -> None:
    """Oldest first; a wrong page is told."""
    person = await house.customer()
    seen, after, more = [], None, True
    while more:
        page = (await section(person, "events", first=2, after=after))["items"]
        seen += [values(one)["action"] for one in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == ["Account opened", "E-mail address confirmed", "Signed in"]


def codes_of(house: House) -> set[str]:
    """Every code of ours that no word is written like: of actions, letters, rules, countries, fields, tables and sections."""
    inventory = house.world.policy.inventory
    known = {*TITLES, *templates(), *NAMES.values(), *PREFERENCES.values(), *MASKED, *STORED, *OTHERS}
    known |= {entity.table for entity in inventory.entities} | inventory.sections.keys()
    known |= house.world.policy.newest.rules.keys() | {"LV", "GB"}
    return {code for code in known if re.search("[-._A-Z]", code)}


def only_code(text: str, codes: set[str]) -> bool:
    """Whether a value, or one of several in it, is nothing but a code."""
    return any(part in codes for part in text.split(", "))


async def filled(house: House) -> Client:
    """Somebody with an event of every action that names every field, every letter on its way, every date, and old values."""
    person = await house.customer()
    await person.ok('mutation {editProfile(input: {revision: 1, familyName: "Kalniņa"}) {__typename}}')
    customer = await Customer.get()
    named = {*NAMES.values(), *PREFERENCES.values(), *MASKED, *OTHERS, *house.world.policy.inventory.sections}
    async with changing(house.world, customer.id, by=customer_actor(customer)) as account:
        for action in TITLES:
            await account.event(EventKind.MODIFY, action)
        await account.event(EventKind.MODIFY, "profile.edited", fields=named)
        for template in sorted(templates()):
            await account.letter(template)
        for name, rule in house.world.policy.newest.rules.items():
            if rule.has_clock:
                await account.owe(name)
    return person


async def test_no_code_of_ours_is_all_that_a_person_reads(house: House) -> None:
    """Actions, letters, rules, fields: said in both languages, in the report and on the copy's page; its JSON has the codes."""
    person, codes = await filled(house), codes_of(house)
    for language, said in {"en": ("Profile changed", "Given name"), "lv": ("Profils mainīts", "Vārds")}.items():
        person.http.headers["Accept-Language"] = language
        read = []
        for name in ("events", "letters", "obligations", "changes", "indexEntries", "profile"):
            after, more = None, True
            while more:
                page = (await section(person, name, first=35, after=after))["items"]
                read += [text for item in page["nodes"] for text in values(item).values() if text is not None]
                after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert [text for text in read if only_code(text, codes)] == []
        assert any(said[0] == text for text in read)
        assert any(said[1] in text.split(", ") for text in read)

    world, customer = house.world, await Customer.get()
    held = await collect(world, customer.id)
    archive = Archive(world.policy, world.vault, held, now=world.now(), subject=world.post.subject)
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.chunks()))) as file:
        cells = re.findall(r"<td>([^<]*)</td>", file.read("index.html").decode())
        written = {one["action"] for one in json.loads(file.read("data/events.json"))}
        sent = {one["template"] for one in json.loads(file.read("data/letters.json"))}
        owed = {one["rule"] for one in json.loads(file.read("data/obligations.json"))}
    assert [cell for cell in cells if only_code(cell, codes)] == []
    assert {"A new device signed in to your account", "An old value can be restored until then"} <= {*cells}
    assert "OLD_VALUE" in owed
    assert (written, sent) == (set(TITLES), set(templates()))


async def test_old_values_are_said_as_the_present_ones(person: Client, house: House) -> None:
    """An address, an identity code, a way to pay: in both languages; the copy's JSON keeps them as they are stored."""
    await person.step_up()
    moved = ADDRESS | {"locality": "Liepāja", "postalCode": "LV-3401"}
    given = {"revision": 1, "identity": {"birthdate": "1987-04-12"}, "address": moved}
    await person.ok("mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename}}", i=given)
    [paid] = (await person.ok("{viewer {paymentMethods {id}}}"))["paymentMethods"]
    await person.ok("mutation($id: ID!) {removePaymentMethod(id: $id) {__typename}}", id=paid["id"])
    old = {
        language: {
            f"Brīvības iela 214, Rīga, LV-1039, {latvia}",
            f"{latvia}, 120487-11118",
            f"{bank}, LV••••5001, LV80BANK0000435195001, {latvia}",
        }
        for language, latvia, bank in (("en", "Latvia", "bank account"), ("lv", "Latvija", "bankas konts"))
    }
    for language, said in old.items():
        person.http.headers["Accept-Language"] = language
        items = (await section(person, "changes"))["items"]["nodes"]
        assert said <= {values(one)["old"] for one in items}

    world = house.world
    held = await collect(world, (await Customer.get()).id)
    archive = Archive(world.policy, world.vault, held, now=world.now(), subject=world.post.subject)
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.chunks()))) as file:
        cells = re.findall(r"<td>([^<]*)</td>", file.read("index.html").decode())
        stored = {one["field"]: one["old"] for one in json.loads(file.read("data/changes.json"))}
    assert old["en"] <= {*cells}
    assert json.loads(stored["address"])["country"] == "LV"


def test_what_an_event_names_has_words() -> None:
    """Every field, table or section that events, old values, grants and index entries name."""
    named = {
        *NAMES.values(), *PREFERENCES.values(), *MASKED, *STORED, *OTHERS, EMAIL, PHONE, PERSONAL_CODE, NAME, SERVICE, DEVICE,
        "locale", "theme", "number", "password", "passkey", "totp", "recoveryCodes", "sessions", "relatedPersons", "services",
        "notes", "messages", "payment_method", "OFFICE_DELETION",
    }  # fmt: skip
    codes = Codes(load(), lambda name, locale: None)

    assert [name for name in sorted(named) if not isinstance(codes.part(name), Words)] == []


def test_what_has_no_words_is_said_as_it_is(house: House) -> None:
    """A request's number, a letter, a rule or a country of another time, a detail; news by its kind, its subject being its own."""
    codes = Codes(house.world.policy, house.world.post.subject)

    assert codes.said("fields_named", {"fields_named": ["R-2026-0001", "relatedPersonEmail"]}) == [
        "R-2026-0001", codes.part("relatedPersonEmail"),
    ]  # fmt: skip
    assert codes.said("template", {"template": "of-an-earlier-release"}) == "of-an-earlier-release"
    assert codes.said("rule", {"rule": "OLD_VALUE", "policy_version": "of-another-time"}).lv == "OLD_VALUE"
    assert codes.said("country", {"country": "XX"}) == Words("XX", "XX")
    assert codes.said("details", {"details": {"terms_clause": "3.2", "sha256": "ab"}}) == [
        Words("Clause of the terms: 3.2", "Noteikumu punkts: 3.2"), "sha256: ab",
    ]  # fmt: skip
    assert codes.letter("news") == named("kind", LetterKind.MARKETING)
    assert codes.letter("request-done") == Words("Your request … is done", "Jūsu pieprasījums … ir izpildīts")


async def test_report_and_export_hold_the_same(house: House) -> None:
    """Every kind of record, as many of each, the same fields: what can be read is what can be taken along."""
    person = await house.customer()
    await person.ok('mutation {editProfile(input: {revision: 1, familyName: "Kalniņa"}) {__typename}}')
    await person.step_up()
    await person.ok(EXPORT)
    await house.work()
    [export] = (await person.ok(EXPORTS))["exports"]
    archive = await person.http.get(export["downloadUrl"])
    with zipfile.ZipFile(io.BytesIO(archive.content)) as file:
        sections = {one["name"]: one for one in json.loads(file.read("manifest.json"))["sections"]}
        records = {name: json.loads(file.read(one["data"])) for name, one in sections.items()}

    report = await person.ok("{viewer {report {sections {entity count}}}}")
    counts = {one["entity"]: one["count"] for one in report["report"]["sections"]}

    assert counts.keys() == sections.keys()
    grown = {"events", "letters", "messages", "exports", "obligations", "signIns", "sessions"}  # while it was taken
    assert {name: one["count"] for name, one in sections.items() if name not in grown} == {
        name: count for name, count in counts.items() if name not in grown
    }
    for name in ("profile", "changes", "events"):
        assert records[name]
        fields = [one["name"] for one in (await section(person, name))["fields"]]
        assert list(records[name][0]) == fields


async def test_an_export_waits_at_most_two_weeks(house: House) -> None:
    """Built within a day; one that still waits after fourteen is a promise broken, one that was built was kept."""
    person, other = await house.customer(), await house.customer()
    await person.step_up()
    await person.ok(EXPORT)
    await house.work(only="build-exports")
    await other.step_up()
    await other.ok(EXPORT)
    line = await kept(house, "reports_answered")
    assert (line.kept, line.broken, line.open) == (1, 0, 1)

    house.clock.advance(days=14)
    assert (await kept(house, "reports_answered")).broken == 0
    house.clock.advance(seconds=1)
    assert (await kept(house, "reports_answered")).broken == 1
