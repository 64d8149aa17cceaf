"""octopus promises"""

import csv
import io
import sys
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from api.commands.opening import act
from api.commands.promises_page import page, span
from models.retention.compliance import ComplianceReport, PromiseKept
from models.world import World

HEAD = ("clause", "promise", "limit", "measured", "kept", "broken", "open", "oldest open", "worst", "p95", "evidence")


class Form(StrEnum):
    """How the report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def promises(
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; a year ago if left out.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; today if left out.")
    ] = None,
    form: Annotated[Form, typer.Option("--as", help="json is the signed document itself.")] = Form.TABLE,
) -> None:
    """Measure every promise of the policy: kept, broken, open. Exit code 1 when one is broken."""

    async def action(world: World) -> None:
        from models.retention.compliance import compliance

        last = end.date() if end else world.today()
        report = await compliance(world, start.date() if start else last - timedelta(days=365), last)
        {Form.TABLE: _table, Form.JSON: _json, Form.CSV: _csv, Form.HTML: lambda one: print(page(one))}[form](report)
        if any(one.measure.broken for one in report.promises):
            raise typer.Exit(1)

    act(action)


def row(one: PromiseKept) -> tuple[str, ...]:
    """The cells of one promise."""
    measure = one.measure
    oldest = measure.oldest_open_at.date().isoformat() if measure.oldest_open_at else ""
    counts = (measure.measured, measure.kept, measure.broken, measure.open)
    times = (span(measure.worst_seconds), span(measure.p95_seconds))
    return (
        one.promise.clause,
        one.promise.title.en,
        one.promise.limit or "",
        *map(str, counts),
        oldest,
        *times,
        one.promise.evidence,
    )


def _table(report: ComplianceReport) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in HEAD[:-1]:
        table.add_column(name, justify="right" if name in HEAD[3:7] else "left", no_wrap=True)
    for one in report.promises:
        table.add_row(*row(one)[:-1], style="red" if one.measure.broken else None)
    Console(width=150, soft_wrap=True).print(table)
    print(f"from {report.start} to {report.end}, SHA-256 {report.sha256}, signed by key {report.key_id}")


def _json(report: ComplianceReport) -> None:
    from json import dumps

    print(
        dumps(
            {
                "document": report.document,
                "sha256": report.sha256,
                "signature": report.signature,
                "keyId": report.key_id,
            }
        )
    )


def _csv(report: ComplianceReport) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEAD)
    writer.writerows(row(one) for one in report.promises)
    sys.stdout.write(lines.getvalue())
