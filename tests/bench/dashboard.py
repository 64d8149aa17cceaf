"""``python -m tests.bench.dashboard``: twenty members of staff at the dashboard's pages at once, a queue of 10,000 open requests.

A real server on PostgreSQL answers the documents that the built pages ask (``make pages`` first). Each member of staff opens
one page after the other of those that their role has; a page's time is the server's own, from its log: the sum of its
documents'. Nothing is asserted.
"""

import argparse
import asyncio
import json
import random
import re
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import uvloop
from rich.console import Console
from rich.table import Table

from models.actions.import_customers import import_customers
from models.policy import Role
from models.tables import Complaint, Customer, RightsRequest
from models.world import World
from schema.nodes import encode
from tests.bench.casework import Desk, employ, grant
from tests.bench.installation import HEADERS, HOUSE, Installation, Server
from tests.bench.people import address, lines, move_in
from tests.postgres import Postgres

BUILT = HOUSE / "frontend/dist/documents"
HEAD = "".join(f"{name}: {value}\r\n" for name, value in (HEADERS | {"Host": "support.accounts.example.com"}).items())
STAFF = (
    *[Role.SUPPORT] * 6, *[Role.SENIOR_SUPPORT] * 3, *[Role.OFFICE] * 4, *[Role.PRIVACY_OFFICER] * 3, Role.FINANCE,
    *[Role.AUDITOR] * 2, Role.ADMIN,
)  # fmt: skip
SEARCHES = 50
"""By one member of staff at most: the hour has sixty."""
THINKS = 1.0
IDS: dict[str, str] = {}
"""The documents' names, and what they are asked by."""

ANSWER = {Role.SUPPORT, Role.SENIOR_SUPPORT, Role.OFFICE, Role.PRIVACY_OFFICER}
READ = ANSWER | {Role.AUDITOR}
OPEN = ANSWER | {Role.FINANCE}
OVERSEE = {Role.PRIVACY_OFFICER, Role.AUDITOR, Role.OFFICE, Role.SENIOR_SUPPORT}
AUDIT = {Role.AUDITOR, Role.PRIVACY_OFFICER}
EVERYBODY = set(Role)

Asked = list[tuple[str, dict[str, Any]]]


@dataclass
class Person:
    """A member of staff at work: their session, what they know (ids are their own), and what they have opened."""

    role: Role
    secret: str
    me: str
    records: list[str]
    numbers: list[str]
    complaints: list[str]
    colleagues: list[str]
    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    searched: int = 0


class Pages:
    """The pages by name, with what each asks."""

    def __init__(self, customers: int) -> None:
        self.customers = customers
        self.roles: dict[str, set[Role]] = {
            "today": EVERYBODY, "my sign-in": EVERYBODY,
            **dict.fromkeys(("queue", "queue: kind", "queue: status", "queue: channel", "queue: overdue"), READ),
            **dict.fromkeys(("queue: mine", "queue: ended", "queue: next page", "request"), READ),
            **dict.fromkeys(("complaints", "complaints: open", "complaints: overdue", "complaints: mine", "complaint"), READ),
            "conversations": ANSWER, "find": OPEN,
            **dict.fromkeys(("record: profile", "record: account", "record: sign-ins"), OPEN),
            **dict.fromkeys(("record: contact", "record: work", "record: history"), OPEN),
            "second person": {Role.OFFICE, Role.PRIVACY_OFFICER, Role.ADMIN, Role.AUDITOR},
            "holds": {Role.OFFICE, Role.PRIVACY_OFFICER, Role.AUDITOR},
            **dict.fromkeys(("promises kept", "forecast", "certificates", "policy versions"), OVERSEE),
            **dict.fromkeys(("audit", "audit: by somebody", "audit: action", "audit: a week", "audit: next page"), AUDIT),
            "reviews": {Role.PRIVACY_OFFICER, Role.AUDITOR, Role.ADMIN}, "staff": {Role.ADMIN},
        }  # fmt: skip

    def of(self, person: Person) -> list[str]:
        """Those that they have."""
        return [name for name, roles in self.roles.items() if person.role in roles]

    def asked(self, name: str, who: Person) -> Asked:
        """The documents of a page, and their variables."""
        name, _, how = name.partition(": ")
        return getattr(self, "_" + name.replace(" ", "_").replace("-", "_"))(who, how)  # type: ignore[no-any-return]

    def _today(self, who: Person, _: str) -> Asked:
        frame: Asked = [("WhoIsOnDuty", {}), ("Badges", {}), ("Today", {})]
        return [
            *frame,
            *([("OpenGrants", {})] if who.role in OPEN else []),
            *([("NextDue", {})] if who.role in READ else []),
        ]

    def _my_sign_in(self, *_: Any) -> Asked:
        return [("WhoIsOnDuty", {})]

    def _queue(self, who: Person, how: str) -> Asked:
        filters: dict[str, dict[str, Any]] = {
            "": {}, "kind": {"kind": [random.choice(("COPY", "UPDATE", "DELETE"))]}, "status": {"status": ["RECEIVED"]},
            "channel": {"channel": ["OFFICE"]}, "overdue": {"overdue": True}, "mine": {"assignedTo": who.me},
            "ended": {"status": ["FULFILLED"]}, "next page": {"after": _seen(who, "WorkQueue")},
        }  # fmt: skip
        return [("WorkQueue", {"status": ["RECEIVED", "IN_PROGRESS"]} | filters[how])]

    def _request(self, who: Person, _: str) -> Asked:
        more: Asked = [("Offices", {})] if who.role in (Role.OFFICE, Role.PRIVACY_OFFICER) else []
        return [("OneRequest", {"number": random.choice(who.numbers)}), *more]

    def _complaints(self, who: Person, how: str) -> Asked:
        filters: dict[str, dict[str, Any]] = {
            "": {}, "open": {"open": True}, "overdue": {"overdue": True}, "mine": {"assignedTo": who.me},
        }  # fmt: skip
        return [("ComplaintQueue", filters[how])]

    def _complaint(self, who: Person, _: str) -> Asked:
        return [("OneComplaint", {"number": random.choice(who.complaints)}), ("Offices", {})]

    def _conversations(self, *_: Any) -> Asked:
        return [("ConversationQueue", {})]

    def _find(self, who: Person, _: str) -> Asked:
        who.searched += 1
        return [("FindCustomers", {"by": {"email": address(random.randrange(self.customers))}})]

    def _record(self, who: Person, how: str) -> Asked:
        given = {"id": random.choice(who.records)}
        parts = {
            "profile": "RecordProfile", "account": "RecordAccount", "sign-ins": "RecordSignIns",
            "contact": "RecordContact", "work": "RecordWork", "history": "RecordHistory",
        }  # fmt: skip
        more = {"preferences": who.role is not Role.FINANCE} if how == "profile" else {}
        return [("RecordHead", given), ("OpenGrants", {}), (parts[how], given | more)]

    def _second_person(self, *_: Any) -> Asked:
        return [("ApprovalList", {})]

    def _holds(self, *_: Any) -> Asked:
        return [("HoldList", {})]

    def _promises_kept(self, *_: Any) -> Asked:
        today = datetime.now(UTC).date()
        return [("ComplianceReport", {"from": str(today - timedelta(days=90)), "to": str(today)})]

    def _forecast(self, *_: Any) -> Asked:
        return [("Forecast", {"days": 30})]

    def _certificates(self, *_: Any) -> Asked:
        return [("CertificateList", {})]

    def _policy_versions(self, *_: Any) -> Asked:
        return [("PolicyList", {})]

    def _audit(self, who: Person, how: str) -> Asked:
        now = datetime.now(UTC)
        filters: dict[str, dict[str, Any]] = {
            "": {}, "by somebody": {"staff": random.choice(who.colleagues)}, "action": {"action": "request.received"},
            "a week": {"from": (now - timedelta(days=14)).isoformat(), "to": (now - timedelta(days=7)).isoformat()},
            "next page": {"after": _seen(who, "AuditList")},
        }  # fmt: skip
        return [("Colleagues", {}), ("AuditList", filters[how])]

    def _reviews(self, *_: Any) -> Asked:
        return [("ReviewList", {})]

    def _staff(self, *_: Any) -> Asked:
        return [("StaffList", {})]


def _seen(who: Person, document: str) -> str | None:
    """Where some page of a list that they have seen ends."""
    return random.choice(who.pages[document]) if who.pages[document] else None


@dataclass
class Visits:
    """Pages that were opened: their names, and the requests of each; what was answered wrongly."""

    opened: list[tuple[str, list[str]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Browser:
    """One kept-alive connection of one member of staff."""

    def __init__(self, server: Server, who: Person) -> None:
        self.server, self.who = server, who

    async def work(self, pages: Pages, until: float, pause: float, visits: Visits) -> None:
        """Open pages until then, each after looking at the last one for a while."""
        await self.open()
        await asyncio.sleep(random.random() * pause)
        while time.perf_counter() < until:
            for name in random.sample(mine := pages.of(self.who), len(mine)):
                if name == "find" and self.who.searched >= SEARCHES:
                    continue
                await self.visit(pages, name, visits)
                await asyncio.sleep(pause * (0.5 + random.random()))
                if time.perf_counter() > until:
                    break
        self.close()

    async def open(self) -> None:
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self.server.port, limit=4_000_000)

    def close(self) -> None:
        self._out.close()

    async def visit(self, pages: Pages, name: str, visits: Visits) -> None:
        """One page: its documents one after the other."""
        visits.opened.append((name, [await self._ask(name, *one, visits) for one in pages.asked(name, self.who)]))

    async def _ask(self, page: str, document: str, variables: dict[str, Any], visits: Visits) -> str:
        body = json.dumps({"documentId": IDS[document], "variables": variables}).encode()
        head = f"POST /support/graphql HTTP/1.1\r\n{HEAD}Cookie: __Host-staff={self.who.secret}\r\n"
        self._out.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        lines = (await self._in.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        said = await self._in.readexactly(int(headers["content-length"]))
        answer = json.loads(said)
        if " 200 " not in lines[0] or "errors" in answer:
            visits.wrong.append(f"{page} {document}: {said[:160].decode(errors='replace')}")
        found = next(iter((answer.get("data") or {}).values()), None)
        if isinstance(found, dict) and (end := (found.get("pageInfo") or {}).get("endCursor")):
            self.who.pages[document].append(end)
        return headers["x-request-id"]


async def fill(world: World, customers: int, requests: int) -> list[Person]:
    """Customers, their casework (three in four requests are open), and twenty at work with five records open each."""
    await import_customers(world, lines(customers))
    people: list[UUID] = list(await Customer.all().order_by("id").values_list("id", flat=True))  # type: ignore[arg-type]
    staff = await employ(world, STAFF)
    members = [one for one, _ in staff]
    await Desk(world, people, members).pile(requests * 4 // 3, others=requests // 5)
    await Desk(world, people, members).sections(customers)
    looked_at = people[: 5 * len(staff)]
    await move_in(world, looked_at, sign_ins=50, events=100)
    await Desk(world, looked_at, members).pile(10 * len(looked_at), others=10 * len(looked_at))
    found = []
    for place, ((member, secret), role) in enumerate(zip(staff, STAFF, strict=True)):
        seen = looked_at[5 * place : 5 * place + 5]
        if role in OPEN:
            for person in seen:
                await grant(world, member, person)
        found.append(await _person(world, role, member, secret, seen, members))
    return found


async def _person(
    world: World, role: Role, member: UUID, secret: str, seen: Sequence[UUID], members: Sequence[UUID]
) -> Person:
    ctx: Any = SimpleNamespace(world=world, viewer=None, colleague=SimpleNamespace(row=SimpleNamespace(id=member)))
    return Person(
        role=role, secret=secret, me=str(encode(ctx, "StaffMember", member)),
        records=[str(encode(ctx, "Customer", one)) for one in seen],
        colleagues=[str(encode(ctx, "StaffMember", one)) for one in members],
        numbers=list(await RightsRequest.all().limit(200).values_list("number", flat=True)),  # type: ignore[arg-type]
        complaints=list(await Complaint.all().limit(200).values_list("number", flat=True)),  # type: ignore[arg-type]
    )  # fmt: skip


async def alone(
    server: Server, postgres: Postgres, people: Sequence[Person], customers: int, times: int
) -> dict[str, tuple[float, float]]:
    """What a page costs, whatever else the machine does: milliseconds of processor time of the server and of PostgreSQL."""
    visits, pages, found = Visits(), Pages(customers), {}
    for name in pages.roles:
        browser = Browser(server, next(one for one in people if name in pages.of(one)))
        await browser.open()
        before = server.cpu, _cpu(postgres)
        for _ in range(times):
            await browser.visit(pages, name, visits)
        found[name] = tuple(
            (now - then) / times * 1000 for now, then in zip((server.cpu, _cpu(postgres)), before, strict=True)
        )
        browser.close()
    return found


def _cpu(postgres: Postgres) -> float:
    """Seconds of processor time of PostgreSQL's processes."""
    assert postgres.server is not None
    pid = postgres.server.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(Server(int(one), 0, 0.0).cpu for one in (pid, *children))


async def measure(
    server: Server, people: Sequence[Person], customers: int, seconds: float, pause: float, log: Path
) -> dict[str, Any]:
    """Everybody at once for so long."""
    visits, pages = Visits(), Pages(customers)
    begun, cpu, until = time.perf_counter(), server.cpu, time.perf_counter() + seconds
    await asyncio.gather(*(Browser(server, one).work(pages, until, pause, visits) for one in people))
    took, spent = time.perf_counter() - begun, server.cpu - cpu
    await asyncio.sleep(0.5)  # the last lines are written
    spoke = {one["request_id"]: one["ms"] for one in _lines(log) if one.get("event") == "request"}
    times: dict[str, list[float]] = defaultdict(list)
    for name, requests in visits.opened:
        times[name].append(sum(spoke[one] for one in requests))
    return {
        "pages": {name: sorted(found) for name, found in sorted(times.items(), key=lambda one: -statistics.median(one[1]))},
        "a second": len(visits.opened) / took, "busy": spent / took, "wrong": visits.wrong,
    }  # fmt: skip


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def show(figures: dict[str, Any], costs: dict[str, tuple[float, float]], title: str) -> None:
    """A line for each page, the slowest first."""
    table = Table("page", "opened", "median ms", "p95 ms", "worst ms", "CPU ms", "PG CPU ms", title=title)
    for name, times in figures["pages"].items():
        numbers = (_at(times, 0.5), _at(times, 0.95), times[-1], *costs[name])
        table.add_row(name, str(len(times)), *(f"{one:,.1f}" for one in numbers))
    every = sorted(one for times in figures["pages"].values() for one in times)
    table.add_row("all", str(len(every)), *(f"{one:,.1f}" for one in (_at(every, 0.5), _at(every, 0.95), every[-1])))
    console = Console(width=120)
    console.print(table)
    console.print(
        f"{figures['a second']:.0f} pages/s, one process {figures['busy']:.0%} of a core busy, wrong: {len(figures['wrong'])}"
    )
    for one in figures["wrong"][:5]:
        console.print(one, markup=False)


def _at(times: list[float], share: float) -> float:
    return times[int(share * (len(times) - 1))]


async def run(postgres: Postgres, folder: Path, customers: int, requests: int, seconds: float) -> dict[str, Any]:
    """Fill, start, measure twice: with a second's look at each page, and with none."""
    installation = Installation(folder / "desk", postgres, "desk")
    installation.environment["OCTOPUS_DOCUMENTS_DIRS"] = f"{HOUSE / 'schema/documents'},{BUILT}"
    async with installation.world() as world:
        people = await fill(world, customers, requests)
    postgres.sql("VACUUM ANALYZE", "desk_main")
    log, found = installation.settings.data_dir / "log", {}
    with installation.serving() as server:
        await measure(server, people, customers, min(5.0, seconds), 0.0, log)  # warm: plans, keys
        costs = await alone(server, postgres, people, customers, times=20)
        for name, pause in (
            (f"20 staff, each looks at a page for {THINKS:g} s", THINKS),
            ("20 staff without a pause", 0.0),
        ):
            found[name] = await measure(server, people, customers, seconds, pause, log)
            show(found[name], costs, name)
    return found


def main() -> None:
    """Measure, print, keep in var/bench/dashboard.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dashboard", description=__doc__)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=10_000, help="open ones")
    parser.add_argument("--seconds", type=float, default=60, help="of each of the two measurements")
    given = parser.parse_args()
    if not (BUILT / "support/persisted-documents.json").exists():
        parser.error("the pages are not built: make pages")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    texts = json.loads((BUILT / "support/persisted-documents.json").read_text())
    IDS.update({re.findall(r"\b(?:query|mutation) (\w+)", text)[0]: one for one, text in texts.items()})
    postgres = Postgres()
    try:
        postgres.start()
        with tempfile.TemporaryDirectory(prefix="octopus-desk-") as folder:
            figures = uvloop.run(run(postgres, Path(folder), given.customers, given.requests, given.seconds))
        kept = HOUSE / "var" / "bench"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "dashboard.json").write_text(json.dumps(figures, indent=2) + "\n")
    finally:
        postgres.remove()


if __name__ == "__main__":
    main()
