"""What the tests of the promises share: one promise's line of the compliance report, as an auditor reads it; a profile deleted."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models.policy import Policy, Role
from tests.factories import START, Client, House, StaffClient

REPORT = """query($from: Date!, $to: Date!) {compliance(from: $from, to: $to) {
    promises {evidence measured kept broken open worstSeconds}}}"""
DELETE = """mutation {deleteProfile {__typename ... on Refusal {code} ... on ProfileDeleted {certificateCode
    closure {closedAt eraseAt eraseBy howToRestore remains {title basis until}}}}}"""
SIGN_IN = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename ... on Refusal {code}
    ... on AccountClosed {closure {by termsClause reason closedAt eraseAt eraseBy requests {number kind status}
    remains {title basis until}}}}}"""
RESET = """mutation($t: String!, $p: String!) {resetPassword(token: $t, newPassword: $p) {__typename ... on Refusal {code}}}"""


@dataclass(frozen=True, slots=True)
class Line:
    """How often a promise was measured, kept, broken, and still runs; the worst in seconds."""

    measured: int
    kept: int
    broken: int
    open: int
    worst: int | None


async def report(house: House) -> dict[str, Line]:
    """The report over the last three years, to this moment, by each promise's evidence."""
    auditor = await house.colleague(Role.AUDITOR)
    now = house.clock.now
    since = max(START - timedelta(days=60), now - timedelta(days=1_090))
    found = await auditor.ok(REPORT, **{"from": since.date().isoformat(), "to": now.date().isoformat()})
    return {
        one["evidence"]: Line(one["measured"], one["kept"], one["broken"], one["open"], one["worstSeconds"])
        for one in found["promises"]
    }


async def kept(house: House, evidence: str) -> Line:
    """One promise's line of it."""
    return (await report(house))[evidence]


async def at(moment: datetime, *colleagues: StaffClient) -> None:
    """It is this moment, and these members of staff have come in just before."""
    clock = colleagues[0].house.clock
    clock.now = moment - timedelta(minutes=5)
    for one in colleagues:
        await one.sign_in()
    clock.now = moment


async def gone(person: Client) -> dict[str, Any]:
    """The customer deletes their profile; what they are told."""
    await person.step_up()
    return await person.ok(DELETE)  # type: ignore[no-any-return]


async def coming_in(person: Client) -> dict[str, Any]:
    """What somebody is told who types their address and password."""
    answer = await person.answer(SIGN_IN, e=person.email, p=person.password)
    assert "errors" not in answer, answer
    return answer["data"]["signIn"]  # type: ignore[no-any-return]


def templates(house: House, to: str | None = None) -> list[str]:
    """The letters posted so far, oldest first."""
    return [one.template for one in house.letters if to in (None, one.to)]


def with_policy(house: House, policy: Policy) -> House:
    """The same house under another policy."""
    return House(replace(house.world, policy=policy), house.clock, house.folder)
