"""A customer as searches and queues show them to staff: a number, a state and masks. openRecord takes the id."""

import strawberry

from models import masks
from models.actions.searches import AccountState, Hit
from schema.access import Context
from schema.nodes import encode

HIT = "Customer"
"""The kind of its node id."""


@strawberry.type(description="A customer, masked. id is what openRecord takes.")
class CustomerHit:
    """The contract's CustomerHit."""

    id: strawberry.ID
    number: str
    state: AccountState
    masked_name: str
    masked_email: str

    @classmethod
    def of(cls, ctx: Context, hit: Hit) -> "CustomerHit":
        return cls(
            id=encode(ctx, HIT, hit.customer.id),
            number=hit.customer.number,
            state=hit.state,
            masked_name=masks.mask_name(),
            masked_email=masks.mask_email(),
        )
