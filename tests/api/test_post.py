"""How letters leave: against a real SMTP server, into files, into memory."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.letters.envelope import mailbox
from api.post import FilePost, MemoryPost, SmtpPost
from models.world import Post, PostDown, PostRefused

LETTER, OTHER = UUID(int=7), UUID(int=8)
NOW = datetime(2026, 11, 22, 17, 32, tzinfo=UTC)
LINK = "https://portal.example.com/confirm?token=" + "aB3_-" * 30
PARAMS = {"name": "Anna Bērziņa", "link": LINK, "expires_at": "2026-11-23T17:32:00Z"}
NEWS = {"name": "Anna", "headline": "Jauni domēni: " + "ļoti " * 20, "body": "Lētāk.", "unsubscribe_link": LINK}
HOUSE: dict[str, Any] = {"sender": "Octopus Telecom <accounts@octopus.example>", "now": lambda: NOW}


def read(content: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """The plain or the HTML text."""
    body = message.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


class Catcher:
    """What a mail server got, and what it answers to a recipient and to a message."""

    def __init__(self) -> None:
        self.caught: list[Envelope] = []
        self.to_recipient, self.to_message, self.to_sender = "250 OK", "250 OK", "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_message.startswith("250"):
            self.caught.append(envelope)
        return self.to_message


@pytest.fixture
def catcher() -> Catcher:
    return Catcher()


@pytest.fixture
def smtp(catcher: Catcher) -> Iterator[Callable[..., SmtpPost]]:
    """Starts a mail server, gives a post that knows it."""
    servers: list[Controller] = []

    def start(
        *, tls: str = "none", utf8: bool = True, server_tls: ssl.SSLContext | None = None, **login: Any
    ) -> SmtpPost:
        server = Controller(catcher, "127.0.0.1", free_port(), enable_SMTPUTF8=utf8, tls_context=server_tls)
        server.start()
        servers.append(server)
        return SmtpPost(**HOUSE, host="127.0.0.1", port=server.port, timeout=5, tls=tls, **login)  # type: ignore[arg-type]

    yield start
    for server in servers:
        server.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_letter_arrives_by_smtp_with_its_headers_and_both_texts(
    catcher: Catcher, smtp: Callable[..., SmtpPost]
) -> None:
    """Seven-bit on the wire; the id is the letter's."""
    await smtp().send(LETTER, "anna@example.com", "confirm-email", "lv", PARAMS)
    [envelope] = catcher.caught
    assert (envelope.mail_from, envelope.rcpt_tos) == ("accounts@octopus.example", ["anna@example.com"])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.splitlines())) < 998
    message = read(envelope.content)
    assert message["From"] == "Octopus Telecom <accounts@octopus.example>"
    assert message["To"] == "anna@example.com"
    assert message["Subject"] == "Apstipriniet savu e-pasta adresi"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{LETTER}@octopus.example>"
    assert message["X-Octopus-Letter"] == "confirm-email"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "lv"
    assert "List-Unsubscribe" not in message
    assert "Labdien, Anna Bērziņa!" in part(message, "plain")
    for kind in ("plain", "html"):
        assert LINK in part(message, kind)


async def test_the_same_letter_sent_again_is_the_same_message(catcher: Catcher, smtp: Callable[..., SmtpPost]) -> None:
    """A crash between sending and marking shows as one letter in most mailboxes."""
    post = smtp()
    for _ in range(2):
        await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    first, second = catcher.caught
    assert first.content == second.content


async def test_news_can_be_unsubscribed_with_one_click(catcher: Catcher, smtp: Callable[..., SmtpPost]) -> None:
    """RFC 8058; the long link stands in the header as it is, and a long Latvian headline is folded."""
    await smtp().send(LETTER, "anna@example.com", "news", "lv", NEWS)
    content = catcher.caught[0].content
    assert isinstance(content, bytes)
    assert f"List-Unsubscribe: <{LINK}>\r\n".encode() in content
    assert read(content)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(content)["Subject"] == NEWS["headline"].strip()


@pytest.mark.parametrize("answer", ["550 no such mailbox anna@example.com", "553 no"])
async def test_a_refused_recipient_is_refused_for_good(
    catcher: Catcher, smtp: Callable[..., SmtpPost], answer: str
) -> None:
    """And the error names nobody."""
    catcher.to_recipient = answer
    with pytest.raises(PostRefused, match=answer[:3]) as refusal:
        await smtp().send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert "anna" not in f"{refusal.value!r}{refusal.value.__cause__!r}"
    assert refusal.value.__suppress_context__


async def test_a_refused_message_is_refused_for_good(catcher: Catcher, smtp: Callable[..., SmtpPost]) -> None:
    """The server will not change its mind about the same bytes."""
    catcher.to_message = "554 rejected"
    with pytest.raises(PostRefused, match="554"):
        await smtp().send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("to_recipient", "450 later"),
        ("to_message", "451 later"),
        ("to_sender", "451 later"),
        ("to_sender", "550 who are you"),
    ],
)
async def test_a_server_that_cannot_now_is_down(
    catcher: Catcher, smtp: Callable[..., SmtpPost], moment: str, answer: str
) -> None:
    """Greylisting, a full disk, and our own sender being refused, which the operator can mend."""
    setattr(catcher, moment, answer)
    with pytest.raises(PostDown, match=answer[:3]):
        await smtp().send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)


async def test_no_server_is_down() -> None:
    """Nobody listens."""
    post = SmtpPost(**HOUSE, host="127.0.0.1", port=free_port(), tls="none", timeout=2)
    with pytest.raises(PostDown):
        await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)


async def test_a_silent_server_is_down() -> None:
    """A connection that says nothing does not hold the worker."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post = SmtpPost(**HOUSE, host="127.0.0.1", port=silent.getsockname()[1], tls="none", timeout=0.2)
        with pytest.raises(PostDown):
            await asyncio.wait_for(post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS), 5)


@pytest.mark.asvs("12.3.3")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_server_without_tls_gets_nothing(catcher: Catcher, smtp: Callable[..., SmtpPost], tls: str) -> None:
    """Encryption is required, never tried."""
    with pytest.raises(PostDown):
        await smtp(tls=tls).send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert not catcher.caught


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that nobody signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2100, 1, 1, tzinfo=UTC)
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "mail.pem"
    path.write_bytes(signed.public_bytes(Encoding.PEM) + secret)
    return path


@pytest.mark.asvs("12.3.2")
async def test_a_mail_server_is_trusted_by_its_certificate_only(
    catcher: Catcher, smtp: Callable[..., SmtpPost], certificate: Path
) -> None:
    """STARTTLS with a certificate that we know; with one that we do not, not even the password is sent."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate)
    post = smtp(tls="starttls", server_tls=server)
    with pytest.raises(PostDown):
        await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert not catcher.caught
    known = replace(post, tls_context=ssl.create_default_context(cafile=certificate))
    await known.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert catcher.caught[0].rcpt_tos == ["anna@example.com"]


async def test_a_server_that_takes_no_login_is_down(catcher: Catcher, smtp: Callable[..., SmtpPost]) -> None:
    """Our configuration is wrong: the letters wait."""
    post = smtp(user="octopus", password="canary-password")
    with pytest.raises(PostDown) as down:
        await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert "canary" not in f"{down.value!r}{post!r}"


async def test_an_address_in_other_letters_needs_a_server_that_takes_them(
    catcher: Catcher, smtp: Callable[..., SmtpPost]
) -> None:
    """A domain becomes ASCII; the part before it cannot."""
    await smtp(utf8=False).send(LETTER, "anna@bērziņš.example", "confirm-email", "en", PARAMS)
    assert catcher.caught[0].rcpt_tos == ["anna@xn--brzi-bva32apg.example"]
    await smtp().send(LETTER, "bērziņa@example.com", "confirm-email", "en", PARAMS)
    assert catcher.caught[1].rcpt_tos == ["bērziņa@example.com"]
    with pytest.raises(PostRefused):
        await smtp(utf8=False).send(LETTER, "bērziņa@example.com", "confirm-email", "en", PARAMS)


HOSTILE = [
    "a@example.com\r\nBcc: b@example.com",
    "a@example.com, b@example.com",
    "A <a@example.com>",
    "a b@example.com",
    "a",
    "@",
    "",
]


@pytest.mark.parametrize("address", [*HOSTILE, "a@", "@b", "a@b c", "a@b\x00", "a@" + "b" * 64 + ".example"])
async def test_what_is_no_address_gets_nothing(address: str, tmp_path: Path) -> None:
    """One letter goes to one mailbox, in every post."""
    for post in (FilePost(**HOUSE, folder=tmp_path), MemoryPost(**HOUSE), SmtpPost(**HOUSE, host="127.0.0.1", port=1)):
        with pytest.raises(PostRefused):
            await post.send(LETTER, address, "confirm-email", "en", PARAMS)
    assert not list(tmp_path.iterdir())


@pytest.mark.asvs("1.3.11")
async def test_a_value_adds_no_header(tmp_path: Path) -> None:
    """Not even in the headline, which is the subject."""
    post = FilePost(**HOUSE, folder=tmp_path)
    attack = "Eve\r\nBcc: all@example.com\r\n\r\n<p>body"
    await post.send(LETTER, "a@example.com", "news", "en", NEWS | {"headline": attack, "name": attack})
    [path] = post.files()
    message = read(path.read_bytes())
    assert "Bcc" not in message
    assert message["Subject"] == "Eve Bcc: all@example.com <p>body"
    assert len(message.keys()) == len(set(message.keys())) == 12


async def test_a_letter_is_a_file_and_a_console_line(tmp_path: Path) -> None:
    """The file can be read with grep, by its owner only; the line names neither the recipient nor the link."""
    said: list[str] = []
    post = FilePost(**HOUSE, folder=tmp_path / "var" / "letters", say=said.append)
    await post.send(LETTER, "anna@example.com", "confirm-email", "lv", PARAMS)
    [path] = post.files()
    assert path.name == f"20261122T173200.000000Z-confirm-email-{LETTER}.eml"
    assert said == [f"letter confirm-email: {path}"]
    assert f"\r\n{LINK}\r\n".encode() in path.read_bytes()
    assert "Anna Bērziņa".encode() in path.read_bytes()
    assert read(path.read_bytes())["X-Octopus-Letter"] == "confirm-email"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_the_same_letter_again_replaces_its_file(tmp_path: Path) -> None:
    """Even when time has passed."""
    times = iter(NOW + timedelta(hours=hour) for hour in range(9))
    post = FilePost(sender=HOUSE["sender"], now=lambda: next(times), folder=tmp_path)
    for letter_id in (LETTER, OTHER, LETTER):
        await post.send(letter_id, "anna@example.com", "confirm-email", "en", PARAMS)
    assert [path.name[-40:-4] for path in post.files()] == [str(LETTER), str(OTHER)]


async def test_a_letter_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves nothing behind, and the letter waits."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    post = FilePost(**HOUSE, folder=tmp_path)
    with pytest.raises(PostDown, match="No space"):
        await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    assert not list(tmp_path.iterdir())


async def test_the_files_of_a_person_are_forgotten(tmp_path: Path) -> None:
    """Letters to any of their addresses, however spelt, and what a crash left; nobody else's."""
    post = FilePost(**HOUSE, folder=tmp_path)
    assert await post.forget({"anna@example.com"}) == 0
    for number, to in enumerate(["anna@example.com", "Anna@bērziņš.example", "eve@example.com", "bērziņa@example.com"]):
        await post.send(UUID(int=number), to, "confirm-email", "en", PARAMS)
    (tmp_path / ".crashed.tmp").write_bytes(b"To: an")
    (tmp_path / "README").write_bytes(b"mine")
    assert len(list(post.files())) == 5
    assert (
        await post.forget({"ANNA@example.com", "anna@xn--brzi-bva32apg.example", "bērziņa@example.com", "no address"})
        == 4
    )
    [left] = post.files()
    assert read(left.read_bytes())["To"] == "eve@example.com"
    assert await post.forget({"anna@example.com"}) == 0


async def test_a_folder_that_never_was_holds_nothing(tmp_path: Path) -> None:
    """Nothing sent, nothing to forget."""
    post = FilePost(**HOUSE, folder=tmp_path / "none")
    assert list(post.files()) == []
    assert await post.forget({"anna@example.com"}) == 0


async def test_the_post_in_memory_behaves_like_a_post() -> None:
    """It remembers, refuses, is down, and forgets."""
    post = MemoryPost(**HOUSE, refused={"eve@example.com"})
    await post.send(LETTER, "anna@example.com", "confirm-email", "en", PARAMS)
    with pytest.raises(PostRefused):
        await post.send(OTHER, "eve@example.com", "confirm-email", "en", PARAMS)
    post.down.append("maintenance")
    with pytest.raises(PostDown, match="maintenance"):
        await post.send(OTHER, "anna@example.com", "confirm-email", "en", PARAMS)
    [letter] = post.sent
    assert (letter.letter_id, letter.to, letter.template) == (LETTER, "anna@example.com", "confirm-email")
    assert LINK in letter.rendered.text
    assert await post.forget({"Anna@Example.com"}) == 1
    assert not post.sent


def test_every_post_is_the_worlds_post(tmp_path: Path) -> None:
    """They share how letters read; the type checker holds the rest."""
    posts: list[Post] = [MemoryPost(**HOUSE), FilePost(**HOUSE, folder=tmp_path), SmtpPost(**HOUSE, host="h", port=1)]
    for post in posts:
        assert post.render("news", "en", NEWS) == posts[0].render("news", "en", NEWS)
        assert post.without_links(LINK, "lv") == "[saite izņemta]"


async def test_only_a_post_that_keeps_files_has_something_to_forget() -> None:
    """SMTP keeps nothing."""
    assert await SmtpPost(**HOUSE, host="h", port=1).forget({"anna@example.com"}) == 0


def test_a_mailbox_keeps_its_spelling() -> None:
    """Only the domain is translated."""
    assert mailbox(" O'Neil+x@Example.com ") == "O'Neil+x@Example.com"
