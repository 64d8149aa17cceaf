"""The profile report (clause 3.1): everything held about the viewer, read from the inventory as the export is."""

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions.report import last_day, section_of, slice_of, summaries
from models.archive.codes import Codes
from models.archive.collect import Held, Section
from models.policy import Field
from schema.access import Context, context
from schema.loading import customer_of, keys_of
from schema.pages import connection
from schema.report_values import shown


@strawberry.type(description="One field's value in one record.")
class ReportValue:
    """The contract's ReportValue."""

    field: str = strawberry.field(description="The field's name, as in the section's fields.")
    value: str | None = strawberry.field(description="Masked until a step-up for government ids and financial values.")


@strawberry.type(description="One record.")
class ReportItem:
    """The contract's ReportItem."""

    last_day: date | None = strawberry.field(
        description="The last possible day; null while it lives as long as the account."
    )
    values: list[ReportValue]


ReportItemConnection, ReportItemEdge = connection("ReportItem", ReportItem)


@strawberry.type(description="What holds for one field in every record of its kind.")
class ReportField:
    """The contract's ReportField."""

    name: str
    title: str
    source: str = strawberry.field(
        description="Given by the customer, observed, derived, or entered by staff (clause 1)."
    )
    purposes: list[str]
    basis: str = strawberry.field(description="The legal basis.")
    readers: list[str] = strawberry.field(description="The roles of staff that can come to see it.")
    retention: str = strawberry.field(description="How long it is kept, in words.")
    clause: str | None

    @classmethod
    def of(cls, ctx: Context, field: Field, version: str) -> "ReportField":
        """A field of the inventory, in the reader's language."""
        inventory, locale = ctx.world.policy.inventory, ctx.locale
        purposes = [inventory.purposes[name] for name in field.purposes]
        bases = dict.fromkeys(purpose.basis for purpose in purposes)
        return cls(
            name=field.name,
            title=field.title.said(locale),
            source=inventory.sources[field.source].said(locale),
            purposes=[purpose.title.said(locale) for purpose in purposes],
            basis="; ".join(inventory.bases[name].said(locale) for name in bases),
            readers=[inventory.roles[role].said(locale) for role in field.readers],
            retention=ctx.world.rule(field.rule, version).kept(locale),
            clause=field.clause,
        )


@strawberry.type(description="One kind of record in full: what holds for all of them is said once.")
class ReportSection:
    """The contract's ReportSection."""

    held: strawberry.Private[Held]
    section: strawberry.Private[Section]
    entity: str
    title: str
    count: int
    fields: list[ReportField]

    @strawberry.field(description="A page of records, oldest first.")
    def items(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> ReportItemConnection:  # type: ignore[valid-type]
        ctx = context(info)
        page = slice_of(self.section, first, after or None)
        return ReportItemConnection.of(page, lambda row: _item(ctx, self.held, self.section, row))


def _item(ctx: Context, held: Held, section: Section, row: Any) -> ReportItem:
    proven = ctx.viewer is not None and ctx.viewer.has_stepped_up(ctx.world.now())
    codes, table = Codes(ctx.world.policy, ctx.world.post.subject), section.entity.table
    values = [
        ReportValue(field=field.name, value=shown(table, field, row.record, codes, ctx.locale, proven=proven))
        for field in section.fields
    ]
    return ReportItem(last_day=last_day(ctx.world, held.customer, section, row.record), values=values)


@strawberry.type(description="How many records of one kind are held.")
class ReportSummary:
    """The contract's ReportSummary."""

    entity: str
    title: str
    count: int


@strawberry.type(description="Everything held about the viewer.")
class ProfileReport:
    """The contract's ProfileReport."""

    generated_at: datetime

    @strawberry.field(description="Every kind of record, empty ones too.")
    async def sections(self, info: Info[Any, Any]) -> list[ReportSummary]:
        ctx = context(info)
        found = await summaries(ctx.world, customer_of(ctx), await keys_of(ctx))
        return [ReportSummary(entity=name, title=title.said(ctx.locale), count=count) for name, title, count in found]

    @strawberry.field(description="One of them in full; null for an unknown name.")
    async def section(self, info: Info[Any, Any], entity: str) -> ReportSection | None:
        return await _section(context(info), entity)


async def _section(ctx: Context, name: str) -> ReportSection | None:
    held = await section_of(ctx.world, customer_of(ctx).id, name)
    section = held.section(name) if held else None
    if held is None or section is None:
        return None
    return ReportSection(
        held=held,
        section=section,
        entity=name,
        title=section.entity.title.said(ctx.locale),
        count=section.count,
        fields=[ReportField.of(ctx, field, held.customer.governed_by) for field in section.fields],
    )


async def report(ctx: Context) -> ProfileReport:
    """The viewer's report; each part is read when it is asked for."""
    return ProfileReport(generated_at=ctx.world.now())
