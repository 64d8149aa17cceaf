"""Our server against others that answer the same over the same database: all up at once, loaded one after the other.

Ours has everything on: authentication, sealed rows, its trusted documents. The others read plain tables with as many rows
(rivals/tables.sql), know nobody and check nothing. Rounds are interleaved, forwards and backwards, and a ratio is taken
within one pass, so that what else the machine does meanwhile falls on both.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.bench.installation import HOUSE, PATIENCE, Installation, Server, _free_port, ask
from tests.bench.load import Tally, load, request
from tests.bench.serving import CONNECTIONS, viewing
from tests.node import node, npm_ci

RIVALS = Path(__file__).parent / "rivals"
OURS = "ours"
RIGHT = b'"number"'  # every operation asks for it: whoever finds nobody does not say it
SHAPES = {
    "A": "id number state createdAt profile { givenName familyName birthdate phoneNumber email revision }",
    "B": """id number
        profile {
            givenName familyName birthdate address { streetAddress locality postalCode country } phoneNumber email updatedAt
        }
        signIns(first: 10) {
            edges { cursor node { id at outcome method ip isNewDevice place { country } userAgent { browser } } }
            pageInfo { hasNextPage endCursor }
        }
        paymentMethods { id label masked }
        preferences { locale timeZone theme newsByEmail cookies { decidedAt } }""",
    "C": """id number state
        signIns(first: 50) {
            nodes { id at outcome method ip place { country city } userAgent { browser } }
            pageInfo { hasNextPage endCursor }
        }""",
}
FLAT = {  # PostGraphile makes its schema of the tables
    "A": "id number state createdAt givenName familyName birthdate phoneNumber email revision",
    "B": """id number givenName familyName birthdate streetAddress locality postalCode country phoneNumber email updatedAt
        signInsByCustomerId(first: 10, orderBy: [AT_DESC, ROW_ID_DESC]) {
            edges { cursor node { id at outcome method ip isNewDevice country browser } }
            pageInfo { hasNextPage endCursor }
        }
        paymentMethodsByCustomerId { nodes { id label masked } }
        preferenceByCustomerId { locale timeZone theme newsByEmail cookiesDecidedAt }""",
    "C": """id number state
        signInsByCustomerId(first: 50, orderBy: [AT_DESC, ROW_ID_DESC]) {
            nodes { id at outcome method ip country city browser }
            pageInfo { hasNextPage endCursor }
        }""",
}
PYTHON = {"the usual way": "usual", "hand-written floor": "floor"}
NODE = {"Mercurius": "mercurius", "Apollo Server": "apollo", "PostGraphile": "postgraphile"}
NAMES = (OURS, *NODE, *PYTHON)


def _body(name: str, operation: str) -> dict[str, Any]:
    if name == "hand-written floor":
        return {"operation": operation}
    if name == "PostGraphile":
        return {"query": f"query($id: UUID!) {{customer: customerByRowId(rowId: $id) {{{FLAT[operation]}}}}}"}
    return {"query": f"query($id: ID!) {{customer(id: $id) {{{SHAPES[operation]}}}}}"}


def _asking(name: str, operation: str, people: Sequence[UUID]) -> Callable[[], bytes]:
    body = _body(name, operation)
    made = [request(body | {"variables": {"id": str(person)}}) for person in people]
    return lambda: random.choice(made)


def prepare(installation: Installation, postgres: Any) -> None:
    """The plain tables beside ours; Node's packages as their lock file names them."""
    npm_ci(RIVALS)
    postgres.sql((RIVALS / "tables.sql").read_text(), installation.settings.main_url.rpartition("/")[2])


@contextmanager
def _rival(name: str, installation: Installation) -> Iterator[Server]:
    """One of them, from its start to its end."""
    if name in NODE:  # the one that works, not what starts it
        said = subprocess.run([node(), "-p", "process.execPath"], capture_output=True, text=True, check=True)
        command = [said.stdout.strip(), str(RIVALS / f"{NODE[name]}.mjs")]
    else:
        command = [sys.executable, "-m", f"tests.bench.rivals.{PYTHON[name]}"]
    port = _free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "DATABASE_URL": installation.settings.main_url,
        "NODE_ENV": "production",
    }
    with (installation.settings.data_dir / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=HOUSE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        begun = time.perf_counter()
        while not _answers(port, name):
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                raise RuntimeError(f"{name} did not start: {Path(log.name).read_text()[-2000:]}")
            time.sleep(0.05)
        yield Server(process.pid, port, time.perf_counter() - begun)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int, name: str) -> bool:
    try:
        answer, _ = ask(port, _body(name, "A") | {"variables": {"id": str(UUID(int=0))}})
    except (OSError, ValueError):
        return name == "hand-written floor" and _listens(port)  # it has no word for nobody
    return "data" in answer


def _listens(port: int) -> bool:
    try:
        ask(port, {})
    except OSError:
        return False
    except ValueError:
        return True
    return True


async def contest(
    installation: Installation,
    ours: Server,
    secrets: Sequence[str],
    people: Sequence[UUID],
    seconds: float,
    passes: int,
) -> dict[str, Any]:
    """``secrets`` are the sessions of ``people``. By operation and server: requests/s, CPU µs, p50, p99, ours to theirs."""
    with ExitStack() as stack:
        servers = {OURS: ours} | {
            name: stack.enter_context(_rival(name, installation)) for name in NAMES if name != OURS
        }
        figures: dict[str, Any] = {
            operation: await _one(servers, operation, secrets, people, seconds, passes) for operation in SHAPES
        }
        return figures | {"memory": {name: server.memory() for name, server in servers.items()}}


async def _one(
    servers: dict[str, Server],
    operation: str,
    secrets: Sequence[str],
    people: Sequence[UUID],
    seconds: float,
    passes: int,
) -> dict[str, Any]:
    asked = {
        name: viewing(operation, secrets) if name == OURS else _asking(name, operation, people) for name in servers
    }
    for name, server in servers.items():  # warm: pools, caches, just-in-time compilers
        await load(server, asked[name], min(1.0, seconds), CONNECTIONS, RIGHT)
    rounds: dict[str, list[Tally]] = {name: [] for name in servers}
    for number in range(passes):
        for name in list(servers)[:: 1 if number % 2 == 0 else -1]:
            rounds[name].append(await load(servers[name], asked[name], seconds, CONNECTIONS, RIGHT))
    return {name: _figures(tallies, rounds[OURS]) for name, tallies in rounds.items()}


def _figures(tallies: Sequence[Tally], ours: Sequence[Tally]) -> dict[str, Any]:
    median = statistics.median
    return {
        "rate": median(one.rate for one in tallies),
        "cpu": min(one.cpu_each for one in tallies),
        "p50": median(one.quantile(0.5) for one in tallies),
        "p99": median(one.quantile(0.99) for one in tallies),
        "ratio": median(mine.rate / one.rate for mine, one in zip(ours, tallies, strict=True)),
        "wrong": sum(one.codes.total() for one in tallies),
        "example": next((text for one in tallies for text in one.codes), None),
    }
