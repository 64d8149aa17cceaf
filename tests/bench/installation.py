"""An installation of the service as an operator has it: production settings, databases, key file, processes of its own."""

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.commands.opening import opened
from api.settings import Settings
from api.settings.environment import read_settings
from models.world import World
from tests.bench.operations import DOCUMENTS
from tests.postgres import Postgres

HOUSE = Path(__file__).parents[2]
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 60  # seconds for a process to start or to stop
HEADERS = {
    "Host": "accounts.example.com",
    "Content-Type": "application/json",
    "X-Octopus-Client": "bench",
    "X-Forwarded-Proto": "https",
}


@dataclass(frozen=True)
class Server:
    """A running server process, as /proc sees it; what its start took, in seconds and in seconds of processor time."""

    pid: int
    port: int
    started_in: float
    started_with: float = 0.0

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, its threads' included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self, name: str = "VmRSS") -> float:
        """Resident memory in MB; ``VmHWM`` is the most it ever was."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


class Installation:
    """Made by ``octopus keys new`` and ``octopus migrate``; on SQLite unless a PostgreSQL is given."""

    def __init__(self, folder: Path, postgres: Postgres | None = None, name: str = "octopus") -> None:
        folder.mkdir()
        urls = [f"sqlite:///{folder}/{part}.db" for part in ("main", "keystore")]
        if postgres:
            for part in ("main", "keystore"):
                postgres.create_database(f"{name}_{part}")
            urls = [postgres.url(f"{name}_{part}") for part in ("main", "keystore")]
        self._settle(folder, urls)
        self.octopus("keys", "new")
        self.octopus("migrate")

    def over(self, folder: Path, postgres: Postgres, name: str) -> "Installation":
        """The same with copies of its folder and its databases."""
        other = Installation.__new__(Installation)
        other._settle(folder, [postgres.url(f"{name}_{part}") for part in ("main", "keystore")])
        return other

    def _settle(self, folder: Path, urls: list[str]) -> None:
        self.port = free_port()
        given = {
            "profile": "production", "port": self.port, "base_url": "https://accounts.example.com", "data_dir": folder,
            "main_url": urls[0], "keystore_url": urls[1], "trusted_proxies": "127.0.0.1/32", "ad_hoc": "true",
            "documents_dirs": DOCUMENTS, "smtp_url": "smtp://127.0.0.1:9?tls=none", "rate_cost": 10**12,
        }  # fmt: skip
        ours = {f"OCTOPUS_{key.upper()}": str(value) for key, value in given.items()}
        outside = {key: value for key, value in os.environ.items() if not key.startswith(("OCTOPUS_", "PYTHON"))}
        self.environment = outside | ours
        self.settings: Settings = read_settings(ours, folder)

    def octopus(self, *words: str, seconds: float = PATIENCE) -> str:
        """Run a command to its end; one that takes longer is stopped. What it printed."""
        process = self._start(*words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=PATIENCE)
            return str(said)
        if process.returncode:
            raise RuntimeError(f"octopus {' '.join(words)}: {said}")
        return str(said)

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """A server process without the worker, from its start to its end."""
        begun = time.perf_counter()
        with (self.settings.data_dir / "log").open("ab") as log:
            process = self._start("serve", "--no-worker", stdout=log, stderr=log)
        try:
            while not _answers(self.port):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    said = (self.settings.data_dir / "log").read_text()
                    raise RuntimeError(f"the server did not start: {said[-2000:]}")
                time.sleep(0.005)
            took = time.perf_counter() - begun
            yield Server(process.pid, self.port, took, Server(process.pid, self.port, took).cpu)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @asynccontextmanager
    async def world(self) -> AsyncIterator[World]:
        """The same databases, keys and files, in this process."""
        async with opened(self.settings) as world:
            yield world

    def _start(self, *words: str, **how: Any) -> "subprocess.Popen[Any]":
        command = [sys.executable, "-m", "api", *words]
        return subprocess.Popen(
            command, cwd=HOUSE, env=self.environment, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **how
        )


def ask(port: int, body: dict[str, Any], **headers: str) -> tuple[dict[str, Any], http.client.HTTPMessage]:
    """One request; the answer and its headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/graphql", json.dumps(body), HEADERS | headers)
        answer = connection.getresponse()
        return json.loads(answer.read()), answer.headers
    finally:
        connection.close()


def _answers(port: int) -> bool:
    try:
        return ask(port, {"query": "{__typename}"})[0] == {"data": {"__typename": "Query"}}
    except OSError:
        return False


def die_with_parent() -> None:
    """Runs in the child: no server outlives the bench, however that ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def free_port() -> int:
    """Nobody listens there now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
