"""Every promise of the policy, measured over a period, and signed: what was kept, what was broken, what is open."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.policy import Promise
from models.refused import Problem, ProblemCode, Reason, Refused
from models.retention.evidence import EVIDENCE
from models.retention.measures import Measure, Period
from models.world import World

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """One promise and how it was kept."""

    promise: Promise
    measure: Measure


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """A period's report. ``document`` is its canonical JSON (sorted keys, no spaces, UTF-8), ``signature`` Ed25519 over it."""

    start: date
    end: date
    generated_at: datetime
    promises: tuple[PromiseKept, ...]
    document: str
    sha256: str
    signature: str
    key_id: str


async def compliance(world: World, start: date, end: date) -> ComplianceReport:
    """The report from ``start`` to ``end``, both days included (UTC).

    Raises Refused(INVALID_INPUT) for a period that ends before it begins or is longer than three years.
    """
    if end < start or end - start > LONGEST:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("to",), ProblemCode.NOT_ALLOWED)])
    kept = await measured(world, start, end, world.policy.promises)
    now = world.now()
    document = _document(start, end, now, kept)
    signed = world.vault.signer.sign(document.encode())
    return ComplianceReport(
        start=start,
        end=end,
        generated_at=now,
        promises=kept,
        document=document,
        sha256=hashlib.sha256(document.encode()).hexdigest(),
        signature=base64.b64encode(signed).decode(),
        key_id=world.vault.signing_key_id,
    )


async def measured(world: World, start: date, end: date, promises: Iterable[Promise]) -> tuple[PromiseKept, ...]:
    """These promises over a period, both days included (UTC)."""
    period = Period(_midnight(start), _midnight(end) + timedelta(days=1), world.now())
    return tuple([PromiseKept(one, await EVIDENCE[one.evidence](world, period)) for one in promises])


def is_signed(text: bytes, public_key: bytes) -> bool:
    """Whether a report as ``octopus promises --as json`` writes it is as the holder of this Ed25519 key signed it."""
    try:
        report = json.loads(text)
        document = report["document"].encode()
        signature = base64.b64decode(report["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, document)
        return bool(report["sha256"] == hashlib.sha256(document).hexdigest())
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return False


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _document(start: date, end: date, now: datetime, kept: tuple[PromiseKept, ...]) -> str:
    lines = [
        {"promise": one.promise.name, "clause": one.promise.clause, "limit": one.promise.limit,
         "evidence": one.promise.evidence, **asdict(one.measure)}
        for one in kept
    ]  # fmt: skip
    report = {"from": start, "to": end, "generatedAt": now, "promises": lines}
    return json.dumps(
        report, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=lambda one: one.isoformat()
    )
