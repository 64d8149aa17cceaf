"""Letters: everything the company writes to people, in English and Latvian.

A letter is one file, ``<name>.<locale>.txt``: its subject on the first line, then blocks with an empty line between.
``-> link: Label`` is an action, ``* things: text of each {{ item }}`` a list, anything else a paragraph; plain text and
HTML come from the same blocks. Each block is rendered alone, so that no value can add a block, a link or a header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template, meta

from api.letters import values
from api.letters.words import WORDS, language
from models.world import RenderedLetter

__all__ = [
    "MARKETING",
    "MissingParam",
    "UnknownLetter",
    "language",
    "params_of",
    "render",
    "subject",
    "templates",
    "without_links",
]

MARKETING: Final = frozenset({"news"})
"""Letters that are sent only with consent and carry a way to unsubscribe."""

_VALUE: Final = re.compile(r"\{\{.*?\}\}")
_FOLDER: Final = Path(__file__).parent
_HTML: Final = Environment(autoescape=True, undefined=StrictUndefined, finalize=values.one_line)
_HTML.filters.update(values.FILTERS)
_PLAIN: Final = _HTML.overlay(autoescape=False)
_PAGE: Final = _HTML.from_string((_FOLDER / "page.html").read_text("utf-8"))


class UnknownLetter(KeyError):
    """No letter has this name."""


class MissingParam(KeyError):
    """A letter was given less than it says."""


@dataclass(frozen=True, slots=True)
class _Block:
    plain: Template
    html: Template


@dataclass(frozen=True, slots=True)
class _Letter:
    subject: Template
    blocks: tuple[_Block, ...]
    params: frozenset[str]


def templates() -> frozenset[str]:
    """The names of all letters."""
    return frozenset(path.name.split(".")[0] for path in _FOLDER.glob("*.txt"))


def params_of(template: str, locale: str) -> frozenset[str]:
    """The params that a letter says; each must be given, if only as None. Raises UnknownLetter."""
    return _load(template, language(locale)).params


def render(template: str, locale: str, params: Mapping[str, Any]) -> RenderedLetter:
    """A letter in ``en`` or ``lv``; its times are said in the param ``time_zone`` (IANA), or else London's or Riga's.

    Raises UnknownLetter, MissingParam, KeyError for another language, and ValueError for a link that is not an absolute
    http(s) URL or a time that is not RFC 3339 with its offset.
    """
    locale = language(locale)
    letter, words = _load(template, locale), WORDS[locale]
    if missing := sorted(letter.params - params.keys()):
        raise MissingParam(f"the letter {template!r} needs {', '.join(missing)}")
    name, zone = values.plain(params["name"]), ZoneInfo(params.get("time_zone") or words.zone)
    said = {**params, "name": name, "locale": locale, "zone": zone}
    greeting = words.greeting.format(name=name)
    foot = [words.company, words.why_news if template in MARKETING else words.why_service]
    texts = [greeting, *(block.plain.render(said) for block in letter.blocks), "-- \n" + "\n".join(foot)]
    bodies = [block.html.render(said) for block in letter.blocks]
    subject = letter.subject.render(said)
    page = _PAGE.render(locale=locale, subject=subject, greeting=greeting, bodies=bodies, foot=foot)
    return RenderedLetter(subject, "\n\n".join(texts) + "\n", page)


def subject(template: str, locale: str) -> str | None:
    """A letter's subject with "…" for what only one such letter says; None for a letter of an earlier release."""
    try:
        return _VALUE.sub("…", _text(template, language(locale)).split("\n", 1)[0])
    except UnknownLetter:
        return None


def without_links(text: str, locale: str) -> str:
    """The text with every URL replaced: as a letter is kept in the conversation (clause 2), it carries no token."""
    return values.LINK.sub(WORDS[language(locale)].link_removed, text)


@cache
def _text(template: str, locale: str) -> str:
    if template not in templates():
        raise UnknownLetter(f"no letter is called {template!r}")
    return (_FOLDER / f"{template}.{locale}.txt").read_text("utf-8").strip()


@cache
def _load(template: str, locale: str) -> _Letter:
    subject, *blocks = _text(template, locale).split("\n\n")
    sources = [_sources(block) for block in blocks]
    whole = "\n".join([subject, *(plain for plain, _ in sources)])
    pairs = tuple(_Block(_PLAIN.from_string(plain), _HTML.from_string(html)) for plain, html in sources)
    return _Letter(
        _PLAIN.from_string(subject), pairs, frozenset(meta.find_undeclared_variables(_PLAIN.parse(whole)) | {"name"})
    )


def _sources(block: str) -> tuple[str, str]:
    """A block's Jinja source as plain text and as HTML."""
    if not block.startswith(("-> ", "* ")):
        return block, f"<p>{block}</p>"
    mark, rest = block.split(" ", 1)
    key, text = rest.split(": ", 1)
    if mark == "->":
        link = f"{{{{ {key} | absolute }}}}"
        return f"{text}:\n{link}", f'<p><a href="{link}">{text}</a></p>'
    each, end = f"{{% for item in {key} %}}", "{% endfor %}"
    return f"{each}{{% if not loop.first %}}\n{{% endif %}}- {text}{end}", f"<ul>{each}<li>{text}</li>{end}</ul>"
