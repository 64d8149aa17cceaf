"""The others: servers that answer the same operations over plain tables with as many rows (rivals/), and know nobody."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.bench.installation import HOUSE, PATIENCE, Installation, Server, ask, die_with_parent, free_port
from tests.bench.load import request
from tests.node import node, npm_ci

RIVALS = Path(__file__).parent / "rivals"
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
    "D": """requests(first: 20) {
        nodes {
            id number kind status receivedAt dueAt overdue
            customer { id number state maskedName maskedEmail } latestEvent { at action title }
        }
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
    "D": """requests: allRequests(condition: {open: true}, first: 20, orderBy: [DUE_AT_ASC, ROW_ID_ASC]) {
        nodes {
            id number kind status receivedAt dueAt overdue
            customerByCustomerId { id number state maskedName maskedEmail }
            eventsByRequestId(first: 1, orderBy: [AT_DESC]) { nodes { at action title } }
        }
        pageInfo { hasNextPage endCursor }
    }""",
}
FLOOR = "no GraphQL"
PYTHON = {"the usual way": "usual", FLOOR: "floor"}
NODE = {"Mercurius": "mercurius", "Apollo Server": "apollo", "PostGraphile": "postgraphile"}


def prepare(installation: Installation, postgres: Any) -> tuple[str, ...]:
    """The plain tables beside ours, and Node's packages as their lock file names them; who can take part."""
    postgres.sql((RIVALS / "tables.sql").read_text(), installation.settings.main_url.rpartition("/")[2])
    try:
        npm_ci(RIVALS)
    except (OSError, subprocess.CalledProcessError) as fault:
        print(f"NOT MEASURED, because Node or its packages cannot be installed: {', '.join(NODE)}. {fault}")
        return tuple(PYTHON)
    return (*NODE, *PYTHON)


def asking_of(name: str, people: Sequence[UUID]) -> Callable[[str], Callable[[], bytes]]:
    """The requests of an operation as this one is asked it, each time about one of these people."""

    def asking(operation: str) -> Callable[[], bytes]:
        body = _body(name, operation)
        if operation == "D":
            queue = request(body)
            return lambda: queue
        made = [request(body | {"variables": {"id": str(person)}}) for person in people]
        return lambda: random.choice(made)

    return asking


def _body(name: str, operation: str) -> dict[str, Any]:
    if name == FLOOR:
        return {"operation": operation}
    shape = (FLAT if name == "PostGraphile" else SHAPES)[operation]
    if operation == "D":
        return {"query": f"query {{{shape}}}"}
    if name == "PostGraphile":
        return {"query": f"query($id: UUID!) {{customer: customerByRowId(rowId: $id) {{{shape}}}}}"}
    return {"query": f"query($id: ID!) {{customer(id: $id) {{{shape}}}}}"}


@contextmanager
def rival(name: str, installation: Installation) -> Iterator[Server]:
    """One of them, from its start to its end."""
    if name in NODE:  # the one that works, not what starts it
        said = subprocess.run([node(), "-p", "process.execPath"], capture_output=True, text=True, check=True)
        command = [said.stdout.strip(), str(RIVALS / f"{NODE[name]}.mjs")]
    else:
        command = [sys.executable, "-m", f"tests.bench.rivals.{PYTHON[name]}"]
    port = free_port()
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
            preexec_fn=die_with_parent,
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
        return name == FLOOR and _listens(port)  # it has no word for nobody
    return "data" in answer


def _listens(port: int) -> bool:
    try:
        ask(port, {})
    except OSError:
        return False
    except ValueError:
        return True
    return True
