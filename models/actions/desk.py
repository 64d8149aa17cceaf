"""How staff act on somebody's account: with a role, in one transaction, a closed account too. Nothing of it is shown to them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from models.actions.account import Account, changing, staff_actor
from models.actions.origin import Colleague
from models.policy import Role
from models.refused import Reason, Refused
from models.world import World

DESK = (Role.OFFICE, Role.PRIVACY_OFFICER)
"""Who works at the office desk, and who may second what a colleague there proposes."""


def permitted(colleague: Colleague, roles: Iterable[Role]) -> None:
    """Raises Refused(NOT_PERMITTED) for somebody with none of these roles."""
    if not colleague.has_any(*roles):
        raise Refused(Reason.NOT_PERMITTED)


@asynccontextmanager
async def serving(world: World, customer_id: UUID, *, by: Colleague, closed_too: bool = True) -> AsyncIterator[Account]:
    """One transaction of a member of staff on an account, a closed one too. Raises Refused(NOT_FOUND) when it is gone."""
    try:
        async with changing(world, customer_id, by=staff_actor(by), closed_too=closed_too) as account:
            yield account
    except Refused as refused:
        if refused.reason is Reason.NOT_SIGNED_IN:  # what a customer is told whose account is gone
            raise Refused(Reason.NOT_FOUND) from None
        raise
