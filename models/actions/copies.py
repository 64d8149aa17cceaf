"""A copy asked for at the office (clause 4.2.2): built by the worker, handed over by a code of one use, fetched without an account.

Staff give the code to the identified owner and see no byte. The code opens a download link that works once and needs no session,
so that it serves whoever cannot sign in, the owner of a closed account too.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, Actor, changing
from models.actions.addresses import earlier_addresses
from models.actions.desk import DESK, permitted, serving
from models.actions.export import Download, add_export, start_download
from models.actions.office import Opened
from models.actions.origin import Colleague, Origin
from models.actions.requests import OPEN, Case
from models.actions.sign_up import ALPHABET
from models.actions.tokens import revoke
from models.refused import Reason, Refused
from models.tables import ActionToken, Export, RightsRequest
from models.tables.cases import RequestKind, RequestStatus
from models.tables.credentials import ActionTokenContents, Purpose
from models.tables.events import ActorKind, EventKind
from models.tables.exports import ExportContents, ExportStatus
from models.world import World

CODE_LENGTH, GROUP = 12, 4  # 60 random bits, read aloud in three groups
READ_AS: Final = str.maketrans("OIL", "011", "- \t")
CODE = "collection_code"
READY: Final = {
    "EN": "Your copy is ready. Come to our office with the document you showed; we give you a code to fetch it with.",
    "LV": "Jūsu kopija ir gatava. Ierodieties birojā ar uzrādīto dokumentu; mēs iedosim kodu, ar ko to saņemt.",
}


async def order_copy(case: Case) -> None:
    """The worker builds the copy from here, in the caller's transaction; asked again, only one that is over is built anew."""
    current = await Export.filter(id=case.request.export_id).first() if case.request.export_id else None
    if current is not None and not _is_over(current, case.account.now):
        return
    export = await add_export(case.account)
    case.request.export_id, case.request.status = export.id, RequestStatus.IN_PROGRESS
    await case.save()


async def copy_built(account: Account, export: Export) -> bool:
    """The worker finished an archive; if the office asked for it, its two weeks stop here. Whether it did."""
    request = await RightsRequest.filter(export_id=export.id).first()
    if request is None:
        return False
    case = Case(account, request, request.opened(account.keys))
    if request.copy_ready_at is None:
        request.copy_ready_at = account.now
        await case.save()
        await case.clock_stops()
        await account.letter("request-done", number=request.number, explanation=READY[await account.locale()])
        await case.event(EventKind.NOTICE, "request.copy-ready")
    return True


async def is_for_office(export_id: UUID) -> bool:
    """Whether a request that waits for this copy is open: then it is built for a closed account, too."""
    return await RightsRequest.filter(export_id=export_id, status__in=[*OPEN, RequestStatus.FULFILLED]).exists()


async def office_copies_of_closed(export_ids: list[UUID]) -> set[UUID]:
    """Those of these exports that the office was asked for. One statement."""
    alive = RightsRequest.filter(export_id__in=export_ids, status__in=[*OPEN, RequestStatus.FULFILLED])
    return set(await alive.values_list("export_id", flat=True))  # type: ignore[arg-type]


async def hand_over(world: World, colleague: Colleague, request_id: UUID) -> tuple[Opened, str, datetime]:
    """A code for the owner, and until when it works; an earlier one stops working. Letters tell every address.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY before the copy is, or when it is over).
    """
    permitted(colleague, DESK)
    found = await RightsRequest.filter(id=request_id, kind=RequestKind.COPY).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    async with serving(world, found.customer_id, by=colleague) as account:
        request = await RightsRequest.get(id=request_id)
        export = await Export.filter(id=request.export_id).first() if request.export_id else None
        ended = request.status in (RequestStatus.DENIED, RequestStatus.CANCELLED)
        if ended or request.checked_at is None or export is None or not _can_be_fetched(export, account.now):
            raise Refused(Reason.NOT_READY)
        await revoke(account, Purpose.COLLECT_COPY, Purpose.DOWNLOAD_COPY)
        code, expires = _new_code(world), account.until("COLLECTION_CODE")
        await _keep(account, Purpose.COLLECT_COPY, world.vault.index(CODE, _plain(code)), export.id, expires)
        case = Case(account, request, request.opened(account.keys))
        case.is_why()
        request.handed_over_at = account.now
        await case.end(RequestStatus.FULFILLED, None)
        await case.event(EventKind.ACCESS, "request.copy-handed-over")
        for address in await earlier_addresses(account):
            await account.letter("copy-code-issued", to=address, at=account.now)
    return (request, case.contents), code, expires


async def collect_copy(world: World, code: str, *, origin: Origin) -> tuple[Export, ExportContents, str]:
    """With the code from the office, signed out: the copy, and a token that downloads it once.

    Raises Refused(EXPIRED_TOKEN for a wrong, used or old code, TOO_MANY_ATTEMPTS).
    """
    await throttle.count(world, throttle.CODES, throttle.network_of(origin.ip))
    digest = world.vault.index(CODE, _plain(code))
    found = await ActionToken.filter(digest=digest, purpose=Purpose.COLLECT_COPY, used_at=None).first()
    if found is None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    by = Actor(ActorKind.CUSTOMER, found.customer_id)
    async with changing(world, found.customer_id, by=by, closed_too=True) as account:
        spent = await ActionToken.filter(id=found.id, used_at=None).update(used_at=account.now)
        export = await Export.filter(id=found.subject_id).first()
        if not spent or export is None or not _can_be_fetched(export, account.now):
            raise Refused(Reason.EXPIRED_TOKEN)
        secret, expires = world.new_secret(), account.until("COLLECTION_CODE")
        await _keep(account, Purpose.DOWNLOAD_COPY, world.vault.digest(secret), export.id, expires)
        await account.event(EventKind.ACCESS, "copy.code-used")
    return export, export.opened(account.keys), secret


async def open_copy(world: World, export_id: UUID | str, token: str) -> Download:
    """Begin the download that a code opened; a broken one may be tried again for ten minutes.

    Raises Refused(NOT_FOUND, EXPIRED_TOKEN).
    """
    found = await ActionToken.filter(digest=world.vault.digest(token), purpose=Purpose.DOWNLOAD_COPY).first()
    if found is None or str(found.subject_id) != str(export_id):
        raise Refused(Reason.NOT_FOUND)
    if found.used_at is not None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    by = Actor(ActorKind.CUSTOMER, found.customer_id)
    async with changing(world, found.customer_id, by=by, closed_too=True) as account:
        return await start_download(account, found.subject_id)  # type: ignore[arg-type]


def _is_over(export: Export, now: datetime) -> bool:
    over = export.status in (ExportStatus.EXPIRED, ExportStatus.DOWNLOADED)
    return over or (export.expires_at is not None and export.expires_at <= now)


def _can_be_fetched(export: Export, now: datetime) -> bool:
    return export.status is ExportStatus.READY and not _is_over(export, now)


def _new_code(world: World) -> str:
    """Three groups of four letters and digits that cannot be confused."""
    signs = "".join(ALPHABET[byte & 31] for byte in world.vault.random(CODE_LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def _plain(code: str) -> str:
    return code.upper().translate(READ_AS)


async def _keep(account: Account, purpose: Purpose, digest: bytes, subject: UUID, expires_at: datetime) -> None:
    token = ActionToken(
        id=account.world.new_id(), customer_id=account.id, purpose=purpose, digest=digest, subject_id=subject,
        created_at=account.now, expires_at=expires_at,
    )  # fmt: skip
    token.seal(account.keys, ActionTokenContents())
    await token.save(force_create=True)
