"""Clause 7: the services a customer uses are recorded, by import and by staff, and say why the data is held."""

from datetime import timedelta

from models.policy import Role
from models.tables import IndexEntry
from tests.factories import House
from tests.promises.kept import kept
from tests.schema.desk import PLAIN, row, seen_by
from tests.schema.test_requests import filed


async def test_staff_record_a_service_and_record_it_again(house: House) -> None:
    """Masked for staff, whole for the customer; the same reference is the same contract, and nobody else's."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.SUPPORT)
    record = """mutation($i: RecordServiceInput!) {recordService(input: $i) {__typename ...R
        ... on ServiceRecorded {service {kind name {masked present} endedAt}}}}"""
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "reference": "H-77", "kind": "DOMAIN",
        "name": "Ozolina.example", "startedAt": house.clock.now.isoformat(),
    }  # fmt: skip
    services = "{viewer {services {kind name endedAt}}}"

    first = await clerk.ok(record + PLAIN, i=wanted)
    assert "ozolina" not in str(first).lower()
    assert (await person.ok(services))["services"] == [{"kind": "DOMAIN", "name": "ozolina.example", "endedAt": None}]
    ended = (house.clock.now + timedelta(days=1)).isoformat()
    await clerk.ok(record + PLAIN, i=wanted | {"endedAt": ended})
    [held] = (await person.ok(services))["services"]
    assert held["endedAt"] is not None
    assert await IndexEntry.filter(field="service").count() == 1

    theirs = wanted | {"customerId": seen_by(clerk, "Customer", (await row(other)).id)}
    assert (await clerk.refused(record, i=theirs))["problems"] == [{"field": ["reference"], "code": "DUPLICATE"}]
    early = (house.clock.now - timedelta(days=1)).isoformat()
    late = {"startedAt": ended, "endedAt": early, "name": "4111 1111 1111 1111"}
    refused = await clerk.refused(record, i=wanted | late)
    assert [one["code"] for one in refused["problems"]] == ["CARD_NUMBER", "IN_THE_FUTURE", "NOT_ALLOWED"]
    await filed(person, "RESTRICT")
    assert (await clerk.refused(record, i=wanted))["code"] == "RESTRICTED"


async def test_services_are_counted_and_end_with_the_profile(house: House) -> None:
    """Recorded by staff and read by their owner; whoever deletes the profile is told which of them end."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    assert (await kept(house, "services_recorded")).measured == 0
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "startedAt": house.clock.now.isoformat(),
    }  # fmt: skip
    record = "mutation($i: RecordServiceInput!) {recordService(input: $i) {__typename ...R}}"
    for number, kind in enumerate(("HOSTING", "DOMAIN", "EMAIL", "INFORMATION_REQUEST")):
        given = {"reference": f"S-{number}", "kind": kind, "name": f"n{number}.example"}
        await clerk.ok(record + PLAIN, i=wanted | given)

    preview = (await person.ok("{viewer {deletionPreview {servicesEnding {kind name}}}}"))["deletionPreview"]

    assert {one["kind"] for one in preview["servicesEnding"]} == {"HOSTING", "DOMAIN", "EMAIL", "INFORMATION_REQUEST"}
    assert (await kept(house, "services_recorded")).kept == 4
    covered = (await house.client().ok("{policy {services}}"))["services"]
    assert covered, "the policy version says which services it covers"
