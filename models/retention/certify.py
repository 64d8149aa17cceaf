"""The last step of an erasure: a signed certificate without personal data, and what is left when its time is over too."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from tortoise.expressions import Q

from models.actions.delete_profile import remains
from models.database import transaction
from models.retention.claims import Lot, claim_lot, each, finish_all, together
from models.retention.erase import LEASE
from models.retention.probe import drop_probes
from models.sets import Row, insert, of_ids
from models.tables import Certificate, Tombstone
from models.tables.accounts import ErasureStage
from models.world import World

BATCH = 500
Left = Callable[[datetime], list[dict[str, str | None]]]


async def certify_erasures(world: World, limit: int) -> int:
    """Write the certificates of verified erasures; how many. What was sealed to search for goes first."""
    due = Q(stage=ErasureStage.VERIFIED)
    lot = await claim_lot(world, Tombstone, due, limit, lease=LEASE, worker=str(world.new_id()))
    if not lot.ids:
        return 0
    async with together(world, lot):
        await drop_probes(world, lot.ids)
    left, signed = cache(partial(_left, world)), dict[UUID, Row]()

    async def write(stone: Tombstone) -> None:
        signed[stone.id] = sign(world, stone, left)

    await each(world, await lot.rows(), write)
    lot = replace(lot, ids=list(signed))
    async with together(world, lot):
        return await _certify(lot, signed)


async def _certify(lot: Lot[Tombstone], signed: dict[UUID, Row]) -> int:
    """All certificates of a lot, in one transaction with their tombstones' last stage."""
    async with transaction() as tx:
        mine = await finish_all(tx, lot, stage=ErasureStage.CERTIFIED)
        digests = [signed[stone]["code_digest"] for stone in mine]
        query = 'SELECT "code_digest" FROM "certificate" WHERE "code_digest" {ids}'  # erased again after a restore
        there = {bytes(row[0]) for row in (await of_ids(tx, query, digests))[1]}
        if new := [signed[stone] for stone in mine if signed[stone]["code_digest"] not in there]:
            await insert(tx, "certificate", new)
    return len(mine)


def sign(world: World, stone: Tombstone, left: Left) -> Row:
    """The certificate of one erasure, signed with Ed25519 over its canonical JSON (sorted keys, no spaces, UTF-8). ``left``: what
    stays after an erasure at that time."""
    assert stone.rows_gone_at is not None
    assert stone.verified_at is not None
    backups = world.rule("BACKUP")
    last_copy = backups.ceiling_at(stone.rows_gone_at) or stone.erase_by
    number = f"E-{stone.rows_gone_at:%Y%m%d}-{world.new_id().hex[-10:].upper()}"
    document = json.dumps(
        {
            "certificate": number,
            "clause": stone.clause,
            "closedAt": stone.closed_at.isoformat(),
            "erasedAt": stone.rows_gone_at.isoformat(),
            "verifiedAt": stone.verified_at.isoformat(),
            "eraseBy": stone.erase_by.isoformat(),
            "keyDestroyedAt": stone.key_destroyed_at.isoformat() if stone.key_destroyed_at else None,
            "keyEncryptionKeyRetired": stone.kek_id,
            "lastCopyGoneBy": last_copy.isoformat(),
            "remains": left(stone.rows_gone_at),
            "backups": "Blind indexes and plain columns in backups go with the backup; sealed values in them open for nobody.",
        },
        sort_keys=True, separators=(",", ":"), ensure_ascii=False,
    )  # fmt: skip
    return {
        "id": world.new_id(),
        "number": number,
        "code_digest": bytes(stone.code_digest),
        "clause": stone.clause,
        "closed_at": stone.closed_at,
        "erase_by": stone.erase_by,
        "erased_at": stone.rows_gone_at,
        "verified_at": stone.verified_at,
        "last_copy_gone_by": last_copy,
        "document": document,
        "signature": base64.b64encode(world.vault.signer.sign(document.encode())).decode(),
        "key_id": world.vault.signing_key_id,
    }


def _left(world: World, erased_at: datetime) -> list[dict[str, str | None]]:
    """What stays after an erasure, as a certificate says it."""
    return [
        {"title": one.title, "basis": one.basis, "until": one.until.isoformat() if one.until else None}
        for one in remains(world, erased_at, "en")
    ]


async def wrong_certificates(world: World) -> list[str]:
    """Numbers of certificates that are not as they were signed, or whose columns say something else than the document."""
    wrong: list[str] = []
    after, public = "", world.vault.signer.public_key()
    while some := await Certificate.filter(number__gt=after).order_by("number").limit(BATCH):
        after = some[-1].number
        for one in some:
            try:
                public.verify(base64.b64decode(one.signature, validate=True), one.document.encode())
            except (InvalidSignature, ValueError):
                wrong.append(one.number)
                continue
            if one.key_id != world.vault.signing_key_id or _columns(one) != _document(one):
                wrong.append(one.number)
    return wrong


def _columns(one: Certificate) -> list[object]:
    whens = (one.closed_at, one.erased_at, one.verified_at, one.erase_by, one.last_copy_gone_by)
    return [one.number, one.clause, *whens]


def _document(one: Certificate) -> list[object]:
    said = json.loads(one.document)
    whens = ("closedAt", "erasedAt", "verifiedAt", "eraseBy", "lastCopyGoneBy")
    return [said["certificate"], said["clause"], *(datetime.fromisoformat(said[name]) for name in whens)]


async def expire_tombstones(world: World, limit: int) -> int:
    """Certified tombstones whose proof is no longer needed (six years)."""
    before = world.rule("PROOF").expired_before(world.now())
    due = Tombstone.filter(stage=ErasureStage.CERTIFIED, verified_at__lte=before).limit(limit)
    ids: list[UUID] = [stone.id for stone in await due.only("id")]
    if ids:
        await Tombstone.filter(id__in=ids).delete()
    return len(ids)
