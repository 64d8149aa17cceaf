"""A section as CSV (RFC 4180) that a spreadsheet program shows and never runs."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from models.archive.collect import Section
from models.archive.schemas import parts_of

FORMULA = frozenset("=+-@＝＋－＠﹢﹣−")
STARTS_BADLY = frozenset("\t\r\n")
BATCH = 16 * 1024


def csv_of(section: Section) -> Iterator[bytes]:
    """The file in pieces, UTF-8 with the mark that such programs know it by. Structs take a column for each part."""
    parts = parts_of(section)
    header = [f"{name}.{part}" if part else name for name, inner in parts.items() for part in (inner or ("",))]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    text.write("\ufeff")
    writer.writerow(header)
    for record in section.records():
        row: list[str] = []
        for name, inner in parts.items():
            value = record[name]
            row += [_cell(getattr(value, part, None)) for part in inner] or [_cell(value)]
        writer.writerow(row)
        if text.tell() > BATCH:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula (OWASP, CSV injection): an apostrophe stands before it."""
    if text[:1] in STARTS_BADLY or text.lstrip()[:1] in FORMULA:
        return "'" + text
    return text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)  # a number of ours: -0.1 is no formula
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return harmless(value)
    plain = msgspec.to_builtins(value)
    return harmless(plain if isinstance(plain, str) else msgspec.json.encode(plain).decode())
