"""No N+1 on the support dashboard: each of its queries says as many SQL statements for thirty rows as for three (issue 7)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models.actions.import_customers import import_customers
from models.actions.reviews import plan_review
from models.policy import Role
from models.tables import Customer, Review
from models.tables.staff import ReviewKind
from tests.bench.casework import Desk, employ, grant
from tests.bench.people import lines, move_in
from tests.factories import House, StaffClient
from tests.schema.desk import seen_by
from tests.statements import Statements
from tests.written_documents import queries

FEW, MANY = 3, 30
SINGLE = {
    "WhoIsOnDuty",
    "Badges",
    "Today",
    "Offices",
    "OneRequest",
    "OneComplaint",
    "Evidence",
    "RecordHead",
    "RecordProfile",
}
"""What is of one thing, or of counts."""
NOT_OF_ROWS = {"ComplianceReport", "Forecast", "PolicyList"}
"""Lines of the policy: its promises, rules and versions."""
TELLS = {"FindCustomers"}
"""Writes one event for each customer found, ten at most, in a transaction of its own: each is told (clause 6.1.3)."""


@dataclass
class Busy:
    """The desk of one colleague who may see all, and what its pages ask."""

    house: House
    clerk: StaffClient
    documents: dict[str, str]

    async def filled(self, people: Sequence[UUID], staff: Sequence[UUID], count: int) -> None:
        """So many rows more in every list, and in the record of the first customer."""
        world = self.house.world
        await Desk(world, people, staff).pile(count)
        record = Desk(world, people[:1], staff)
        await record.pile(count)
        await record.sections(count)
        await move_in(world, people[:1], sign_ins=count)
        for person in people[:count]:
            await grant(world, self.clerk.id, person)

    def variables(self, customer: UUID, answers: dict[str, Any]) -> dict[str, Any]:
        """For any of the documents."""
        today = self.house.clock.now.date()
        return {
            "id": seen_by(self.clerk, "Customer", customer),
            "number": "",
            "days": 30,
            "preferences": True,
            "by": {"number": "C0"},
            "from": (today - timedelta(days=30)).isoformat(),
            "to": today.isoformat(),
        } | answers

    async def counted(self, heard: Statements, customer: UUID) -> dict[str, tuple[int, int, int]]:
        """Each document's statements on the main database and the keystore, and the length of its answer."""
        found = {}
        for name, text in self.documents.items():
            given = self.variables(customer, await self._number(name))
            for _ in range(2):  # the first one warms
                self.house.world.vault._cache.clear()
                heard.clear()
                answer = await self.clerk.ok(text, **_wanted(text, given))
            found[name] = (len(heard.main), len(heard.keystore), len(json.dumps(answer)))
        return found

    async def _number(self, name: str) -> dict[str, str]:
        lists = {"OneRequest": "requests", "OneComplaint": "complaints", "Evidence": "complaints"}
        if name not in lists:
            return {}
        nodes = (await self.clerk.ok(f"{{{lists[name]}(first: 1) {{nodes {{number}}}}}}"))["nodes"]
        return {"number": nodes[0]["number"]}


def _wanted(text: str, given: dict[str, Any]) -> dict[str, Any]:
    """The variables that a document must have; from and to are filters elsewhere."""
    head = text.partition("{")[0]
    return {name: value for name, value in given.items() if f"${name}: " in head and f"${name}: DateTime" not in head}


async def test_no_page_says_more_for_more_rows(house: House, statements: Statements) -> None:
    """Every query of the dashboard, of which ``TELLS`` are not only queries; and what should have grown has."""
    await import_customers(house.world, lines(MANY))
    people = list(await Customer.all().order_by("id").values_list("id", flat=True))
    clerk = await house.colleague(*(role for role in Role if role is not Role.FINANCE))
    documents = {name: text for name, text in queries("support").items() if name not in TELLS}
    busy = Busy(house, clerk, documents)
    staff = [one for one, _ in await employ(house.world, [Role.OFFICE] * FEW)]
    await busy.filled(people[:FEW], staff, FEW)
    await _reviewed(house, [ReviewKind.KEYS], staff)
    few = await busy.counted(statements, people[0])
    staff += [one for one, _ in await employ(house.world, [Role.OFFICE] * (MANY - FEW))]
    await busy.filled(people, staff, MANY)
    await _reviewed(house, list(ReviewKind), staff)
    many = await busy.counted(statements, people[0])

    more = {name: (few[name], many[name]) for name in documents if _said(many[name]) > _said(few[name])}
    assert more == {}
    assert {name for name in documents if many[name][2] <= few[name][2]} <= SINGLE | NOT_OF_ROWS


def _said(counts: tuple[int, int, int]) -> int:
    main, keystore, _ = counts
    return main + keystore


async def _reviewed(house: House, kinds: Sequence[ReviewKind], staff: Sequence[UUID]) -> None:
    """Each was looked over once, by somebody else each time, and is due again."""
    for kind, by in zip(kinds, staff, strict=False):
        row = await plan_review(house.world, kind)
        await Review.filter(id=row.id).update(done_at=house.clock.now, done_by=by, outcome="Well.")
        await plan_review(house.world, kind)
