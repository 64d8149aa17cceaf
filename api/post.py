"""How letters leave: by SMTP, as files in development, into memory in tests.

The outbox's duty calls ``send`` with a row's id. A crash between sending and marking sends again, under the same
Message-ID. Exceptions and console lines never name the recipient or show a link.
"""

import asyncio
import os
import ssl
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import HeaderParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import aiosmtplib

from api.folders import settle
from models.world import PostDown, PostRefused, RenderedLetter

if TYPE_CHECKING:
    from api.letters.envelope import Encoding


@dataclass(frozen=True, kw_only=True)
class _Office:
    """What every post shares. ``sender`` is an address, with a display name if wanted; ``now`` dates the letters."""

    sender: str
    now: Callable[[], datetime]

    def render(self, template: str, locale: str, params: Mapping[str, Any]) -> RenderedLetter:
        """See ``letters.render``."""
        from api import letters  # templates, their engine and babel's words: loaded by whoever writes a letter

        return letters.render(template, locale, params)

    def subject(self, template: str, locale: str) -> str | None:
        """See ``letters.subject``."""
        from api import letters

        return letters.subject(template, locale)

    def without_links(self, text: str, locale: str) -> str:
        """See ``letters.without_links``."""
        from api import letters

        return letters.without_links(text, locale)

    async def forget(self, addresses: set[str]) -> int:
        """Nothing is kept of what was sent."""
        return 0

    def _write(
        self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any], encoding: "Encoding"
    ) -> bytes:
        from api import letters
        from api.letters.envelope import Envelope, write

        unsubscribe = params["unsubscribe_link"] if template in letters.MARKETING else None
        said = self.render(template, locale, params)
        on = Envelope(letter_id, self.sender, to, self.now(), template, letters.language(locale), unsubscribe)
        return write(on, said, encoding)


@dataclass(frozen=True, kw_only=True)
class SmtpPost(_Office):
    """Production: one connection per letter to the mail server; TLS from the start, by STARTTLS (required), or none."""

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 20.0
    tls_context: ssl.SSLContext | None = None

    async def send(self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any]) -> None:
        """Hand the letter over. Raises PostRefused for a 5xx about this letter, PostDown for anything else."""
        to = _mailbox(to)
        content = self._write(letter_id, to, template, locale, params, "quoted-printable")
        sender = parseaddr(self.sender)[1]
        server = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            local_hostname=sender.rpartition("@")[2],
            timeout=self.timeout,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            tls_context=self.tls_context,
        )
        try:
            await server.connect()
            if not to.isascii():
                await server.ehlo()
                if not server.supports_extension("smtputf8"):
                    raise PostRefused("the mail server takes no address with such letters")
            await server.sendmail(sender, [to], content, mail_options=[] if to.isascii() else ["SMTPUTF8"])
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise _verdict(problem) from None
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                if server.is_connected:
                    await server.quit()
            server.close()


def _verdict(problem: Exception) -> PostDown | PostRefused:
    """Refused only for a 5xx to the recipient or the content: faults of our own configuration can be mended."""
    if isinstance(problem, aiosmtplib.SMTPRecipientsRefused):
        problem = problem.recipients[0]
    code = problem.code if isinstance(problem, aiosmtplib.SMTPResponseException) else None
    if isinstance(problem, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) and code and code >= 500:
        return PostRefused(f"the mail server refused the letter: {code}")
    return PostDown(f"the mail server did not take the letter: {code or type(problem).__name__}")


@dataclass(frozen=True, kw_only=True)
class FilePost(_Office):
    """Development: each letter is a file in ``folder`` (var/letters), for the owner's eyes only, and a console line."""

    folder: Path
    say: Callable[[str], object] = print

    async def send(self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any]) -> None:
        """Write ``<time>-<template>-<letter_id>.eml`` whole or not at all; the same letter again replaces its file."""
        content = self._write(letter_id, _mailbox(to), template, locale, params, "8bit")
        name = f"{self.now():%Y%m%dT%H%M%S.%fZ}-{template}-{letter_id}.eml"
        try:
            path = await asyncio.to_thread(self._keep, letter_id, name, content)
        except OSError as problem:
            raise PostDown(f"the letters' folder: {problem.strerror}") from None
        self.say(f"letter {template}: {path}")

    async def forget(self, addresses: set[str]) -> int:
        """Delete the files of letters to these addresses, and what a crash left half written; how many files."""
        return await asyncio.to_thread(self._forget, addresses)

    def files(self) -> Iterable[Path]:
        """Every file that may hold a letter, oldest first, half written ones included."""
        return sorted(path for path in self.folder.glob("*") if path.suffix in {".eml", ".tmp"})

    def _keep(self, letter_id: UUID, name: str, content: bytes) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = next(self.folder.glob(f"*-{letter_id}.eml"), self.folder / name)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".tmp", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
        settle(self.folder)
        return path

    def _forget(self, addresses: set[str]) -> int:
        theirs = {_same(address) for address in addresses}
        gone = 0
        for path in self.files():
            with suppress(FileNotFoundError):
                if path.suffix == ".tmp" or _recipients(path) & theirs:
                    path.unlink()
                    gone += 1
        if gone:
            settle(self.folder)
        return gone


def _recipients(path: Path) -> set[str]:
    to = HeaderParser(policy=default).parsestr(path.read_text("utf-8", errors="replace"))["To"]
    return {_same(address.addr_spec) for address in to.addresses} if to else set()


def _same(address: str) -> str:
    """An address for comparing; one that mail could not carry compares as it is."""
    with suppress(PostRefused):
        return _mailbox(address).casefold()
    return address.casefold()


def _mailbox(address: str) -> str:
    from api.letters.envelope import mailbox

    return mailbox(address)


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter in memory."""

    letter_id: UUID
    to: str
    template: str
    locale: str
    params: Mapping[str, Any]
    rendered: RenderedLetter
    content: bytes


@dataclass(frozen=True, kw_only=True)
class MemoryPost(_Office):
    """Tests: what was sent, in order. Addresses in ``refused`` are refused; none leaves while ``down`` says why."""

    sent: list[Sent] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    down: list[str] = field(default_factory=list)

    async def send(self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any]) -> None:
        """Remember the letter, rendered as the others would."""
        content = self._write(letter_id, _mailbox(to), template, locale, params, "8bit")
        if self.down:
            raise PostDown(self.down[0])
        if to in self.refused:
            raise PostRefused("refused")
        rendered = self.render(template, locale, params)
        self.sent.append(Sent(letter_id, to, template, locale, dict(params), rendered, content))

    async def forget(self, addresses: set[str]) -> int:
        """Forget letters to these addresses; how many."""
        theirs = {_same(address) for address in addresses}
        kept = [letter for letter in self.sent if _same(letter.to) not in theirs]
        gone = len(self.sent) - len(kept)
        self.sent[:] = kept
        return gone
