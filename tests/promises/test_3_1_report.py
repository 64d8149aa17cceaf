"""The profile report (clause 3.1): every kind of record, what holds for it, every value; masked until a proof."""

from typing import Any

import pytest

from tests.factories import Client, House

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
    assert after == "LV, 120487-11118"
    assert values((await section(person, "passwords"))["items"]["nodes"][0])["encoded"] == "held, never shown"


async def test_pages_follow_each_other(house: House) -> None:
    """Oldest first; a wrong page is told."""
    person = await house.customer()
    seen, after, more = [], None, True
    while more:
        page = (await section(person, "events", first=2, after=after))["items"]
        seen += [values(one)["action"] for one in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == ["account.signed-up", "account.confirmed", "sign-in.succeeded"]
