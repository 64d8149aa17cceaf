"""index.html: the copy for a person to read, in their language. No script, nothing fetched, every value escaped."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

from models.archive import words
from models.archive.codes import Codes
from models.archive.collect import Held, Record, Section
from models.policy import Authority, Entity, Exported, Field, Policy, Purpose, Words

LOCALES = {"EN": "en_GB", "LV": "lv"}
SHOWN = 100  # records of one section on the page; the files have them all
STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1,h2{line-height:1.2}table{border-collapse:collapse;margin:.5rem 0}
th,td{border:1px solid #888;padding:.25rem .5rem;text-align:left;vertical-align:top}
.wide{overflow-x:auto}.wide td{min-width:6rem}
a.skip{position:absolute;left:-99rem}a.skip:focus{position:static}:focus-visible{outline:3px solid}
"""
NOTHING: tuple[Any, ...] = (None, False, "", [])
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_ABOUT: dict[tuple[str, str, str, str], str] = {}
"""What is told about a table's fields, by inventory, table, version and language: in every archive the same."""


class Page:
    """The page of one archive, in pieces."""

    def __init__(self, policy: Policy, held: Held, codes: Codes, *, locale: str, time_zone: str, now: datetime) -> None:
        self.codes, self.policy, self.held, self.locale, self.now = codes, policy, held, locale.upper(), now
        self.zone, self.babel = ZoneInfo(time_zone), LOCALES.get(self.locale, LOCALES["EN"])

    def html(self) -> Iterator[bytes]:
        """UTF-8."""
        for part in self._parts():
            yield part.encode()

    def _parts(self) -> Iterator[str]:
        title = self.say(words.TITLE)
        yield (
            f'<!doctype html>\n<html lang="{self.locale.lower()}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="referrer" content="no-referrer">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
            f'<body><a class="skip" href="#contents">{self.say(words.SKIP)}</a><header><h1>{title}</h1>'
        )
        customer = self.held.customer
        made = words.MADE.said(self.locale).format(
            at=self.moment(self.now), name=self.held.profile.name, number=customer.number
        )
        governs = words.GOVERNS.said(self.locale).format(version=customer.governed_by)
        yield f"<p>{escape(made)}</p><p>{escape(governs)}</p></header>\n<main>"
        yield from self._contents()
        yield from self._information()
        for section in self.held.sections:
            yield from self._section(section)
        yield "</main></body></html>\n"

    # ---- what Article 15 asks for ---------------------------------------------------------------------------------
    def _contents(self) -> Iterator[str]:
        head = self._row("th", map(self.say, (words.CONTENTS, words.RECORDS, words.LAST_DAY)), ' scope="col"')
        yield f'<section id="contents"><h2>{self.say(words.CONTENTS)}</h2><table><thead>{head}</thead><tbody>'
        for section in self.held.sections:
            link = f'<a href="#{escape(section.name)}">{self.say(section.entity.title)}</a>'
            yield self._row("td", (link, str(section.count), self._last_day(section)))
        yield "</tbody></table></section>\n"

    def _information(self) -> Iterator[str]:
        company = self.policy.company
        named = words.COMPANY.said(self.locale).format(name=company.name, number=company.registration_number)
        yield self._block(words.CONTROLLER, [escape(each) for each in (named, company.email, company.phone_number)])
        yield self._block(
            words.WHY, [self.say(words.WHY_TEXT), *map(self._purpose, self.policy.inventory.purposes.values())]
        )
        yield self._block(words.RECIPIENTS, map(self.say, words.RECIPIENTS_TEXT))
        stores = [f"{self.say(store.title)}: {self._country(store.location)}" for store in company.stores.values()]
        yield self._block(words.PLACES, [self.say(words.PLACES_TEXT), *stores])
        yield self._block(words.SOURCES, [self.say(words.SOURCES_TEXT)])
        yield self._block(words.AUTOMATED, [self.say(words.AUTOMATED_TEXT)])
        yield self._block(words.RIGHTS, map(self.say, words.RIGHTS_TEXT))
        yield self._block(words.COMPLAIN, map(self._authority, company.authorities))
        yield self._block(words.FILES, map(self.say, words.FILES_TEXT))

    def _purpose(self, purpose: Purpose) -> str:
        return f"{self.say(purpose.title)}: {self.say(self.policy.inventory.bases[purpose.basis])}"

    def _authority(self, one: Authority) -> str:
        site = escape(one.website)
        link = f'<a rel="noreferrer" href="{site}">{site}</a>'
        return f"{escape(one.name)} ({self._country(one.country)}, {link}): {self.say(one.how_to_complain)}"

    def _country(self, code: str) -> str:
        return escape(Locale.parse(self.babel).territories.get(code, code))

    def _block(self, title: Words, lines: Iterable[str]) -> str:
        items = "".join(f"<li>{line}</li>" for line in lines)
        return f"<section><h2>{self.say(title)}</h2><ul>{items}</ul></section>\n"

    # ---- the data -------------------------------------------------------------------------------------------------
    def _section(self, section: Section) -> Iterator[str]:
        title = self.say(section.entity.title)
        yield f'<section id="{escape(section.name)}"><h2>{title}</h2>'
        if section.count == 0:
            yield f"<p>{self.say(words.EMPTY)}</p>"
        else:
            csv, json = files_of(section.name)
            links = {name: f'<a href="{path}">{path}</a>' for name, path in (("csv", csv), ("json", json))}
            said = words.ALSO if section.count <= SHOWN else words.NEWEST
            yield f"<p>{self.say(said).format(shown=SHOWN, count=section.count, **links)}</p>"
            records = list(section.records(max(0, section.count - SHOWN)))[::-1]
            yield from self._one(section, records[0]) if section.count == 1 else self._many(section, records)
        yield from self._about(section.entity)
        yield "</section>\n"

    def _one(self, section: Section, record: Record) -> Iterator[str]:
        yield "<table><tbody>"
        for field in section.fields:
            value = self._value(field, record)
            yield f'<tr><th scope="row">{self.say(field.title)}</th><td>{value}</td></tr>'
        yield "</tbody></table>"

    def _many(self, section: Section, records: list[Record]) -> Iterator[str]:
        used = [field for field in section.fields if any(record[field.name] not in NOTHING for record in records)]
        label = self.say(section.entity.title)
        yield f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table><thead>'
        yield self._row("th", (self.say(field.title) for field in used), ' scope="col"') + "</thead><tbody>"
        for record in records:
            yield self._row("td", (self._value(field, record) for field in used))
        yield "</tbody></table></div>"

    def _about(self, entity: Entity) -> Iterator[str]:
        heads = (words.FIELD, words.SOURCE, words.PURPOSES, words.BASIS, words.READERS, words.KEPT)
        about = self.say(words.ABOUT)
        yield f"<details><summary>{about}</summary>"
        yield f'<div class="wide" role="region" tabindex="0" aria-label="{about}"><table><thead>'
        yield self._row("th", map(self.say, heads), ' scope="col"') + "</thead><tbody>"
        key = (self.policy.inventory.sha256, entity.table, self.held.customer.governed_by, self.locale)
        if key not in _ABOUT:
            told = (described(self.policy, field, key[2], self.locale) for field in entity.shown)
            _ABOUT[key] = "".join(self._row("td", map(escape, one)) for one in told)
        yield _ABOUT[key] + "</tbody></table></div></details>"

    def _last_day(self, section: Section) -> str:
        rule = self.policy.rule(section.entity.rule, self.held.customer.governed_by)
        last = section.last_moment_of_all(rule)
        if last is None:
            return self.say(words.WITH_ACCOUNT) if section.count else ""
        return escape(format_date(last.astimezone(self.zone), "long", locale=self.babel))

    # ---- values ---------------------------------------------------------------------------------------------------
    def _value(self, field: Field, record: Record) -> str:
        if field.exported is Exported.EXISTENCE:
            return self.say(words.HELD if record[field.name] else words.NOT_HELD)
        return escape(self._plain(self.codes.said(field.name, record)))

    def _plain(self, value: Any) -> str:
        match value:
            case None:
                return "—"
            case Words():
                return value.said(self.locale)
            case bool():
                return (words.YES if value else words.NO).said(self.locale)
            case datetime():
                return self.moment(value)
            case date():
                return str(format_date(value, "long", locale=self.babel))
            case bytes():
                return value.hex()
            case list() | tuple():
                return ", ".join(map(self._plain, value)) or "—"
        return str(value)

    def moment(self, at: datetime) -> str:
        """A moment in the person's time zone, to the second, with the zone's offset."""
        return str(format_datetime(at, "d MMM y, HH:mm:ss xxx", tzinfo=self.zone, locale=self.babel))

    def say(self, text: Words) -> str:
        """Our words, escaped."""
        return escape(text.said(self.locale))

    @staticmethod
    def _row(tag: str, cells: Iterable[str], attributes: str = "") -> str:
        return "<tr>" + "".join(f"<{tag}{attributes}>{cell}</{tag}>" for cell in cells) + "</tr>"


def described(policy: Policy, field: Field, version: str, locale: str) -> tuple[str, str, str, str, str, str]:
    """A field's title, source, purposes, legal bases, readers and retention, in words."""
    inventory = policy.inventory
    purposes = [inventory.purposes[name] for name in field.purposes]
    bases = dict.fromkeys(inventory.bases[purpose.basis].said(locale) for purpose in purposes)
    readers = [inventory.roles[role].said(locale) for role in field.readers]
    return (
        field.title.said(locale),
        inventory.sources[field.source].said(locale),
        "; ".join(purpose.title.said(locale) for purpose in purposes),
        "; ".join(bases),
        ", ".join(readers) or words.ONLY_YOU.said(locale),
        policy.rule(field.rule, version).kept(locale),
    )


def files_of(section: str) -> tuple[str, str]:
    """Where a section stands in the archive, as CSV and as JSON."""
    return f"csv/{section}.csv", f"data/{section}.json"
