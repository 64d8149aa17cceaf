"""The parts of a customer's record as staff see them: personal values masked, each shown whole by reveal only."""

from datetime import datetime
from typing import Any

import strawberry

from models.actions.masked_values import REVEALED
from models.tables.events import ActorKind
from models.tables.letters import MessageKind
from models.tables.payment_methods import PaymentKind
from models.tables.preferences import Locale
from models.tables.related_persons import RelatedPersonRole
from models.tables.services import ServiceKind
from models.tables.sign_ins import SignInMethod, SignInOutcome
from schema.access import Context
from schema.audit_entries import ACTORS
from schema.masking import MaskedValue, masked
from schema.messages import AUTHORS
from schema.nodes import Node, encode, node_id
from schema.pages import connection
from schema.sources import FromRow, column, derived, sealed
from schema.staff_names import name_of

STAFF_KINDS = {
    "RightsRequest": "StaffRequest",
    "Complaint": "StaffComplaint",
    "Service": "MaskedService",
    "Message": "StaffMessage",
    "RelatedPerson": "MaskedRelatedPerson",
    "SignIn": "MaskedSignIn",
    "Change": "MaskedChange",
    "BankAccount": "MaskedPaymentMethod",
    "PayPalAccount": "MaskedPaymentMethod",
    "PhoneBill": "MaskedPaymentMethod",
}
"""What the customer's kinds of ids are called here."""


@strawberry.type(description="Who the customer is, masked.")
class MaskedProfile(FromRow):
    """The contract's MaskedProfile."""

    given_name: MaskedValue = masked("givenName")
    family_name: MaskedValue = masked("familyName")
    birthdate: MaskedValue = masked("birthdate")
    personal_code: MaskedValue = masked("personalCode")
    address: MaskedValue = masked("address")
    phone_number: MaskedValue = masked("phoneNumber")
    email: MaskedValue = masked("email")
    email_verified_at: datetime | None = column()
    revision: int = column()


def _country(ctx: Context, _: Any, contents: Any) -> str | None:
    """Where it came from is no more to see than the IP address itself."""
    assert ctx.colleague is not None
    field = ctx.world.policy.inventory.entity("sign_in").field("country")
    return contents.country if field.for_roles(ctx.colleague.roles) in REVEALED else None


@strawberry.type(description="One attempt to sign in (clause 1.2).")
class MaskedSignIn(Node, FromRow):
    """The contract's MaskedSignIn."""

    id: strawberry.ID = node_id("MaskedSignIn")
    at: datetime = column()
    outcome: SignInOutcome = column()
    method: SignInMethod = column()
    ip: MaskedValue = masked("signInIp")
    country: str | None = derived(
        _country, sealed=("country",), description="Estimated; null for roles that may not reveal the address."
    )
    is_new_device: bool = column()
    reported_at: datetime | None = column(description="When the customer said 'this was not me'.")


MaskedSignInConnection, MaskedSignInEdge = connection("MaskedSignIn", MaskedSignIn)


@strawberry.type(description="How the account is reached now.")
class AccessState:
    """The contract's AccessState."""

    sessions: int
    second_factor: bool
    last_sign_in_at: datetime | None
    secured_at: datetime | None


@strawberry.type(description="A person whose data the customer gave (clause 4.1.5).")
class MaskedRelatedPerson(Node, FromRow):
    """The contract's MaskedRelatedPerson."""

    id: strawberry.ID = node_id("MaskedRelatedPerson")
    name: MaskedValue = masked("relatedPersonName")
    email: MaskedValue = masked("relatedPersonEmail")
    phone_number: MaskedValue = masked("relatedPersonPhoneNumber")
    role: RelatedPersonRole = column()
    added_at: datetime = column()


@strawberry.type(description="A way to pay.")
class MaskedPaymentMethod(Node, FromRow):
    """The contract's MaskedPaymentMethod."""

    id: strawberry.ID = node_id("MaskedPaymentMethod")
    kind: PaymentKind = column()
    value: MaskedValue = masked("paymentMethod")
    is_default: bool = column()
    added_at: datetime = column()


@strawberry.type(description="How the customer wants to be treated.")
class StaffPreferences(FromRow):
    """The contract's StaffPreferences."""

    locale: Locale = column()
    time_zone: str = column()
    news_by_email: bool = column()
    personalised_content: bool = column()
    personalised_ads: bool = column()


@strawberry.type(description="A contract; a domain is often a person's name, so it is masked.")
class MaskedService(Node, FromRow):
    """The contract's MaskedService."""

    id: strawberry.ID = node_id("MaskedService")
    kind: ServiceKind = column()
    name: MaskedValue = masked("serviceName")
    started_at: datetime = column()
    ended_at: datetime | None = column()


@strawberry.type(description="An old value that can still be restored (clause 4.1.4).")
class MaskedChange(Node, FromRow):
    """The contract's MaskedChange."""

    id: strawberry.ID = node_id("MaskedChange")
    field: str = column()
    old_value: MaskedValue = masked("oldValue")
    new_value: MaskedValue = masked("newValue")
    by: ActorKind = derived(lambda _, row, __: ActorKind(row.changed_by), columns=("changed_by",))
    changed_at: datetime = column()
    restorable_until: datetime = column()
    restored_at: datetime | None = column()


@strawberry.type(description="How the account ended.")
class StaffClosure(FromRow):
    """The contract's StaffClosure."""

    closed_at: datetime = column()
    by: ActorKind = derived(lambda _, row, __: row.closer, columns=("closed_by",))
    terms_clause: str | None = column(description="Of the terms, when the company closed it (5.2).")
    reason: str | None = sealed()
    erase_at: datetime = column()
    erase_by: datetime = column()


@strawberry.type(description="Internal, but in the customer's report and export like everything held.")
class Note(Node, FromRow):
    """The contract's Note."""

    id: strawberry.ID = node_id("Note")
    at: datetime = column()
    author: str = derived(lambda ctx, row, _: name_of(ctx, row.author_id), columns=("author_id",))
    text: str = sealed()


def _author(ctx: Context, row: Any, _: Any) -> str:
    if row.kind is MessageKind.FROM_SUPPORT:
        return name_of(ctx, row.author_id)
    return ACTORS[AUTHORS[row.kind]][ctx.locale]


def _text(_: Context, __: Any, contents: Any) -> str:
    return f"{contents.subject}\n\n{contents.text}" if contents.subject else str(contents.text)


def _about(ctx: Context, row: Any, _: Any) -> strawberry.ID | None:
    if not row.about_kind or not row.about_id:
        return None
    return encode(ctx, STAFF_KINDS.get(row.about_kind, row.about_kind), row.about_id)


@strawberry.type(description="One message of the conversation with a customer, letters included (without their links).")
class StaffMessage(Node, FromRow):
    """The contract's StaffMessage."""

    id: strawberry.ID = node_id("StaffMessage")
    at: datetime = column()
    kind: MessageKind = column()
    author: str = derived(_author, columns=("kind", "author_id"), description="A colleague's name, or who else it was.")
    text: str = derived(_text, sealed=("subject", "text"))
    about: strawberry.ID | None = derived(_about, columns=("about_kind", "about_id"))
    read_at: datetime | None = column(description="When the customer read it.")


StaffMessageConnection, StaffMessageEdge = connection("StaffMessage", StaffMessage)
