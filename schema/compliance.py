"""How every promise was kept, what will be erased and when, and the certificates of what was (staff)."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions.certificates import certificates_page
from models.actions.powers import MAY, Power
from models.retention.compliance import PromiseKept as Kept
from models.retention.compliance import compliance
from models.retention.forecast import forecast
from schema.access import context, staff
from schema.pages import connection

READERS = MAY[Power.READ_COMPLIANCE]


@strawberry.type(description="One promise, measured. Times in seconds.")
class PromiseKept:
    """The contract's PromiseKept."""

    clause: str
    title: str
    limit: str | None = strawberry.field(description="ISO 8601 duration.")
    measured: int
    kept: int
    broken: int
    open: int
    oldest_open_at: datetime | None
    worst_seconds: int | None
    p95_seconds: int | None
    next_ceiling_at: datetime | None = strawberry.field(
        description="When the most urgent open one would break the promise: what an alarm looks at beforehand."
    )
    evidence: str

    @classmethod
    def of(cls, one: Kept, locale: str) -> "PromiseKept":
        promise, measure = one.promise, one.measure
        return cls(
            clause=promise.clause,
            title=promise.title.said(locale),
            limit=promise.limit,
            measured=measure.measured,
            kept=measure.kept,
            broken=measure.broken,
            open=measure.open,
            oldest_open_at=measure.oldest_open_at,
            worst_seconds=measure.worst_seconds,
            p95_seconds=measure.p95_seconds,
            next_ceiling_at=measure.next_ceiling_at,
            evidence=promise.evidence,
        )


@strawberry.type(description="Every promise of the policy, measured over a period, and signed.")
class ComplianceReport:
    """The contract's ComplianceReport."""

    from_: date = strawberry.field(name="from")
    to: date
    generated_at: datetime
    promises: list[PromiseKept]
    document: str = strawberry.field(description="The canonical JSON that was signed.")
    sha256: str
    signature: str = strawberry.field(description="Ed25519 over the canonical report, base64.")
    key_id: str


@strawberry.type(description="What the worker will erase on a day.")
class ForecastDay:
    """The contract's ForecastDay."""

    day: date
    rule: str
    title: str = strawberry.field(description="What the rule says happens, in the reader's language.")
    entity: str
    what: str = strawberry.field(description="What the entity is called, in the reader's language.")
    action: str = strawberry.field(
        description="erase, close, destroy (a backup), or a stage on the way such as cut_ip."
    )
    count: int


@strawberry.type(description="An erasure that was certified; no personal data.")
class Certificate:
    """The contract's Certificate."""

    number: str
    closed_at: datetime
    erase_by: datetime
    erased_at: datetime
    verified_at: datetime
    clause: str
    sha256: str = strawberry.field(description="Of the signed document.")

    @classmethod
    def of(cls, row: Any) -> "Certificate":
        return cls(
            number=row.number,
            closed_at=row.closed_at,
            erase_by=row.erase_by,
            erased_at=row.erased_at,
            verified_at=row.verified_at,
            clause=row.clause,
            sha256=sha256(row.document.encode()).hexdigest(),
        )


CertificateConnection, CertificateEdge = connection("Certificate", Certificate, counted=True)


@strawberry.type
class ComplianceQueries:
    """Proof, for those who oversee it."""

    @strawberry.field(description="Every promise of the policy, measured over a period; both days included.")
    async def compliance(
        self, info: Info[Any, Any], from_: Annotated[date, strawberry.argument(name="from")], to: date
    ) -> ComplianceReport:
        staff(info, *READERS)
        ctx = context(info)
        world = ctx.world
        found = await world.recent.get(("compliance", from_, to), world.now(), lambda: compliance(world, from_, to))
        return ComplianceReport(
            from_=found.start,
            to=found.end,
            generated_at=found.generated_at,
            promises=[PromiseKept.of(one, ctx.locale) for one in found.promises],
            document=found.document,
            sha256=found.sha256,
            signature=found.signature,
            key_id=found.key_id,
        )

    @strawberry.field(description="What will be erased and when, counted by day and rule; nothing is changed.")
    async def forecast(self, info: Info[Any, Any], days: int = 30) -> list[ForecastDay]:
        staff(info, *READERS)
        world, locale, ahead = context(info).world, context(info).locale, min(max(days, 1), 366)
        found = await world.recent.get(("forecast", ahead), world.now(), lambda: forecast(world, ahead))
        return [
            ForecastDay(
                day=one.day,
                rule=one.rule,
                title=world.rule(one.rule).title.said(locale),
                entity=one.table,
                what=world.policy.inventory.entity(one.table).title.said(locale),
                action=one.action,
                count=one.count,
            )
            for one in found
        ]

    @strawberry.field(description="Erasures certified, newest first; no personal data.")
    async def certificates(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> CertificateConnection:  # type: ignore[valid-type]
        staff(info, *READERS)
        page, total = await certificates_page(first, after or None)
        return CertificateConnection.of(page, Certificate.of, total)
