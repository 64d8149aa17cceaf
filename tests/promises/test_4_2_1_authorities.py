"""Clause 4.2.1: whatever we answer says which authorities supervise us and how to complain to them."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from models.policy import Role
from tests.factories import Client, House
from tests.promises.kept import kept, with_policy
from tests.schema.desk import DENY, PLAIN, received
from tests.schema.test_journeys import EXPORT, EXPORTS

COMPANY = "{company {name registrationNumber authorities {name country website howToComplain}}}"
FILE = "mutation($t: String!) {fileComplaint(input: {text: $t}) {__typename}}"
CLOSE = 'mutation($i: ID!) {closeComplaint(id: $i, outcome: "We were right.") {__typename}}'


async def authorities(client: Client) -> list[dict[str, Any]]:
    """As anybody reads them."""
    return (await client.ok(COMPANY))["authorities"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", ["en", "lv"])
async def test_every_answer_names_them(house: House, language: str) -> None:
    """The public page, a denial, a complaint's outcome, the export: both authorities, and how to complain, in one's language."""
    person = await house.customer(locale=language.upper())
    person.http.headers["Accept-Language"] = language
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    named = await authorities(person)
    assert [one["country"] for one in named] == ["GB", "LV"]
    assert all(one["howToComplain"] and one["website"].startswith("https://") for one in named)

    request = await received(officer, person, "UPDATE")
    await officer.ok(DENY + PLAIN, id=request["id"], r="The document was somebody else's.")
    await person.ok(FILE, t="Nobody answers.")
    [complaint] = (await officer.ok("{complaints {nodes {id}}}"))["nodes"]
    await officer.ok(CLOSE, i=complaint["id"])
    await person.step_up()
    await person.ok(EXPORT)
    await house.work()
    [export] = (await person.ok(EXPORTS))["exports"]
    archive = await person.http.get(export["downloadUrl"])
    with zipfile.ZipFile(io.BytesIO(archive.content)) as file:
        said = {"export": file.read("index.html").decode()}
    said |= {
        one.template: one.rendered.text
        for one in house.letters
        if one.template in ("request-denied", "complaint-closed")
    }

    assert said.keys() == {"export", "request-denied", "complaint-closed"}
    for where, text in said.items():
        assert [one["name"] in text for one in named] == [True, True], where
        assert [one["website"] in text for one in named] == [True, True], where


async def test_an_answer_that_names_none_is_found(house: House) -> None:
    """Each denial is looked at; with an empty register they would be promises broken."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    request = await received(officer, person, "UPDATE")
    await officer.ok(DENY + PLAIN, id=request["id"], r="The document was somebody else's.")
    line = await kept(house, "answers_naming_authorities")
    assert (line.measured, line.broken) == (1, 0)

    policy = house.world.policy
    silent = replace(policy, company=msgspec.structs.replace(policy.company, authorities=()))

    assert (await kept(with_policy(house, silent), "answers_naming_authorities")).broken == 1
