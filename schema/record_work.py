"""Work in a record that is open: a note, a message to the customer, securing the account."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models.actions import record_work as working
from models.actions.record_work import SUBJECTS, Answer
from models.refused import Reason, Refused
from schema.access import Context, context, staff
from schema.customer_hits import HIT
from schema.nodes import decode, given_id
from schema.record_parts import STAFF_KINDS, Note, StaffMessage
from schema.refusal import Refusal, result
from schema.staff_names import named

SECURED = {
    "EN": "The account is secured: every session has ended, and a letter brings the customer a link to set a new password.",
    "LV": "Konts ir nodrošināts: visas sesijas ir beigtas, un klientam nosūtīta vēstule ar saiti jaunas paroles iestatīšanai.",
}
ABOUT = {STAFF_KINDS.get(kind, kind): kind for kind in SUBJECTS}


@strawberry.type(description="The note is in the record.")
class NoteAdded:
    """The contract's NoteAdded."""

    note: Note


@strawberry.type(description="The message is in the conversation; a letter tells the customer.")
class StaffMessageSent:
    """The contract's StaffMessageSent."""

    sent: StaffMessage


@strawberry.type(description="The account is secured.")
class AccountSecured:
    """The contract's AccountSecured."""

    sessions_ended: int
    message: str = strawberry.field(description="One sentence for a person.")


AddNoteResult = Annotated[NoteAdded | Refusal, result("AddNoteResult")]
StaffSendMessageResult = Annotated[StaffMessageSent | Refusal, result("StaffSendMessageResult")]
SecureAccountResult = Annotated[AccountSecured | Refusal, result("SecureAccountResult")]


def _customer(ctx: Context, customer_id: str) -> UUID:
    return given_id(ctx, customer_id, HIT, "CustomerRecord")


def _about(ctx: Context, about: str | None) -> tuple[str, UUID] | None:
    """What a message is about. Raises Refused(NOT_FOUND)."""
    found = decode(ctx, about, *ABOUT) if about else None
    if about and found is None:
        raise Refused(Reason.NOT_FOUND)
    return (ABOUT[found[0]], found[1]) if found else None


@strawberry.type
class RecordWorkMutations:
    """Each needs the record open."""

    @strawberry.mutation(description="Internal, but in the customer's report. Refused while processing is restricted.")
    async def add_note(self, info: Info[Any, Any], customer_id: strawberry.ID, text: str) -> AddNoteResult:
        ctx, who = context(info), staff(info)
        row, contents = await working.add_note(ctx.world, who, _customer(ctx, customer_id), text)
        await named(ctx, [row.author_id])
        return NoteAdded(note=Note.of(ctx, row, contents))

    @strawberry.mutation(description="The same idempotencyKey again sends nothing and answers alike.")
    async def send_message(
        self,
        info: Info[Any, Any],
        customer_id: strawberry.ID,
        idempotency_key: str,
        text: str,
        about: strawberry.ID | None = strawberry.UNSET,
    ) -> StaffSendMessageResult:
        ctx, who = context(info), staff(info)
        new = Answer(idempotency_key=idempotency_key, text=text, about=_about(ctx, about or None))
        row, contents = await working.send_to_customer(ctx.world, who, _customer(ctx, customer_id), new)
        await named(ctx, [row.author_id])
        return StaffMessageSent(sent=StaffMessage.of(ctx, row, contents))

    @strawberry.mutation(description="Ends every session, stops changes, mails a reset link; nobody sees a secret.")
    async def secure_account(
        self, info: Info[Any, Any], customer_id: strawberry.ID, reason: str
    ) -> SecureAccountResult:
        ctx, who = context(info), staff(info)
        ended = await working.secure_account(ctx.world, who, _customer(ctx, customer_id), reason)
        return AccountSecured(sessions_ended=ended, message=SECURED[ctx.locale])
