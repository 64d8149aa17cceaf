"""A rendered letter as an e-mail message (RFC 5322): its headers, and both forms of its text."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Final, Literal
from uuid import UUID

from models.world import PostRefused, RenderedLetter

Encoding = Literal["8bit", "quoted-printable"]
"""Files stay readable; a mail server may know only seven bits."""

_IN_OTHER_LETTERS: Final = re.compile(r"[^\W_a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on a letter. ``sender`` may have a display name; ``unsubscribe_link`` makes it a marketing letter."""

    letter_id: UUID
    sender: str
    to: str
    at: datetime
    template: str
    locale: str
    unsubscribe_link: str | None = None


def write(on: Envelope, said: RenderedLetter, encoding: Encoding) -> bytes:
    """The message's bytes, the same for the same letter and time."""
    display, address = parseaddr(on.sender)
    message = EmailMessage(policy=_Letterhead(linesep="\r\n", utf8=not on.to.isascii()))
    message["From"] = Address(display, addr_spec=address)
    message["To"] = _addressee(on.to)
    message["Subject"] = said.subject
    message["Date"] = on.at
    message["Message-ID"] = f"<{on.letter_id}@{address.rpartition('@')[2]}>"
    message["X-Octopus-Letter"] = on.template
    message["Auto-Submitted"] = "auto-generated"
    if on.unsubscribe_link:
        message["List-Unsubscribe"] = f"<{on.unsubscribe_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(said.text, cte=encoding)
    message.add_alternative(said.html, subtype="html", cte=encoding)
    message["Content-Language"] = on.locale
    message.set_boundary(f"octopus-{on.letter_id.hex}")
    return message.as_bytes()


class _Letterhead(EmailPolicy):
    """SMTP's policy, but List-Unsubscribe stays as it is: Python encodes a long URL as words that nobody reads."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == "List-Unsubscribe" else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name == "List-Unsubscribe" else super().fold_binary(name, value)


def mailbox(address: str) -> str:
    """An address as mail carries it: its domain in ASCII. Raises PostRefused if it is none."""
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        parsed = Address(addr_spec=f"{_IN_OTHER_LETTERS.sub('x', local)}@{domain}")
    except (ValueError, IndexError, MessageError):
        raise PostRefused("not an e-mail address") from None
    if not parsed.username or parsed.domain != domain or len(parsed.addr_spec) != len(local) + len(domain) + 1:
        raise PostRefused("not an e-mail address")
    return f"{local}@{domain}"


def _addressee(mailbox: str) -> Address:
    """Python takes an address in other letters than English ones only in parts."""
    local, _, domain = mailbox.rpartition("@")
    return Address(addr_spec=mailbox) if local.isascii() else Address(username=local, domain=domain)
