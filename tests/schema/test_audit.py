"""The audit is for AUDITOR and PRIVACY_OFFICER: who did what and who looked, and whose it was where that may be known (6.1.3)."""

from typing import Any

import pytest

from models.policy import Role
from models.tables import AccessGrant, Event
from tests.factories import Client, House
from tests.schema.test_records import NOTE, R, hit, opened
from tests.schema.test_searches import error_of
from tests.statements import Statements

AUDIT = """query($n: Int = 50, $a: String, $s: ID, $c: ID, $w: String, $f: DateTime, $t: DateTime) {
  audit(first: $n, after: $a, staff: $s, customer: $c, action: $w, from: $f, to: $t) {pageInfo {hasNextPage endCursor}
    nodes {sequence at action title actor reason ticket fields hash customer {id number}}}}"""


async def audited(reader: Client, **chosen: Any) -> list[dict[str, Any]]:
    """The entries found."""
    return (await reader.ok(AUDIT, **chosen))["nodes"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("role", Role)
async def test_who_reads_the_audit(house: House, role: Role) -> None:
    """Nobody but the AUDITOR and the PRIVACY_OFFICER."""
    reader = await house.colleague(role)
    if role in (Role.AUDITOR, Role.PRIVACY_OFFICER):
        assert (await audited(reader))[0]["action"] == "staff.signed-in"
    else:
        assert await error_of(reader, AUDIT) == "NOT_PERMITTED"


@pytest.mark.asvs("16.3.2")
async def test_a_record_opened_is_known_as_whose_and_why(house: House) -> None:
    """Of two records open at once each event is of its own customer; what a customer did themselves is of nobody."""
    person, other = await house.customer(), await house.customer()
    colleague, auditor = await house.colleague(Role.SUPPORT, name="Ieva Lapiņa"), await house.colleague(Role.AUDITOR)
    await opened(colleague, person)
    customer, _ = await opened(colleague, other, "FRAUD")
    await colleague.ok(NOTE + R, c=customer, t="Called.")

    entries = await audited(auditor)

    numbers = [(await one.ok("{viewer {number}}"))["number"] for one in (person, other)]
    noted = next(one for one in entries if one["action"] == "note.added")
    assert (noted["customer"]["number"], noted["actor"], noted["reason"]) == (numbers[1], "Ieva Lapiņa", "FRAUD")
    records = [one for one in entries if one["action"] == "record.opened"]
    assert [one["customer"]["number"] for one in records] == [numbers[1], numbers[0]]
    assert [(one["reason"], one["ticket"]) for one in records] == [
        ("FRAUD", "SUP-1234"),
        ("CUSTOMER_CONTACT", "SUP-1234"),
    ]
    signed_in = next(one for one in entries if one["action"] == "sign-in.succeeded")
    assert (signed_in["customer"], signed_in["actor"]) == (None, "the customer")


async def test_what_is_asked_for_is_what_is_found(house: House) -> None:
    """By member of staff, by action, by time, by customer; page by page."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    await opened(colleague, person)
    ieva = next(one["id"] for one in await officer.ok("{staff {id email}}") if one["email"] == colleague.email)

    assert {one["actor"] for one in await audited(officer, s=ieva)} == {"Ieva Lapiņa"}
    assert [one["action"] for one in await audited(officer, w="record.opened")] == ["record.opened"]
    assert await audited(officer, f="2027-01-01T00:00:00Z") == []
    assert await audited(officer, t="2026-01-01T00:00:00Z") == []
    own = await audited(officer, c=await hit(officer, person))
    assert {one["customer"]["id"] for one in own} == {await hit(officer, person)}
    assert {"record.opened", "sign-in.succeeded", "staff.searched"} <= {one["action"] for one in own}
    page = await officer.ok(AUDIT, n=1)
    [second] = await audited(officer, n=1, a=page["pageInfo"]["endCursor"])
    assert await audited(officer, n=2) == [*page["nodes"], second]
    assert await error_of(officer, AUDIT, a="x") == "INVALID_INPUT"
    assert await error_of(officer, AUDIT, c="AAAA") == "NOT_FOUND"


async def test_an_entry_says_its_place_in_the_chain(house: House) -> None:
    """0 and nothing until the chain is sealed over it."""
    auditor = await house.colleague(Role.AUDITOR)
    assert {(one["sequence"], one["hash"]) for one in await audited(auditor)} == {(0, "")}

    await house.work(only="seal-events")

    newest = (await audited(auditor))[0]
    stored = await Event.filter(position=newest["sequence"]).get()
    assert (newest["sequence"] > 0, newest["hash"]) == (True, bytes(stored.hash).hex())


async def test_once_erased_an_entry_points_at_nobody(house: House) -> None:
    """The chain still stands; customer, reason and ticket are gone, the member of staff is not."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")
    auditor = await house.colleague(Role.AUDITOR)
    await opened(colleague, person)
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")
    house.clock.advance(days=91)
    await house.work()

    await auditor.sign_in()
    [entry] = await audited(auditor, w="record.opened")

    assert await AccessGrant.all().count() == 0
    assert (entry["customer"], entry["reason"], entry["ticket"], entry["actor"]) == (None, None, None, "Ieva Lapiņa")
    assert entry["sequence"] > 0


async def test_a_page_of_the_audit_says_few_statements(statements: Statements, house: House) -> None:
    """Beside the session's: events, grants, customers, colleagues."""
    colleague, auditor = await house.colleague(Role.SUPPORT), await house.colleague(Role.AUDITOR)
    for _ in range(3):
        await opened(colleague, await house.customer())
    statements.clear()

    assert len(await audited(auditor)) > 20

    assert len(statements.main) <= 5, statements.main
