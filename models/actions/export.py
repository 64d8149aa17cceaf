"""A copy of everything held, for its owner (clause 3.1): asked for after a fresh proof, built, collected once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.origin import Viewer
from models.archive.build import filename
from models.archive.sealed_file import unseal
from models.policy import limits
from models.refused import Reason, Refused
from models.tables import Export, Obligation
from models.tables.events import ActorKind, EventKind
from models.tables.exports import ExportContents, ExportStatus
from models.world import World

ASKED = limits.most("exports asked for")
AT_MOST, WITHIN = ASKED.most, ASKED.within  # against load, no promise
Octets = bytes  # Download has a field of that name


async def request_export(world: World, viewer: Viewer) -> Export:
    """Ask for a copy. One that is under way or ready is answered again, so that asking twice makes one.

    Raises Refused(STEP_UP_REQUIRED, COOLING_OFF, TOO_MANY_ATTEMPTS).
    """
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if account.customer.cools_off(account.now):
            raise Refused(Reason.COOLING_OFF, retry_at=account.customer.cooling_off_until)
        if (there := await _under_way(account)) is not None:
            return there
        lately = Export.filter(customer_id=account.id, requested_at__gt=account.now - WITHIN)
        earlier = [one.requested_at for one in await lately.order_by("requested_at")]
        if len(earlier) >= AT_MOST:
            raise Refused(Reason.TOO_MANY_ATTEMPTS, retry_at=earlier[-AT_MOST] + WITHIN)
        export = await add_export(account)
        await account.letter("export-requested", ready_by=export.due_at)
        await account.event(EventKind.ACCESS, "export.requested")
    return export


async def add_export(account: Account, rule: str = "EXPORT_BUILD") -> Export:
    """An export that the worker will build by ``rule``'s dates, in the caller's transaction."""
    export = Export(
        id=account.world.new_id(),
        customer_id=account.id,
        status=ExportStatus.REQUESTED,
        requested_at=account.now,
        due_at=account.now,
    )
    owed = await account.owe(rule, subject=export.id)
    export.due_at = owed.due_at
    export.seal(account.keys, ExportContents(archive_key=account.world.vault.random(32)))
    await export.save(force_create=True)
    return export


async def _under_way(account: Account) -> Export | None:
    """The newest that will be or is ready, and that no download has used up."""
    alive = Export.filter(customer_id=account.id, status__in=[ExportStatus.REQUESTED, ExportStatus.READY], dead_at=None)
    found = await alive.order_by("-requested_at").first()
    return found if found is not None and not _is_over(found, account.now) else None


def _is_over(export: Export, now: datetime) -> bool:
    return export.expires_at is not None and export.expires_at <= now


# ---- collecting --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Download:
    """The archive on its way to its owner; ``bytes`` is its size, ``finished`` says that the last one was sent."""

    world: World
    export_id: UUID
    customer_id: UUID
    filename: str
    bytes: int
    key: Octets

    async def chunks(self) -> AsyncIterator[Octets]:
        """The zip file in pieces of 64 kB. Raises FileNotFoundError, Damaged."""
        sealed = self.world.shelf.read(self.export_id)
        async for chunk in unseal(sealed, key=self.key, about=self.export_id.bytes):
            yield chunk

    async def finished(self) -> None:
        """It is collected: said once, in a letter and in the events; the worker erases it now. Safe to repeat."""
        actor = Actor(ActorKind.CUSTOMER, self.customer_id)
        async with changing(self.world, self.customer_id, by=actor, closed_too=True) as account:
            sent = Export.filter(id=self.export_id, downloaded_at=None)
            if not await sent.update(status=ExportStatus.DOWNLOADED, downloaded_at=account.now):
                return
            if await Export.filter(id=self.export_id, erased_at=None).exists():  # else it ended while it was on its way
                await account.owe("COLLECTED", subject=self.export_id)
            await account.letter("export-collected", at=account.now)
            await account.event(EventKind.ACCESS, "export.downloaded")


async def open_download(world: World, viewer: Viewer, export_id: UUID | str) -> Download:
    """Begin to collect an export. It counts after the last byte; a broken one may be tried again for ten minutes.

    Raises Refused(NOT_FOUND, STEP_UP_REQUIRED, COOLING_OFF, EXPIRED_TOKEN).
    """
    found = await _owned(viewer, export_id)
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if account.customer.cools_off(account.now):
            raise Refused(Reason.COOLING_OFF, retry_at=account.customer.cooling_off_until)
        return await start_download(account, found)


async def start_download(account: Account, export_id: UUID) -> Download:
    """The download of one of the account's exports, in the caller's transaction: from the first start its minutes run.

    Raises Refused(NOT_FOUND, NOT_READY, EXPIRED_TOKEN).
    """
    export = await Export.filter(id=export_id, customer_id=account.id).first()
    if export is None:
        raise Refused(Reason.NOT_FOUND)
    if export.status is ExportStatus.REQUESTED:
        raise Refused(Reason.NOT_READY)
    if export.status is not ExportStatus.READY or export.expires_at is None or _is_over(export, account.now):
        raise Refused(Reason.EXPIRED_TOKEN)
    if export.first_sent_at is None:
        export.first_sent_at = account.now
        export.expires_at = min(export.expires_at, account.until("DOWNLOAD_RETRY"))
        await export.save(update_fields=["first_sent_at", "expires_at"])
        await Obligation.filter(subject_id=export.id, rule="EXPORT", done_at=None).update(due_at=export.expires_at)
    key = export.opened(account.keys).archive_key
    name = filename(export.ready_at or account.now)
    return Download(account.world, export.id, account.id, name, export.bytes or 0, key)


async def _owned(viewer: Viewer, export_id: UUID | str) -> UUID:
    """The id, if the export is the viewer's. Raises Refused(NOT_FOUND), for somebody else's and a made-up one alike."""
    try:
        wanted = export_id if isinstance(export_id, UUID) else UUID(export_id)
    except ValueError:
        raise Refused(Reason.NOT_FOUND) from None
    if not await Export.filter(id=wanted, customer_id=viewer.customer.id).exists():
        raise Refused(Reason.NOT_FOUND)
    return wanted
