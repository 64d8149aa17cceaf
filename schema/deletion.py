"""Deleting the profile, what remains of it, and the proof that it is gone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import certificates, delete_profile
from models.tables.accounts import ClosureContents
from models.tables.events import ActorKind
from schema.access import Context, context, viewer
from schema.refusal import Refusal, result
from schema.requests import RightsRequest, requests_under_way
from schema.services import Service


@strawberry.type(description="What stays, on which basis, until when.")
class Remaining:
    """The contract's Remaining."""

    title: str
    basis: str
    until: date | None


@strawberry.type(description="What the owner of a closed account may still see.")
class Closure:
    """The contract's Closure."""

    closed_at: datetime
    by: ActorKind
    terms_clause: str | None = strawberry.field(description="Of the terms, when the company closed it (5.2).")
    reason: str | None
    erase_at: datetime = strawberry.field(description="When the worker erases.")
    erase_by: datetime = strawberry.field(description="The promise: never later than this, on any server.")
    remains: list[Remaining]
    requests: list[RightsRequest] = strawberry.field(description="Office requests under way.")
    how_to_restore: str


@strawberry.type(description="What deleting would do if it were done now.")
class DeletionPreview:
    """The contract's DeletionPreview."""

    erase_at: datetime
    erase_by: datetime
    remains: list[Remaining]
    services_ending: list[Service]
    consequences: list[str]


@strawberry.type(description="Signed, without personal data.")
class ErasureCertificate:
    """The contract's ErasureCertificate."""

    number: str
    closed_at: datetime
    erased_at: datetime
    verified_at: datetime
    last_copy_gone_by: date
    remains: list[Remaining]
    document: str = strawberry.field(description="The canonical JSON text that was signed.")
    signature: str = strawberry.field(description="Ed25519 over the document, base64.")
    key_id: str


@strawberry.type(description="The code is shown once and is in the letter; it opens erasureCertificate later.")
class ProfileDeleted:
    """The contract's ProfileDeleted."""

    closure: Closure
    certificate_code: str


DeleteProfileResult = Annotated[ProfileDeleted | Refusal, result("DeleteProfileResult")]

HOW_TO_RESTORE = {
    "EN": "Come to one of our offices with your passport or identity card before the date of erasure.",
    "LV": "Līdz dzēšanas datumam apmeklējiet kādu no mūsu birojiem ar pasi vai personas apliecību.",
}
CONSEQUENCES = {
    "EN": [
        "You are signed out everywhere at once, and nobody can sign in any more.",
        "Your services end; domains that are not transferred expire.",
        "Until the date of erasure you can have the profile restored at our office.",
        "After that everything we hold about you is erased, on every server and in every backup, and nobody can bring it back.",
    ],
    "LV": [
        "Jūs uzreiz visur tiekat izrakstīts, un neviens vairs nevar pierakstīties.",
        "Jūsu pakalpojumi beidzas; nepārnestie domēni zaudē spēku.",
        "Līdz dzēšanas datumam profilu varat atjaunot mūsu birojā.",
        "Pēc tam viss, ko par jums glabājam, tiek dzēsts visos serveros un visās rezerves kopijās, un neviens to nevar atjaunot.",
    ],
}


def _remaining(ctx: Context, at: datetime, held: Sequence[delete_profile.Remains] = ()) -> list[Remaining]:
    found = [*held, *delete_profile.remains(ctx.world, at, ctx.locale.lower())]
    return [Remaining(title=one.title, basis=one.basis, until=one.until) for one in found]


async def closure(ctx: Context, row: Any, contents: Any) -> Closure:
    """A closure as its owner sees it."""
    held = await delete_profile.held(ctx.world, row.customer_id, ctx.locale.lower())
    return Closure(
        closed_at=row.closed_at,
        by=row.closer,
        terms_clause=row.terms_clause,
        reason=contents.reason,
        erase_at=row.erase_at,
        erase_by=row.erase_by,
        remains=_remaining(ctx, row.erase_at, held),
        requests=await requests_under_way(ctx, row.customer_id),
        how_to_restore=HOW_TO_RESTORE[ctx.locale],
    )


async def deletion_preview(ctx: Context) -> DeletionPreview:
    """For the viewer, now."""
    assert ctx.viewer is not None
    found = await delete_profile.preview(ctx.world, ctx.viewer.customer)
    held = await delete_profile.held(ctx.world, ctx.viewer.customer.id, ctx.locale.lower())
    return DeletionPreview(
        erase_at=found.erase_at,
        erase_by=found.erase_by,
        remains=_remaining(ctx, found.erase_at, held),
        services_ending=[Service.of(ctx, row, contents) for row, contents in found.services],
        consequences=CONSEQUENCES[ctx.locale],
    )


async def erasure_certificate(ctx: Context, code: str) -> ErasureCertificate | None:
    """By the code handed out at deletion; null for an unknown one. Throttled."""
    found = await certificates.certificate_by_code(ctx.world, code, origin=ctx.origin)
    if found is None:
        return None
    return ErasureCertificate(
        number=found.number,
        closed_at=found.closed_at,
        erased_at=found.erased_at,
        verified_at=found.verified_at,
        last_copy_gone_by=found.last_copy_gone_by.date(),
        remains=_remaining(ctx, found.erased_at),
        document=found.document,
        signature=found.signature,
        key_id=found.key_id,
    )


@strawberry.type
class DeletionMutations:
    """Delete my profile."""

    @strawberry.mutation(
        description="Blocked at once; erased by the worker when due (clause 5.1). Needs a fresh proof."
    )
    async def delete_profile(self, info: Info[Any, Any]) -> DeleteProfileResult:
        ctx = context(info)
        row, code = await delete_profile.delete_profile(ctx.world, viewer(info))
        ctx.port.end()
        return ProfileDeleted(closure=await closure(ctx, row, ClosureContents()), certificate_code=code)
