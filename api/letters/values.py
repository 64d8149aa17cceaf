"""How a value is said in a letter: times in the reader's zone, codes as words, and nothing that could become markup."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from babel.dates import format_datetime
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.letters.words import VOCABULARY, WORDS

_LONGEST_NAME: Final = 80
_UNSAID: Final = "—"
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINK: Final = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:)[^\s<>\"]*[^\s<>\".,;:!?)\]}'»”]", re.IGNORECASE)
_IN_A_URL: Final = re.compile(r"[!#-;=?-~]+")


class Prose(str):
    """A text of several lines that keeps them."""

    __slots__ = ()


def one_line(value: Any) -> Any:
    """A value on one line, without control characters or text that runs backwards; None as a dash."""
    if isinstance(value, Markup | Prose):
        return value
    return " ".join(_clean(str(value)).split()) if value is not None else _UNSAID


def plain(name: Any) -> str:
    """A name that somebody typed: short, and nothing that a mail program would turn into a link."""
    short = str(one_line(name))[:_LONGEST_NAME]
    return re.sub(r"@(?=\w)", "@ ", re.sub(r"\.(?=\w)", ". ", re.sub(r":(?=/)", ": ", short)))


def absolute(link: Any) -> str:
    """The link itself. Raises ValueError unless it is an absolute http(s) URL without spaces or control characters."""
    url = str(link)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _IN_A_URL.fullmatch(url):
        raise ValueError("a letter's link must be an absolute http(s) URL")
    return url


@pass_context
def _prose(context: Context, value: Any) -> str:
    """A longer text with its own line breaks, which HTML shows as such."""
    lines = [_clean(line).strip() for line in str(value).strip().splitlines()]
    return Markup("<br>").join(lines) if context.eval_ctx.autoescape else Prose("\n".join(lines))


@pass_context
def _moment(context: Context, value: str | datetime) -> str:
    """A time, to the minute, with its zone's city."""
    return _date(context, value, WORDS[context["locale"]].moment)


@pass_context
def _day(context: Context, value: str | datetime) -> str:
    """The day of a time, in the reader's zone."""
    return _date(context, value, WORDS[context["locale"]].day)


@pass_context
def _word(context: Context, value: str) -> str:
    """A code (``phone_number``, ``phoneNumber``, ``RESTORE``) as a word of the language; anything else as it is."""
    code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(value)).lower().replace("-", "_")
    known = VOCABULARY.get(code)
    return known[context["locale"]] if known else str(value)


def _date(context: Context, value: str | datetime, pattern: str) -> str:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("a letter's time must carry its offset")
    return format_datetime(at, pattern, tzinfo=context["zone"], locale=WORDS[context["locale"]].formats)


def _clean(text: str) -> str:
    """Control characters as spaces; without marks that reverse text and halves of characters."""
    kinds = ((c, unicodedata.category(c)) for c in text if c not in _BIDI)
    return "".join(" " if kind == "Cc" else c for c, kind in kinds if kind != "Cs")


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "prose": _prose,
    "moment": _moment,
    "day": _day,
    "word": _word,
    "plain": plain,
    "absolute": absolute,
}
