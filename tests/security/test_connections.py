"""Every connection is encrypted, and whoever is at its other end has shown a certificate (ASVS chapter 12)."""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from api.serve import _configuration, _renewing, _Server
from api.settings import Settings, WrongSetting
from api.tls import CertificateUnusable, Tls, trust
from models.database import close_databases, open_databases, reader
from tests.api.small import Client, SmallWorld, production, small_app
from tests.security.certificates import Pair, made

OLD = "DEFAULT:@SECLEVEL=0"  # a client that would take anything


def shaken(tls: Tls, **client: object) -> tuple[str, str] | None:
    """A handshake in memory: the version and cipher that were agreed on, None when the server refused."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    theirs.check_hostname, theirs.verify_mode = False, ssl.CERT_NONE
    theirs.set_ciphers(str(client.pop("ciphers", OLD)))
    for name, value in client.items():
        setattr(theirs, name, value)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = theirs.wrap_bio(to_client, to_server, server_hostname="localhost")
    there = tls.context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(6):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return None
    agreed = here.cipher()
    return (here.version() or "", agreed[0]) if agreed else None


@pytest.mark.asvs("12.1.1", "12.1.2")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_only_tls_of_today_with_good_ciphers(tmp_path: Path) -> None:
    """1.2 with forward secrecy and authenticated encryption, 1.3 rather; nothing older, no CBC, no plain RSA."""
    tls = Tls(*made(tmp_path))

    assert tls.context.minimum_version is ssl.TLSVersion.TLSv1_2
    newest = shaken(tls)
    assert newest is not None
    assert newest[0] == "TLSv1.3"
    older = shaken(tls, maximum_version=ssl.TLSVersion.TLSv1_2)
    assert older is not None
    assert older[0] == "TLSv1.2"
    assert shaken(tls, maximum_version=ssl.TLSVersion.TLSv1_1, minimum_version=ssl.TLSVersion.TLSv1) is None
    for ciphers in ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "NULL"):
        assert shaken(tls, ciphers=ciphers + ":@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2) is None
    names = [one["name"] for one in tls.context.get_ciphers()]
    assert all(("ECDHE" in one or one.startswith("TLS_")) and ("GCM" in one or "CHACHA20" in one) for one in names)


@pytest.mark.asvs("12.1.1")
def test_a_certificate_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Nobody serves with a key that is another's, is missing, or that everybody can read."""
    one, other = made(tmp_path), made(tmp_path)

    for pair in (Pair(one.certificate, other.key), Pair(one.certificate, tmp_path / "none"), Pair(one.key, one.key)):
        with pytest.raises(CertificateUnusable, match=r"^OCTOPUS_TLS_CERT, OCTOPUS_TLS_KEY: [^\n]+$"):
            Tls(*pair)
    one.key.chmod(0o644)
    with pytest.raises(CertificateUnusable, match="chmod 600"):
        Tls(*one)


@asynccontextmanager
async def served(settings: Settings, tls: Tls) -> AsyncIterator[int]:
    """The application as `octopus serve` serves it; its port."""
    ready = asyncio.Event()
    server = _Server(_configuration(small_app(settings), tls), ready.set)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        running = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            await asyncio.wait_for(ready.wait(), 10)
            yield bound.getsockname()[1]
        finally:
            server.should_exit = True
            await running


@pytest.mark.asvs("12.1.1", "12.2.1")
async def test_https_without_a_proxy_and_a_renewed_certificate(tmp_path: Path) -> None:
    """Production is reached by https and tells browsers to stay there; after SIGHUP new connections see the new certificate."""
    old, new = made(tmp_path), made(tmp_path)
    now = Pair(tmp_path / "cert", tmp_path / "key")
    put(old, now)
    settings, small = production(tls_cert=now.certificate, tls_key=now.key), SmallWorld()
    tls = Tls.of(settings)
    assert tls is not None

    async with served(settings, tls) as port:
        with _renewing(tls, small.world()):
            assert await trusted(port, old)
            assert not await trusted(port, new)
            put(new, now)
            os.kill(os.getpid(), signal.SIGHUP)
            await told(small, 1)
            assert await trusted(port, new)
            now.certificate.write_text("spoilt")
            os.kill(os.getpid(), signal.SIGHUP)
            await told(small, 2)
            assert await trusted(port, new), "a bad one changes nothing"
        with pytest.raises(httpx.TransportError):
            async with httpx.AsyncClient() as plain:
                await plain.get(f"http://127.0.0.1:{port}/livez")
    assert [line["event"] for line in small.lines] == ["certificate.read", "certificate.unusable"]


async def told(small: SmallWorld, lines: int) -> None:
    """Wait until so many lines are in the log: a signal is heard at the loop's next turn."""
    for _ in range(500):
        if len(small.lines) >= lines:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody heard the signal")


def put(pair: Pair, where: Pair) -> None:
    for file, at in zip(pair, where, strict=True):
        shutil.copy(file, at)


async def trusted(port: int, pair: Pair) -> bool:
    """Whether somebody who trusts this certificate alone is answered."""
    context = ssl.create_default_context(cafile=str(pair.certificate))
    try:
        async with httpx.AsyncClient(verify=context) as client:
            answer = await client.get(f"https://localhost:{port}/livez")
    except httpx.ConnectError:
        return False
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    return answer.status_code == 200


@pytest.mark.asvs("12.2.1", "12.3.1", "12.3.3")
def test_production_speaks_to_nobody_in_the_clear(tmp_path: Path) -> None:
    """Each refuses to start: links by http, a database or a mail server elsewhere without a checked certificate."""
    usual = {
        "profile": "production",
        "base_url": "https://a.example",
        "smtp_url": "smtp://m.example",
        "data_dir": tmp_path,
    }
    Settings(**usual)
    for wrong, named in (
        ({"base_url": "http://a.example"}, "OCTOPUS_BASE_URL"),
        ({"main_url": "postgres://u:p4ss@db.example/main"}, "OCTOPUS_MAIN_URL"),
        ({"keystore_url": "postgres://u:p4ss@10.0.0.5/keys?sslmode=require"}, "OCTOPUS_KEYSTORE_URL"),
        ({"smtp_url": "smtp://m.example?tls=none"}, "OCTOPUS_SMTP_URL"),
    ):
        with pytest.raises(WrongSetting, match=f"^{named}: "):
            Settings(**{**usual, **wrong})
    here = {"main_url": "postgres://u:p4ss@127.0.0.1/main", "keystore_url": "postgres://u:p4ss@localhost/keys"}
    Settings(**usual, **here)
    Settings(**{**usual, "main_url": "postgres://u:p4ss@db.example/main?sslmode=verify-full"})


@pytest.mark.asvs("12.2.1")
async def test_production_answers_nothing_that_came_in_the_clear() -> None:
    """Not even a redirect, which would teach clients to send a password first."""
    answer = await Client(small_app(production())).ask("{hello}")

    assert answer.status_code == 403
    assert "location" not in answer.headers


@pytest.mark.asvs("12.3.1", "12.3.4", "12.3.2")
@pytest.mark.parametrize(("shown", "ca", "reached"), [("localhost", "same", True), ("localhost", "other", False),
                                                      ("other.example", "same", False)])  # fmt: skip
async def test_a_database_is_trusted_by_its_certificate_only(
    shown: str, ca: str, reached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said to a server that another authority vouches for, or that has another name."""
    monkeypatch.setenv("PGSSLROOTCERT", "")
    theirs, other = made(tmp_path, shown), made(tmp_path)
    said: list[bytes] = []
    server = await asyncio.start_server(_postgres(theirs, said.append), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    trust(Settings(database_ca=theirs.certificate if ca == "same" else other.certificate, data_dir=tmp_path))
    url = f"postgres://octopus:pa55@localhost:{port}/main?sslmode=verify-full"
    await open_databases(url, f"sqlite:///{tmp_path}/keys.db")
    try:
        with pytest.raises(Exception, match=r"PostgreSQL|closed|certificate"):
            await reader().execute_query("SELECT 1")
    finally:
        await close_databases()
        server.close()
        await server.wait_closed()

    assert any(b"octopus" in one for one in said) is reached


def _postgres(pair: Pair, hear: Callable[[bytes], None]) -> Callable[..., object]:
    """A server that takes TLS as PostgreSQL does, hears the first message, and hangs up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)

    async def talk(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            assert struct.unpack("!ii", await incoming.readexactly(8))[1] == 80877103  # SSLRequest
            outgoing.write(b"S")
            await outgoing.drain()
            await outgoing.start_tls(context)
            hear(await incoming.read(200))
        outgoing.close()

    return talk
