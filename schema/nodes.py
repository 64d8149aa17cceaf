"""Node ids: typed, opaque and the viewer's own. Somebody else's id and a made-up one are answered alike."""

import base64
import hmac
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import strawberry

from models.refused import Reason, Refused
from models.vault import Vault
from schema.access import Context
from schema.sources import SOURCE

KINDS = (
    "Customer", "SignIn", "Session", "Passkey", "BankAccount", "PayPalAccount", "PhoneBill", "Consent", "Change", "RelatedPerson",
    "Service", "Message", "Obligation", "Event", "RightsRequest", "Export", "Complaint", "StaffMember", "AccessGrant",
    "CustomerRecord", "MaskedRelatedPerson", "StaffMessage", "MaskedPaymentMethod", "MaskedChange", "MaskedSignIn", "MaskedService",
    "Note", "Hold", "StaffRequest", "StaffComplaint", "Approval", "Review",
)  # fmt: skip
HEADS = [bytes((number,)) for number in range(len(KINDS))]
URL_SAFE = bytes.maketrans(b"+/", b"-_")
PAYMENT_KINDS = ("BankAccount", "PayPalAccount", "PhoneBill")


def encode(context: Context, kind: str, row_id: UUID) -> strawberry.ID:
    """Kind, row id and a tag that only this viewer's ids carry; URL-safe text."""
    return strawberry.ID(one_id(context, KINDS.index(kind), row_id.bytes))


def one_id(context: Context, kind: int, row: bytes) -> str:
    """The same, from the kind's number and the row id's bytes."""
    head = HEADS[kind] + row
    return _text(head + _tag(context, head))


def decode(context: Context, node_id: str, *kinds: str) -> tuple[str, UUID] | None:
    """The kind and row id of the viewer's own id; None for anything else."""
    try:
        raw = base64.b64decode(node_id.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 24 or raw[0] >= len(KINDS) or not hmac.compare_digest(raw[17:], _tag(context, raw[:17])):
        return None
    kind = KINDS[raw[0]]
    return None if kinds and kind not in kinds else (kind, UUID(bytes=raw[1:17]))


def given_id(context: Context, node_id: str, *kinds: str) -> UUID:
    """The row id of an argument. Raises Refused(NOT_FOUND), whatever is wrong with it."""
    found = decode(context, node_id, *kinds)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found[1]


def writer(context: Context) -> Callable[[int, bytes], str]:
    """Writes many ids for one viewer: each from its kind's number and its row's id."""
    tagged = context.world.vault.macs("node", _who(context), 7)

    def written(kind: int, row: bytes) -> str:
        head = HEADS[kind] + row
        return _text(head + tagged(head))

    return written


def list_writer(context: Context) -> Callable[[int, Iterable[bytes]], list[str]]:
    """The same for a list's ids at once: each is 24 bytes, and so 32 signs without a rest."""
    if context.colleague:
        vault, who = context.world.vault, _who(context)
        return lambda kind, rows: [_staff_id(vault, who, kind, row) for row in rows]
    marked = context.world.vault.marked("node", _who(context), 7)

    def written(kind: int, rows: Iterable[bytes]) -> list[str]:
        head = HEADS[kind]
        text = _text(b"".join(marked([head + row for row in rows])))
        return [text[begin : begin + 32] for begin in range(0, len(text), 32)]

    return written


@lru_cache(maxsize=20_000)
def _staff_id(vault: Vault, who: bytes, kind: int, row: bytes) -> str:
    """Staff see the same rows all day, in one list after the other."""
    head = HEADS[kind] + row
    return _text(head + vault.mac("node", who + head, 7))


def _text(raw: bytes) -> str:
    """What base64 writes, in half its time."""
    return b2a_base64(raw, newline=False).translate(URL_SAFE).decode()


def _tag(context: Context, head: bytes) -> bytes:
    return context.world.vault.mac("node", _who(context) + head, 7)


def _who(context: Context) -> bytes:
    if context.colleague:
        return b"staff" + context.colleague.row.id.bytes
    return context.viewer.row.id.bytes if context.viewer else b""


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    """The contract's Node."""

    id: strawberry.ID


@dataclass(frozen=True, slots=True)
class NodeId:
    """A row's id, as this viewer sees it; ``of`` names the column."""

    kind: str
    of: str = "id"

    @property
    def number(self) -> int:
        return KINDS.index(self.kind)

    def read(self, field: str, context: Context, row: Any, contents: Any) -> strawberry.ID:
        return encode(context, self.kind, getattr(row, self.of))


def node_id(kind: str, *, of: str = "id") -> Any:
    """The field ``id`` of a type."""
    return strawberry.field(description="Opaque.", metadata={SOURCE: NodeId(kind, of)})
