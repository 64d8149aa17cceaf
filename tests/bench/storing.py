"""What is done to many at once: an import, what one of the imported can do then, erasures, keys wrapped anew."""

import csv
import os
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

from api.worker import BATCH
from models.actions.finding import owner_of_email
from models.keystore import PersonKey
from models.retention.certify import certify_erasures
from models.retention.exports import build_exports
from models.retention.keys import rotate_keys
from models.retention.verify import verify_erasures
from models.tables import Customer, Export
from models.tables.exports import ExportContents, ExportStatus
from models.world import World
from tests.bench.eraser import Eraser
from tests.bench.installation import Installation, Server, ask
from tests.bench.operations import DELETE, EXPORT, EXPORTS, SIGN_IN, STEP_UP
from tests.bench.people import address, leave, lines, move_in

PASSWORD = "correct horse battery staple"
SLICE = 10_000


def write_file(path: Path, count: int, password_hash: str) -> None:
    """The file to import."""
    rows = [dict(line.values) for line in lines(count, password_hash=password_hash)]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)


async def importing(installation: Installation, count: int, seconds: float) -> dict[str, Any]:
    """``octopus import`` of a file, its start included; stopped when its time is over (what is stored stays)."""
    async with installation.world() as world:
        password_hash = await world.passwords.hash(PASSWORD)
    file = installation.settings.data_dir / "customers.csv"
    write_file(file, count, password_hash)
    begun = time.perf_counter()
    said = installation.octopus("import", str(file), seconds=seconds)
    took = time.perf_counter() - begun
    file.unlink()  # an erasure would find its people in there
    async with installation.world():
        there = await Customer.all().count()
    return {"customers": there, "a second": there / took, "seconds": took, "said": said.splitlines()[-1:]}


async def one_of_them(world: World, server: Server) -> dict[str, bool]:
    """The first of the imported signs in, is found, takes a copy, leaves."""
    found = await owner_of_email(world, address(0))
    done = {"found by blind index": found is not None}
    headers: dict[str, str] = {}

    def say(query: str, **variables: str) -> Any:
        answer, got = ask(server.port, {"query": query, "variables": variables}, **headers)
        cookies = dict(value.partition(";")[0].split("=", 1) for value in got.get_all("Set-Cookie") or ())
        if "__Host-session" in cookies:
            headers["Cookie"] = f"__Host-session={cookies['__Host-session']}"
        return next(iter((answer.get("data") or {}).values()), None) or {}

    done["sign-in"] = say(SIGN_IN, email=address(0), password=PASSWORD).get("__typename") == "SignedIn"
    say(STEP_UP, password=PASSWORD)
    done["export"] = say(EXPORT).get("__typename") == "ExportRequested"
    await build_exports(world, 1)
    done["export built"] = [one["status"] for one in say(EXPORTS).get("exports", ())] == ["READY"]
    done["delete"] = say(DELETE).get("__typename") == "ProfileDeleted"
    return done


async def erasing(installation: Installation, world: World, people: Sequence[UUID], seconds: float) -> dict[str, Any]:
    """From the claim to rows gone, in slices, by a worker for each processor; the longest transaction."""
    rates, longest, done, until = list[float](), 0.0, 0, time.perf_counter() + seconds
    with ExitStack() as stack:
        workers = [stack.enter_context(Eraser.of(installation)) for _ in range(len(os.sched_getaffinity(0)))]
        for start in range(0, len(people), SLICE):
            some = people[start : start + SLICE]
            await leave(world, some)
            os.sync()  # what was written until now is not the erasures' to wait for
            begun = time.perf_counter()
            for worker in workers:
                worker.begin()
            longest = max(longest, *[worker.end() for worker in workers])
            rates.append(len(some) / (time.perf_counter() - begun))
            done += len(some)
            if time.perf_counter() > until:
                break
    return {
        "customers": done,
        "a second": statistics.median(rates),
        "best slice": max(rates),
        "longest transaction": longest * 1000,
        "left over": await Customer.filter(id__in=list(people[:done])).count(),
        "workers": len(workers),
    }


async def proving(world: World, seconds: float) -> dict[str, Any]:
    """What was erased is verified, as much as there is time for, and certified."""
    while await rotate_keys(world, BATCH):
        pass
    begun, proved = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds and await verify_erasures(world, BATCH):
        pass
    while step := await certify_erasures(world, BATCH):
        proved += step
    return {"customers": proved, "a second": proved / (time.perf_counter() - begun)}


async def exporting(world: World, people: Sequence[UUID], seconds: float) -> dict[str, Any]:
    """Copies of everything, built one after the other as the worker does."""
    now, done = world.now(), 0
    keys, rows = await world.vault.keys(people), []
    for person in people:
        row = Export(
            id=world.new_id(), customer_id=person, status=ExportStatus.REQUESTED, requested_at=now, due_at=now
        )  # fmt: skip
        row.seal(keys, ExportContents(archive_key=world.vault.random(32)))
        rows.append(row)
    await Export.bulk_create(rows, batch_size=BATCH)
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds and (step := await build_exports(world, 10)):
        done += step
    took = time.perf_counter() - begun
    size = sum(row.bytes or 0 for row in await Export.filter(status=ExportStatus.READY).limit(BATCH))
    return {"archives": done, "a second": done / took, "bytes each": size / max(1, min(done, BATCH))}


async def leaving(world: World, people: Sequence[UUID]) -> None:
    """What those who leave have done before: with what the import gave them, 24 rows each."""
    await move_in(world, people, sign_ins=10, events=2)


async def rewrapping(world: World, seconds: float) -> dict[str, Any]:
    """A new key-encryption key, every key wrapped with it."""
    world.vault.ring.add()
    begun, moved = time.perf_counter(), 0
    while (step := await world.vault.rewrap(2_000)) and time.perf_counter() - begun < seconds:
        moved += step
    took = time.perf_counter() - begun
    return {"keys": moved, "a second": moved / took, "of": await PersonKey.all().count()}
