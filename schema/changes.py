"""Old values: what was changed, until when it can be restored, and getting it back."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import masks
from models.actions import restore as restoring
from models.tables.accounts import Address, PersonalCode
from models.tables.changes import KeptPaymentMethod, from_text
from models.tables.events import ActorKind
from schema.access import context, viewer
from schema.actors import Actor
from schema.nodes import Node, given_id, node_id
from schema.pages import connection
from schema.profile import Profile
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived


@strawberry.type(description="An old value that can still be restored (clause 4.1.4).")
class Change(Node, FromRow):
    """The contract's Change; values of a personal code or a payment method are masked."""

    id: strawberry.ID = node_id("Change")
    field: str = column()
    title: str = derived(lambda ctx, row, _: title_of(row.field, ctx.locale), columns=("field",))
    old_value: str | None = derived(
        lambda _, row, kept: shown(row.field, kept.old), columns=("field",), sealed=("old",)
    )
    new_value: str | None = derived(
        lambda _, row, kept: shown(row.field, kept.new), columns=("field",), sealed=("new",)
    )
    changed_at: datetime = column()
    by: Actor = derived(lambda _, row, __: Actor(kind=ActorKind(row.changed_by)), columns=("changed_by",))
    restorable_until: datetime = column()
    restored_at: datetime | None = column()


ChangeConnection, ChangeEdge = connection("Change", Change)

TITLES = {
    "givenName": {"EN": "Given name", "LV": "Vārds"},
    "familyName": {"EN": "Family name", "LV": "Uzvārds"},
    "birthdate": {"EN": "Date of birth", "LV": "Dzimšanas datums"},
    "personalCode": {"EN": "Personal code", "LV": "Personas kods"},
    "address": {"EN": "Address", "LV": "Adrese"},
    "phoneNumber": {"EN": "Phone number", "LV": "Tālruņa numurs"},
    "email": {"EN": "E-mail address", "LV": "E-pasta adrese"},
    "paymentMethod": {"EN": "Payment method", "LV": "Maksājuma veids"},
}


def title_of(field: str, locale: str) -> str:
    """A changed field's name for people."""
    return TITLES.get(field, {}).get(locale, field)


def shown(field: str, text: str | None) -> str | None:
    """An old or new value as its owner sees it."""
    match value := from_text(field, text):
        case None:
            return None
        case PersonalCode():
            return masks.mask_personal_code(value.code)
        case KeptPaymentMethod():
            return restoring.mask_reference(value.kind, value.contents.reference)
        case Address():
            return value.line
        case _:
            return str(value)


@strawberry.type(description="The old value is back.")
class ValueRestored:
    """The contract's ValueRestored."""

    change: Change
    profile: Profile


RestoreValueResult = Annotated[ValueRestored | Refusal, result("RestoreValueResult")]


@strawberry.type
class ChangeMutations:
    """Bring an old value back."""

    @strawberry.mutation(description="Bring an old value back (clause 4.1.4), after a fresh proof.")
    async def restore_value(self, info: Info[Any, Any], change_id: strawberry.ID) -> RestoreValueResult:
        ctx, who = context(info), viewer(info)
        account, change = await restoring.restore_value(ctx.world, who, given_id(ctx, change_id, "Change"))
        kept = change.opened(account.keys)
        return ValueRestored(change=Change.of(ctx, change, kept), profile=Profile.after(ctx, account))
