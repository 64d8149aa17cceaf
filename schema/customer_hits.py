"""A customer as searches and queues show them to staff: a number, a state and masks. openRecord takes the id."""

from collections.abc import Callable

import strawberry

from models import masks
from models.actions.searches import AccountState, Hit, account_state
from models.tables import Customer
from schema.access import Context
from schema.nodes import KINDS, node_id, writer
from schema.sources import Joined, column, derived, told

HIT = "Customer"
"""The kind of its node id."""
NUMBER = KINDS.index(HIT)


@strawberry.type(description="A customer, masked. id is what openRecord takes.")
class CustomerHit:
    """The contract's CustomerHit."""

    id: strawberry.ID = node_id(HIT)
    number: str = column()
    state: AccountState = told(lambda _: account_state, "state", "restricted_at", keyed=True)
    masked_name: str = derived(lambda *_: masks.mask_name())
    masked_email: str = derived(lambda *_: masks.mask_email())

    @classmethod
    def of(cls, ctx: Context, hit: Hit, write_id: Callable[[int, bytes], str] | None = None) -> "CustomerHit":
        """``write_id``: the viewer's ``writer``, for many of them."""
        return cls(
            id=strawberry.ID((write_id or writer(ctx))(NUMBER, hit.customer.id.bytes)),
            number=hit.customer.number,
            state=hit.state,
            masked_name=masks.mask_name(),
            masked_email=masks.mask_email(),
        )


OF_ROW = Joined(Customer, CustomerHit, "customer")
"""Beside rows with a ``customer_id``."""
