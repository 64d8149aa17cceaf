"""The mission with real processes: nothing but the command, the files it leaves and plain HTTP (issue 2, 'Shown by')."""

import email
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.policy import default
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any

import httpx
import pytest

from tests.postgres import Postgres

HOUSE = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds for what usually takes less than two, on a busy machine
IP = "198.51.100.77"
WHO = {
    "givenName": "Skaidrīte",
    "familyName": "Zvirgzdiņa",
    "phoneNumber": "+37129876543",
    "email": "skaidrite.z@example.com",
}
PASSWORD = "four umbrellas under the lighthouse"
ADDRESS = {"streetAddress": "Ezera iela 1", "locality": "Rīga", "postalCode": "LV-1034", "country": "LV"}
MORE = {"identity": {"birthdate": "1961-03-02"}, "address": ADDRESS, "password": PASSWORD}
NUMBERS = count()


class Server:
    """`octopus` in a folder of its own, as an operator runs it; ``settings`` without their prefix."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.data = folder, folder / "var"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        given = {"DATA_DIR": str(self.data), "PORT": str(self.port), "WORKER_EVERY": "0.3"} | settings
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("OCTOPUS_")}
        self.environment = {**inherited, "PYTHONPATH": str(HOUSE), **{f"OCTOPUS_{key}": given[key] for key in given}}
        self.process: subprocess.Popen[bytes] | None = None
        self.browsers: list[Browser] = []

    def say(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        environment = {**self.environment, **{f"OCTOPUS_{key}": value for key, value in settings.items()}}
        command = [sys.executable, "-m", "api", *words]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self, *words: str) -> None:
        """Serve, and wait until it is ready; what it says lies with its data, where the erasure's proof looks, too."""
        with (self.data / "serve.log").open("ab") as log:
            command = [sys.executable, "-m", "api", "serve", *words]
            self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        until(lambda: self.is_ready(), f"the server: {self.process.poll()}")

    def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz").status_code == 200
        return False

    def end(self, number: int = signal.SIGTERM) -> None:
        """Stop it as asked, and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
            self.process = None

    def remove(self) -> None:
        """Stop it, and everybody who used it."""
        self.end(signal.SIGKILL)
        for browser in self.browsers:
            browser.http.close()

    def token(self, template: str) -> str:
        """The token of the newest letter of a template."""
        until(lambda: self._letters(template), f"a letter {template}")
        found = re.search(r"token=([\w-]+)", self._letters(template)[-1])
        assert found is not None
        return found[1]

    def _letters(self, template: str) -> list[str]:
        files = sorted((self.data / "letters").glob("*.eml"))
        parsed = [email.message_from_bytes(one.read_bytes(), policy=default) for one in files]
        bodies = [(one["X-Octopus-Letter"], one.get_body(("plain",))) for one in parsed]
        return [body.get_content() for name, body in bodies if name == template and body is not None]


def until(works: Any, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not works():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


class Browser:
    """A plain HTTP client behind the proxy that the server trusts."""

    def __init__(self, server: Server) -> None:
        headers = {"X-Octopus-Client": "tests", "X-Forwarded-For": IP, "User-Agent": "Mozilla/5.0 Firefox/140.0"}
        self.http = httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE)
        server.browsers.append(self)

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the only root field."""
        answer = self.http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    def do(self, call: str, selected: str = "", **variables: Any) -> Any:
        """A mutation; ``call`` is its name and arguments, variables are texts unless they are inputs."""
        inputs = {"input": "SignUpInput!", "edit": "EditProfileInput!"}
        kinds = ", ".join(f"${key}: {inputs.get(key, 'String!')}" for key in variables)
        head = f"mutation({kinds})" if kinds else "mutation"
        refusal = "__typename ... on Refusal {code problems {field code}}"
        found = self.ask(f"{head} {{{call} {{{refusal} {selected}}}}}", **variables)
        assert found["__typename"] != "Refusal", found
        return found

    def sign_up(self, server: Server) -> None:
        version = self.ask("{policy {version}}")["version"]
        self.do("signUp(input: $input)", input={**WHO, **MORE, "acceptedPolicy": version})
        self.do("confirmEmail(token: $t)", t=server.token("confirm-email"))

    def sign_in(self, selected: str = "") -> Any:
        return self.do("signIn(email: $e, password: $p)", selected, e=WHO["email"], p=PASSWORD)

    def step_up(self) -> None:
        self.do("stepUp(proof: {password: $p})", p=PASSWORD)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A migrated one that listens, on each database."""
    settings = {"TRUSTED_PROXIES": "127.0.0.1/32"}
    names = [f"real_{next(NUMBERS)}" for _ in range(2)]
    if request.param == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        for name in names:
            postgres.create_database(name)
        settings |= {"MAIN_URL": postgres.url(names[0]), "KEYSTORE_URL": postgres.url(names[1])}
    made = Server(tmp_path, **settings)
    try:
        migrated = made.say("migrate")
        assert migrated.returncode == 0, migrated.stderr
        made.start()
        yield made
    finally:
        made.remove()
    if request.param == "postgres":
        for name in names:
            postgres.drop_database(name)


def hang_up(server: Server, browser: Browser, url: str) -> None:
    """Begin a download and break the line (RST): what was begun may be tried again."""
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.http.cookies.jar)
    request = f"GET {httpx.URL(url).path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nCookie: {cookies}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.sendall(request.encode())


LISTED = "{viewer {exports {status bytes expiresAt downloadUrl}}}"


def export(server: Server, browser: Browser) -> Path:
    """Ask for a copy, collect it at the second try, and find that there is no third."""
    browser.do("requestExport")
    until(lambda: browser.ask(LISTED)["exports"][0]["status"] == "READY", "the export")
    [ready] = browser.ask(LISTED)["exports"]
    without_a_proof(server, ready["downloadUrl"])
    hang_up(server, browser, ready["downloadUrl"])
    until(lambda: browser.ask(LISTED)["exports"][0]["expiresAt"] != ready["expiresAt"], "the ten minutes")
    whole = browser.http.get(ready["downloadUrl"])
    assert whole.status_code == 200, whole.text
    assert len(whole.content) == ready["bytes"]
    again = browser.http.get(ready["downloadUrl"])
    assert (again.status_code, again.json()["code"]) == (410, "EXPIRED_TOKEN")
    file = server.folder / "copy.zip"
    file.write_bytes(whole.content)
    return file


def without_a_proof(server: Server, url: str) -> None:
    """A ready export is kept from a session whose proof is not fresh: 403 and a Refusal as JSON."""
    other = Browser(server)
    other.sign_in()
    refused = other.http.get(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    assert refused.json().keys() == {"code", "message", "retryAt", "problems"}


def verified(server: Server, file: Path) -> None:
    """What was downloaded is as it was signed; with one byte changed it is not."""
    told = server.say("verify", str(file))
    assert told.returncode == 0, told
    assert "this installation's own" in told.stdout
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert server.say("verify", str(file)).returncode == 1


PAGE = """{viewer {number profile {givenName familyName phoneNumber email revision address {locality}}
    signIns {nodes {outcome ip}} paymentMethods {id} preferences {locale}}}"""
EDIT = "editProfile(input: $edit)"
DELETED = "... on ProfileDeleted {certificateCode closure {eraseAt}}"


def test_somebody_comes_edits_takes_a_copy_leaves_and_is_gone(server: Server) -> None:
    """From the first letter to the certificate, and no byte of them in any file of ours."""
    browser = Browser(server)
    browser.sign_up(server)
    browser.sign_in()
    page = browser.ask(PAGE)
    assert page["profile"]["email"] == WHO["email"]
    assert page["signIns"]["nodes"] == [{"outcome": "SUCCEEDED", "ip": IP}]
    browser.do(EDIT, edit={"revision": 1, "address": ADDRESS | {"locality": "Liepāja"}})
    assert browser.ask(PAGE)["profile"]["address"] == {"locality": "Liepāja"}
    browser.step_up()
    verified(server, export(server, browser))
    assert seen(server), "the search of this test finds somebody who is there"

    gone = browser.do("deleteProfile", DELETED)
    assert browser.ask("{viewer {number}}") is None
    closed = browser.sign_in("... on AccountClosed {closure {eraseAt}} ... on SignedIn {customer {number}}")
    assert closed == {"__typename": "AccountClosed", "closure": {"eraseAt": gone["closure"]["eraseAt"]}}

    when = datetime.now(UTC) + timedelta(days=92)
    worked = server.say("worker", "--as-of", f"{when:%Y-%m-%d}")
    assert worked.returncode == 0, worked.stderr
    assert seen(server) == []
    answer = browser.ask(
        "query($c: String!) {erasureCertificate(code: $c) {verifiedAt erasedAt}}", c=gone["certificateCode"]
    )
    assert answer["verifiedAt"] >= answer["erasedAt"]
    server.end()
    assert seen(server) == []


def seen(server: Server) -> list[str]:
    """Which of the person's values stand in which file of the server's."""
    texts = {*WHO.values(), IP, WHO["phoneNumber"].removeprefix("+371")}
    values = [value.encode(code) for value in texts for code in ("utf-8", "utf-16-le")]
    files = [path for path in server.data.rglob("*") if path.is_file()]
    return [f"{value!r} in {path.name}" for path in files for value in values if value in path.read_bytes()]


def test_a_killed_server_loses_nothing_acknowledged(server: Server) -> None:
    """kill -9 in the middle of edits: what was answered is there at the second start, with its session."""
    browser = Browser(server)
    browser.sign_up(server)
    browser.sign_in()
    browser.do(EDIT, edit={"revision": 1, "givenName": "Skaidrīte b"})
    acknowledged, killer = 2, Timer(0.3, lambda: server.end(signal.SIGKILL))
    killer.start()
    with suppress(httpx.TransportError):
        while True:
            browser.do(EDIT, edit={"revision": acknowledged, "givenName": f"Skaidrīte {'ab'[acknowledged % 2]}"})
            acknowledged += 1
    killer.join()
    server.start()

    found = browser.ask(PAGE)["profile"]
    assert found["revision"] in (acknowledged, acknowledged + 1)  # the last one's answer may be what was lost


def test_a_wrong_key_file_refuses_to_start(server: Server) -> None:
    """One sentence, nothing written; the right one in its place works as before."""
    browser = Browser(server)
    browser.sign_up(server)
    server.end()
    key, right = server.data / "keys.json", (server.data / "keys.json").read_bytes()
    key.unlink()
    assert server.say("keys", "new").returncode == 0

    refused = server.say("serve")

    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert "the key file is not the one" in refused.stderr
    key.write_bytes(right)
    server.start("--no-worker")
    browser.sign_in()


def test_another_date_is_for_development_only(tmp_path: Path) -> None:
    """In production the worker keeps to the real date, and says so in one sentence."""
    production = {"PROFILE": "production", "BASE_URL": "https://accounts.example.com", "SMTP_URL": "smtp://127.0.0.1:9"}
    refused = Server(tmp_path).say("worker", "--as-of", "2040-01-01", **production)

    assert refused.returncode == 1
    assert "--as-of is for development only" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1, refused.stderr
