"""Clause 1: what we hold came from you, from our servers, from other data, or from our staff; each value says which."""

from dataclasses import replace

import pytest

from tests.factories import House
from tests.promises.kept import kept, with_policy

SOURCES = """query($e: String!) {viewer {report {section(entity: $e) {fields {name source}}}}}"""
WORDS = {
    "en": {"given by you", "observed by our servers", "worked out from other data", "entered by our staff",
           "made by our software"},
    "lv": {"norādījāt jūs", "novēroja mūsu serveri", "atvasināts no citiem datiem", "ievadīja mūsu darbinieki",
           "izveidoja mūsu programmatūra"},
}  # fmt: skip


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "lv"])
async def test_every_value_says_where_it_comes_from(house: House, language: str) -> None:
    """Each field of each kind of record, in the reader's language; nothing was bought or came from elsewhere."""
    person = await house.customer()
    person.http.headers["Accept-Language"] = language

    said = {}
    for name in house.world.policy.inventory.sections:
        section = (await person.ok(SOURCES, e=name))["report"]["section"]
        said |= {f"{name}.{one['name']}": one["source"] for one in section["fields"]}

    assert set(said.values()) == WORDS[language]
    if language == "en":
        assert said["profile.given_name"] == "given by you"
        assert said["signIns.ip"] == "observed by our servers"
        assert said["signIns.city"] == "worked out from other data"
        assert said["notes.text"] == "entered by our staff"


async def test_a_value_without_a_source_is_found(house: House) -> None:
    """All have one; one that names none of the known ones breaks the promise."""
    fields = sum(len(entity.fields) for entity in house.world.policy.inventory.entities)
    line = await kept(house, "values_without_source")
    assert (line.measured, line.broken) == (fields, 0)

    policy = house.world.policy
    fewer = {name: words for name, words in policy.inventory.sources.items() if name != "observed"}
    line = await kept(
        with_policy(house, replace(policy, inventory=replace(policy.inventory, sources=fewer))), "values_without_source"
    )

    assert line.broken > 0
