"""How a stored value is said in the profile report: as text, and masked where its owner sees it only after a proof."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.actions.restore import mask_reference
from models.archive.codes import Codes
from models.masks import mask_fixed, mask_personal_code
from models.policy import Exported, Field, Reading, Words
from schema.scalars import write_datetime

YES = {"EN": "yes", "LV": "jā"}
NO = {"EN": "no", "LV": "nē"}
HELD = {"EN": "held, never shown", "LV": "glabā, nekad nerāda"}


def shown(
    table: str, field: Field, record: Mapping[str, Any], codes: Codes, locale: str, *, proven: bool
) -> str | None:
    """One field of one record, as its owner may see it now; None where nothing is held."""
    value = record[field.name]
    if field.exported is Exported.EXISTENCE or field.to_subject.rank <= Reading.PRESENT.rank:
        return HELD[locale] if value else None
    if value is None:
        return None
    if field.to_subject is not Reading.FULL and not proven:
        return masked(table, field.name, record)
    return said(codes.said(field.name, record), locale)


def masked(table: str, name: str, record: Mapping[str, Any]) -> str:
    """In part where the account's pages show it so, too; whole otherwise."""
    match table, name:
        case "customer", "personal_code":
            return mask_personal_code(record[name].code)
        case "payment_method", "reference":
            return mask_reference(record["kind"], record[name])
        case _:
            return mask_fixed()


def said(value: Any, locale: str) -> str:
    """A value as text: times in UTC, parts of a whole on one line."""
    match value:
        case bool():
            return YES[locale] if value else NO[locale]
        case Words():
            return value.said(locale)
        case datetime():
            return write_datetime(value)
        case date():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case list() | tuple() | set():
            return ", ".join(said(part, locale) for part in value)
        case _:
            return str(value)
