"""Names of the customer's own for what they have: a session, a passkey, a payment method."""

from typing import Any
from uuid import UUID

from models.actions.factors import rename_passkey
from models.actions.origin import Viewer
from models.actions.payment_methods import rename_payment_method
from models.actions.sessions import rename_session
from models.checks import Checks
from models.world import World


async def name_session(world: World, viewer: Viewer, session_id: UUID, label: str) -> Any:
    """A session's new name; the row. Raises Refused(INVALID_INPUT, NOT_FOUND)."""
    return await rename_session(world, viewer, session_id, _checked(world, label))


async def name_passkey(world: World, viewer: Viewer, passkey_id: UUID, label: str) -> Any:
    """A passkey's new name; the row. Raises Refused(INVALID_INPUT, NOT_FOUND)."""
    return await rename_passkey(world, viewer, passkey_id, _checked(world, label))


async def name_payment_method(world: World, viewer: Viewer, method_id: UUID, label: str) -> Any:
    """A payment method's new name; the row. Raises Refused(INVALID_INPUT, NOT_FOUND)."""
    row, _ = await rename_payment_method(world, viewer, method_id, _checked(world, label))
    return row


def _checked(world: World, label: str) -> str:
    checks = Checks(today=world.today())
    label = checks.line("label", label, "label")
    checks.done()
    return label
