"""The last step of an erasure: a signed certificate without personal data, and what is left when its time is over too."""

import base64
import json
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from tortoise.expressions import Q

from models.actions.delete_profile import remains
from models.database import transaction
from models.retention.claims import claim, each, finish, together
from models.retention.erase import LEASE
from models.retention.probe import drop_probes
from models.tables import Certificate, Tombstone
from models.tables.accounts import ErasureStage
from models.world import World

BATCH = 500


async def certify_erasures(world: World, limit: int) -> int:
    """Write the certificates of verified erasures; how many. What was sealed to search for goes first."""
    due = Q(stage=ErasureStage.VERIFIED)
    stones = await claim(world, Tombstone, due, limit, lease=LEASE, worker=str(world.new_id()))
    if stones:
        async with together(world, stones):
            await drop_probes(world, [stone.id for stone in stones])
    return await each(world, stones, lambda stone: _certify(world, stone))


async def _certify(world: World, stone: Tombstone) -> None:
    certificate = sign(world, stone)
    async with transaction():
        await finish(stone, stage=ErasureStage.CERTIFIED)
        if not await Certificate.filter(code_digest=certificate.code_digest).exists():  # erased again after a restore
            await certificate.save(force_create=True)


def sign(world: World, stone: Tombstone) -> Certificate:
    """The certificate of one erasure, signed with Ed25519 over its canonical JSON (sorted keys, no spaces, UTF-8)."""
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
            "remains": [
                {"title": one.title, "basis": one.basis, "until": one.until.isoformat() if one.until else None}
                for one in remains(world, stone.rows_gone_at, "en")
            ],
            "backups": "Blind indexes and plain columns in backups go with the backup; sealed values in them open for nobody.",
        },
        sort_keys=True, separators=(",", ":"), ensure_ascii=False,
    )  # fmt: skip
    return Certificate(
        id=world.new_id(),
        number=number,
        code_digest=bytes(stone.code_digest),
        clause=stone.clause,
        closed_at=stone.closed_at,
        erase_by=stone.erase_by,
        erased_at=stone.rows_gone_at,
        verified_at=stone.verified_at,
        last_copy_gone_by=last_copy,
        document=document,
        signature=base64.b64encode(world.vault.signer.sign(document.encode())).decode(),
        key_id=world.vault.signing_key_id,
    )


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
