"""What the dashboard is told that a role may do is what the server lets it do."""

import pytest

from models.actions.powers import Power
from models.policy import Role
from tests.factories import House, StaffClient

DAYS = 'from: "2026-11-01", to: "2026-11-20"'
READS = {
    Power.SEARCH: '{findCustomers(by: {number: "C1"}) {id}}',
    Power.READ_REQUESTS: "{requests {totalCount}}",
    Power.READ_COMPLAINTS: "{complaints {totalCount}}",
    Power.ANSWER: "{conversations {totalCount}}",
    Power.READ_APPROVALS: "{approvals {totalCount}}",
    Power.READ_HOLDS: "{holds {totalCount}}",
    Power.READ_REVIEWS: "{reviews {id}}",
    Power.READ_COMPLIANCE: f"{{forecast(days: 1) {{day}} compliance({DAYS}) {{keyId}} certificates {{totalCount}}}}",
    Power.AUDIT: "{audit {nodes {at}}}",
}


async def _permitted(member: StaffClient, text: str) -> bool:
    """Whether it is not for the role; whatever else is wrong with it comes later, or somewhere else."""
    answer = await member.answer(text)
    return "NOT_PERMITTED" not in {error["extensions"]["code"] for error in answer.get("errors", ())}


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_role_is_told_what_it_may(house: House) -> None:
    """Each power to read, by its query. To act is decided by the same lists; the test of SECURITY.md's table calls it all."""
    for role in Role:
        member = await house.colleague(role)
        told = {Power(one) for one in (await member.ok("{viewer {powers}}"))["powers"]}
        assert {power for power, text in READS.items() if await _permitted(member, text)} == told & set(READS), role
