"""Clause 9: versions are published by two people, never change, are announced 30 days before, and bind as the clause says."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.actions.account import SYSTEM, changing
from models.actions.publish_policy import recognise
from models.policy import Change, PolicyContradiction, Role
from models.tables import Customer, Publication
from tests.factories import START, House, StaffClient
from tests.promises.kept import kept
from tests.schema.test_policy import ANSWER, PLAIN, STANDING, standing

PUBLISH = """mutation($v: String!, $f: DateTime!) {publishPolicy(version: $v, validFrom: $f) {
    __typename ...R ... on ApprovalAwaited {approval {id kind reason mine customer {id}}}}}"""
APPROVE = "mutation($i: ID!) {approve(id: $i) {__typename ...R ... on Decided {approved}}}"
REJECT = 'mutation($i: ID!) {reject(id: $i, reason: "Not this month") {__typename ...R ... on Decided {approved}}}'
POLICIES = """{policies {version sha256 change publishedAt validFrom earliestValidFrom toNotify notified undelivered viewed accepted
    declined}}"""
OBLIGATIONS = "{viewer {obligations {clause startedAt dueAt movedBecause}}}"
VALID = START + timedelta(days=40)


async def officers(house: House) -> tuple[StaffClient, StaffClient]:
    """A privacy officer, and an administrator who seconds."""
    return await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.ADMIN, name="Anna Kalniņa")


async def publish(house: House, change: Change = Change.REDUCES_RIGHTS) -> str:
    """Publish the draft that comes with the release, as if it were such a change; its name."""
    policy = house.world.policy
    policy.drafts = (replace(policy.drafts[0], change=change),)
    name = policy.drafts[0].name
    officer, second = await officers(house)
    await officer.ok(PUBLISH + PLAIN, v=name, f=VALID.isoformat())
    assert (await second.ok(APPROVE + PLAIN, i=await waiting(second)))["approved"]
    return name


async def waiting(staff: StaffClient) -> str:
    """The proposal that waits, by the id that this member of staff knows it by."""
    return str((await staff.ok("{approvals {nodes {id}}}"))["nodes"][0]["id"])


async def one(staff: StaffClient, version: str) -> dict[str, Any]:
    """What staff see of a version."""
    return next(found for found in await staff.ok(POLICIES) if found["version"] == version)


async def test_two_people_publish_a_draft(house: House) -> None:
    """Proposed by the privacy officer, approved by another; dated then, the same text for ever, and public (clause 9)."""
    officer, second = await officers(house)
    draft = house.world.policy.drafts[0]
    seen = await one(second, draft.name)
    assert (seen["publishedAt"], seen["validFrom"], seen["toNotify"]) == (None, None, 0)
    assert (await house.client().ok("{policies {version}}"))[0]["version"] != draft.name

    support = await house.colleague(Role.SUPPORT, name="Juris Liepa")
    for staff, version, when, code in (
        (support, draft.name, VALID, "NOT_PERMITTED"),
        (officer, "1", VALID, "NOT_FOUND"),
        (officer, draft.name, START + timedelta(days=30), "INVALID_INPUT"),
        (officer, house.world.policy.newest.name, VALID, "NOT_READY"),
    ):
        assert (await staff.refused(PUBLISH, v=version, f=when.isoformat()))["code"] == code
    proposed = await officer.ok(PUBLISH + PLAIN, v=draft.name, f=VALID.isoformat())
    assert proposed["approval"]["kind"] == "POLICY_PUBLICATION"
    assert (await officer.refused(PUBLISH, v=draft.name, f=VALID.isoformat()))["code"] == "NOT_READY"
    assert (await officer.refused(APPROVE, i=proposed["approval"]["id"]))["code"] == "SECOND_PERSON_REQUIRED"
    assert await Publication.all().count() == 0

    await second.ok(APPROVE + PLAIN, i=await waiting(second))

    seen = await one(officer, draft.name)
    assert seen["sha256"] == draft.sha256
    assert seen["publishedAt"] == house.clock.now.isoformat().replace("+00:00", "Z")[:19] + "Z"
    public = await house.client().ok("{policies {version sha256 change} policy {version}}")
    assert public["policies"][0] == {"version": draft.name, "sha256": draft.sha256, "change": "REDUCES_RIGHTS"}
    assert public["policy"]["version"] != draft.name  # not in force yet


async def test_a_proposal_whose_time_ran_out_is_not_published(house: House) -> None:
    """Thirty days are counted from publishing, not from proposing; rejected, it can be proposed anew."""
    officer, second = await officers(house)
    draft = house.world.policy.drafts[0]
    proposed = (await officer.ok(PUBLISH + PLAIN, v=draft.name, f=VALID.isoformat()))["approval"]["id"]
    house.clock.advance(days=10)
    await officer.sign_in()
    await second.sign_in()

    assert (await second.refused(APPROVE, i=await waiting(second)))["code"] == "NOT_READY"
    await officer.ok(REJECT + PLAIN, i=proposed)
    again = house.clock.now + timedelta(days=40)

    assert (await officer.ok(PUBLISH + PLAIN, v=draft.name, f=again.isoformat()))["approval"]["id"] != proposed


async def test_a_version_that_reduces_rights_binds_only_who_accepted_it(house: House) -> None:
    """From its date on, retention included; the others keep the older rules, and the moved date says why (clause 9)."""
    yes, no = await house.customer(), await house.customer()
    old = house.world.policy.newest
    name = await publish(house)
    accepted = await yes.ok(ANSWER + PLAIN, v=name, a="ACCEPTED")
    assert accepted["standing"] == standing(old.name, None)  # it is not in force yet
    await no.ok(ANSWER + PLAIN, v=name, a="ACCEPTED")
    await no.ok(ANSWER + PLAIN, v=name, a="DECLINED")
    await house.work()

    house.clock.advance(days=41)
    await house.work()
    for person in (yes, no):
        await person.sign_in()
        await person.step_up()

    assert (await yes.ok(STANDING))["policyStanding"] == standing(name, None)
    assert (await no.ok(STANDING))["policyStanding"] == standing(old.name, None)
    dates = {}
    for person in (yes, no):
        closed = await person.ok(
            "mutation {deleteProfile {__typename ... on ProfileDeleted {closure {closedAt eraseAt}}}}"
        )
        dates[person.email] = closed["closure"]
    waits = [
        (await Customer.all().order_by("id").values_list("governed_by", flat=True)),
        [_days(dates[person.email]) for person in (yes, no)],
    ]
    assert waits == [[name, old.name], [60, 90]]

    house.clock.advance(days=61)
    await house.work()
    assert await Customer.all().values_list("governed_by", flat=True) == [old.name]


def _days(closure: dict[str, str]) -> int:
    return (datetime.fromisoformat(closure["eraseAt"]) - datetime.fromisoformat(closure["closedAt"])).days


@pytest.mark.parametrize("change", [Change.EDITORIAL, Change.EXTENDS_RIGHTS])
async def test_what_takes_nothing_away_binds_everybody_at_its_date(house: House, change: Change) -> None:
    """Not a day before, an open date is counted again and says why; an editorial change needs no letter."""
    person = await house.customer()
    async with changing(house.world, (await Customer.get()).id, by=SYSTEM) as account:
        await account.owe("CLOSED")
    old = house.world.policy.newest.name
    name = await publish(house, change)
    await house.work()
    house.clock.advance(days=39)
    await house.work()
    assert (await Customer.get()).governed_by == old

    house.clock.advance(days=2)
    await house.work()

    assert (await Customer.get()).governed_by == name
    told = [letter for letter in house.letters if letter.template == "policy-notice"]
    assert len(told) == (change is Change.EXTENDS_RIGHTS)
    await person.sign_in()
    assert (await person.ok(STANDING))["policyStanding"]["governing"]["version"] == name
    owed = await person.ok(OBLIGATIONS)
    moved = [(one["dueAt"], one["movedBecause"]) for one in owed["obligations"] if one["clause"] == "5.1"]
    assert moved == [("2027-01-22T09:00:00Z", f"Policy version {name} took effect.")]


async def test_a_start_without_a_version_that_governs_or_with_another_text_is_refused(house: House) -> None:
    """A published version never changes, and every version that still governs somebody is there (clause 9)."""
    await house.customer()
    await recognise(house.world)
    published = await Publication.get()
    assert published.sha256 == house.world.policy.newest.sha256

    await Publication.filter(version=published.version).update(sha256="0" * 64)
    with pytest.raises(PolicyContradiction, match="never changes"):
        await recognise(house.world)
    await Publication.filter(version=published.version).update(sha256=published.sha256)
    await Customer.all().update(governed_by="2020-01-01.1")
    with pytest.raises(PolicyContradiction, match="still governs customers"):
        await recognise(house.world)


async def test_everybody_is_told_thirty_days_before(house: House) -> None:
    """A letter posted in time is kept; whoever was not told by then is a promise broken, newcomers are not counted."""
    people = [await house.customer() for _ in range(2)]
    house.world.post.refused.add(people[1].email)  # type: ignore[attr-defined]
    house.clock.advance(minutes=1)
    await publish(house)
    await house.work()
    house.clock.advance(minutes=1)
    await house.customer()

    house.clock.now = VALID - timedelta(days=30)
    line = await kept(house, "notices_delivered")
    assert (line.kept, line.broken, line.open) == (1, 0, 1), "who is not told yet is seen before it is too late"
    house.clock.now = VALID + timedelta(seconds=1)
    line = await kept(house, "notices_delivered")

    assert (line.kept, line.broken, line.open) == (1, 1, 1)
