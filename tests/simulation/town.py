"""The house with everybody in it: asked through GraphQL, killed and started again, put back from a backup."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from api.app import build_app
from api.settings import Settings
from models.actions.publish_policy import recognise
from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from models.policy import Role, Rule
from models.retention.backups import back_up
from models.retention.replay import RestoredBackup, refuse_restored, replay
from models.tables import Closure, Customer, Hold, PaymentMethod, RelatedPerson
from models.world import World
from tests.e2e.test_backup_restore import Installation
from tests.factories import START, Client, Clock, House, StaffClient, make_world
from tests.schema.desk import seen_by
from tests.simulation.faults import Fate
from tests.simulation.model import ACTIVE, GOING, GONE, Ending, Model, Person
from tests.trouble.victim import Mortal, MortalLedger

REFUSAL = "__typename ... on Refusal {code problems {field code}}"
TEAM = {
    "officer": (Role.PRIVACY_OFFICER,), "office": (Role.OFFICE,), "support": (Role.SENIOR_SUPPORT,),
    "second": (Role.OFFICE, Role.PRIVACY_OFFICER, Role.ADMIN),
}  # fmt: skip
Effect = Callable[[Person], None]


class Broken(AssertionError):
    """An invariant does not hold."""


def check(holds: object, *what: Any) -> None:
    """Raises Broken with what was found."""
    if not holds:
        raise Broken(" ".join(map(str, what)))


@dataclass
class Kept:
    """A backup, and what was true when it was taken."""

    at: datetime
    files: dict[str, Path]
    model: Model


@dataclass
class Counts:
    """What happened so far."""

    steps: int = 0
    restores: int = 0
    moves: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, move: str, how: str) -> None:
        told = self.moves.setdefault(move, {})
        told[how] = told.get(how, 0) + 1


class Town:
    """One house on one pair of databases, the people around it, and the model of what must be true."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.clock, self.fate, self.model, self.counts = Clock(), Fate(), Model(), Counts()
        self.house: House = None  # type: ignore[assignment]
        self.clients: dict[str, Client] = {}
        self.team: dict[str, StaffClient] = {}
        self.links: list[tuple[str, str, str]] = []  # template, address, token: as they lie in mailboxes
        self.alarms: list[str] = []
        self.logged: list[str] = []
        self.kept: list[Kept] = []
        self.stolen: list[tuple[Person, Client, datetime]] = []
        self.opened_at: list[datetime] = []
        self.worked_at = START
        self.late = False  # the worker was away for so long that ceilings may have passed
        self.move = ""
        self.broken = False
        self.doubt: tuple[Person, Effect] | None = None
        self.excused_until = START  # a worker that was away breaks promises, and the report says so for a year
        self.returned_until = START  # so does a backup that brings back who was erased: they are erased again, later

    # ---- the process -------------------------------------------------------------------------------------------------
    async def begin(self) -> None:
        """Open, migrate, hire."""
        await open_databases(*self.installation.urls)
        await migrate(START)
        self._start()
        await self.world.vault.belongs()
        await recognise(self.world)
        for name, roles in TEAM.items():
            self.team[name] = await self.house.colleague(*roles)

    def _start(self) -> None:
        urls = self.installation.urls
        sqlite = urls[0].startswith("sqlite")
        files = tuple(Path(url.removeprefix("sqlite:///")) for url in urls) if sqlite else ()
        old = self.house
        world = replace(make_world(self.installation.data, self.clock, databases=files, urls=urls), log=self._log)
        self.house = House(self._mortal(world), self.clock, self.installation.data)
        patient = Settings(data_dir=self.installation.data, operation_timeout=120.0)  # a busy machine is no finding
        self.house.app = build_app(patient, self.house.world)
        if old is not None:  # the mailboxes outside, and the browsers
            self.house.world.post.sent.extend(old.letters)  # type: ignore[attr-defined]
            for one in [*self.clients.values(), *self.team.values(), *(thief for _, thief, _ in self.stolen)]:
                one.house = self.house
                one.http._transport.app = self.house.app  # type: ignore[attr-defined]

    def _mortal(self, world: World) -> World:
        fate: Any = self.fate
        world.vault.ring = Mortal(world.vault.ring, fate, "add", "retire")  # type: ignore[assignment]
        return replace(
            world,
            post=_Post(world.post, fate, self.posted),
            shelf=Mortal(world.shelf, fate, "put", "remove"),
            ledger=MortalLedger(world.ledger, fate),
            checkpoints=MortalLedger(world.checkpoints, fate),
            backups=Mortal(world.backups, fate, "take", "destroy"),
            traces=Mortal(world.traces, fate, "plant", "pluck"),
        )

    def _log(self, event: str, **keys: Any) -> None:
        told = f"{event} {keys}"
        self.logged.append(told)
        del self.logged[:-500]
        if keys.get("level") == "error" or event.endswith("failed"):
            self.alarms.append(told)

    @property
    def world(self) -> World:
        return self.house.world

    def rule(self, name: str, person: Person | None = None) -> Rule:
        """As the version has it that governs this person, or as it is in force."""
        return self.world.rule(name, person.governed if person else None)

    @property
    def now(self) -> datetime:
        return self.clock.now

    async def restart(self) -> None:
        """The dead process's tasks end, its connections close; the next one begins with an empty memory."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=5)
        await close_databases()
        self.fate.live()
        await open_databases(*self.installation.urls)
        self._start()
        await refuse_restored(self.world)
        await recognise(self.world)

    async def end(self) -> None:
        for one in [*self.clients.values(), *self.team.values(), *(thief for _, thief, _ in self.stolen)]:
            await one.http.aclose()
        await close_databases()

    # ---- asking ------------------------------------------------------------------------------------------------------
    async def ask(
        self, client: Client, query: str, *, who: Person | None = None, effect: Effect | None = None, **variables: Any
    ) -> dict[str, Any]:
        """A mutation's answer. What it changes of a person happens to the model as well, unless it was refused."""
        if who is not None:
            self.doubt = (who, effect or (lambda _: None))
        answer = await client.answer(query, **variables)
        check("errors" not in answer, "an error:", query[:90], answer.get("errors"), self.logged[-2:])
        value = next(iter(answer["data"].values()))
        typename = value.get("__typename") if isinstance(value, dict) else None
        self.counts.note(self.move, f"refused {value['code']}" if typename == "Refusal" else "done")
        if who is not None and effect is not None and typename != "Refusal":
            effect(who)
        self.doubt = None
        return value if isinstance(value, dict) else {"value": value}

    def browser(self, person: Person) -> Client:
        """Theirs, the same one each time."""
        if person.token not in self.clients:
            self.clients[person.token] = Client(self.house, {})
        return self.clients[person.token]

    async def come_in(self, person: Person, *, prove: bool = False) -> Client | None:
        """They sign in unless they are, with whatever that takes; None when they cannot."""
        client = self.browser(person)
        if not (await client.answer("{viewer {id}}"))["data"]["viewer"]:
            client.http.cookies.delete("session")
            if person.password is None or person.secured:
                await self.choose_password(person)
            answer = await self.ask(client, SIGN_IN, e=person.email, p=person.password or "")
            if answer["__typename"] != "SignedIn":
                return None
            person.used_at = self.now
        if prove:
            await self.ask(client, STEP_UP, p=person.password)
        return client

    async def choose_password(self, person: Person) -> None:
        """From a letter to the address that is held."""
        await self.ask(Client(self.house, {}), RESET_REQUEST, e=person.email)
        await self.post()
        for template in ("reset-password", "account-secured"):
            token = self.link(template, person.email)
            if token is not None:
                new = f"plum tart under glass {person.edits}"
                person.edits += 1

                def chosen(one: Person, new: str = new) -> None:
                    one.password, one.secured, one.pending, one.ended_at = new, False, None, self.now

                answer = await self.ask(Client(self.house, {}), RESET, who=person, effect=chosen, t=token, p=new)
                if answer["__typename"] != "Refusal":
                    return

    async def staff(self, name: str, *, prove: bool = False) -> StaffClient:
        """One of the team, signed in."""
        member = self.team[name]
        if not (await member.answer("{viewer {id}}"))["data"]["viewer"]:
            await member.sign_in()
        if prove:
            await member.step_up()
        return member

    def id_for(self, member: StaffClient, person: Person) -> str:
        """The customer's id as this colleague sees it."""
        assert person.id is not None
        return seen_by(member, "Customer", person.id)

    # ---- letters -----------------------------------------------------------------------------------------------------
    async def post(self) -> None:
        """The letters that wait go out, and are read."""
        await self.house.work(only="post-letters")

    def posted(self, to: str, template: str, params: Mapping[str, Any]) -> None:
        """A letter lies in a mailbox: nobody's who is gone. Its link and its code are kept."""
        theirs = [one for one in self.model.people if to[:10] == one.token]
        check(not theirs or any(one.here for one in theirs), "a letter follows an erasure:", template, to)
        if template == "news":
            readers = [one for one in theirs if one.state == ACTIVE]
            check(any(one.news and not one.restricted for one in readers), "news to somebody who did not agree:", to)
        if "token=" in str(params.get("link", "")):
            self.links.append((template, to, params["link"].split("token=")[1]))
            del self.links[:-2_000]
        for one in theirs:
            if one.here and (code := params.get("certificate_code")) and code not in one.codes:
                one.codes.append(code)

    def link(self, template: str, to: str) -> str | None:
        """The token of the newest letter of this template to this address."""
        return next((token for kind, who, token in reversed(self.links) if (kind, who) == (template, to)), None)

    # ---- what is there -----------------------------------------------------------------------------------------------
    async def facts(self, *ids: UUID) -> dict[UUID, dict[str, Any]]:
        """What the database says of these people, as ``Person.facts`` does."""
        rows = {row.id: row for row in await Customer.filter(id__in=ids)}
        keys = await self.world.vault.keys(rows)
        found: dict[UUID, dict[str, Any]] = {}
        for id_, row in rows.items():
            if id_ not in keys:
                found[id_] = {"state": GOING}
                continue
            profile = row.opened(keys)
            found[id_] = {
                "state": GOING if row.state == "ERASING" else row.state.value, "email": profile.email,
                "given": profile.given_name, "family": profile.family_name, "phone": profile.phone_number,
                "pending": profile.pending_email if _runs(row.pending_email_until, self.now) else None,
                "methods": 0, "related": frozenset(), "holds": frozenset(),
                "restricted": row.restricted_at is not None, "secured": row.secured_at is not None, "ending": None,
            }  # fmt: skip
        for customer in await PaymentMethod.filter(customer_id__in=ids).values_list("customer_id", flat=True):
            found[customer]["methods"] += 1  # type: ignore[index]
        for person in await RelatedPerson.filter(customer_id__in=ids):
            if person.customer_id in keys:
                found[person.customer_id]["related"] |= {person.opened(keys).email}
        for hold in await Hold.filter(customer_id__in=ids, released_at=None):
            found[hold.customer_id]["holds"] |= {hold.id}
        for closure in await Closure.filter(customer_id__in=ids):
            ending = Ending(closure.closed_at, closure.erase_at, closure.erase_by, closure.closed_by)
            found[closure.customer_id]["ending"] = vars(ending)
        return found

    def forget_pending(self) -> None:
        """Addresses that did not answer in time are none of theirs any more."""
        for one in self.model.people:
            if one.pending is not None and not _runs(one.pending_until, self.now):
                one.pending = None

    async def settle_doubt(self) -> None:
        """After a death: what was under way has happened wholly or not at all."""
        if self.doubt is None:
            return
        (person, effect), self.doubt = self.doubt, None
        if person.id is None:
            return
        self.forget_pending()
        before, after = person.facts, Model([person]).copied().people[0]
        effect(after)
        found = (await self.facts(person.id)).get(person.id)
        if found == after.facts and found != before:
            effect(person)
            self.counts.note(self.move, "died, done")
        else:
            check(found == before, "half done:", self.move, self.fate.where, differ(before, found or {}),
                  "or", differ(after.facts, found or {}))  # fmt: skip
            self.counts.note(self.move, "died, undone")

    # ---- backups -----------------------------------------------------------------------------------------------------
    async def back_up(self) -> None:
        """As `octopus backup`."""
        taken = await back_up(self.world)
        self.kept.append(Kept(self.now, {one.store: Path(one.place) for one in taken}, self.model.copied()))

    async def restore(self, kept: Kept) -> None:
        """The main database of then, and `octopus restore`: whoever was erased since is erased again."""
        file = self.installation.folder / "of-that-day"
        file.write_bytes(kept.files["main"].read_bytes())
        gone = {one.id for one in self.model.here(GONE, GOING)}
        certain = {one.id: one for one in self.model.here(GONE, GOING)}
        await close_databases()
        await asyncio.to_thread(self.installation.put_back, "main", file)
        file.unlink()
        await open_databases(*self.installation.urls)
        self._start()
        refused = False
        try:
            await refuse_restored(self.world)
        except RestoredBackup:
            refused = True
        returned = await replay(self.world)
        await recognise(self.world)
        check(bool(returned) == refused, "refused", refused, "but replayed", returned)
        await refuse_restored(self.world)
        ledger = {UUID(line.split('"')[3]) for line in await self.world.ledger.lines()}
        self.model, tokens = kept.model.copied(), self.model.tokens
        self.model.tokens = tokens
        known = self.model.by_id()
        for id_ in gone & ledger:
            if id_ in known:
                one = known[id_]
                one.state, one.codes = GOING, certain[id_].codes
            else:  # came and went since
                self.model.people.append(certain[id_])
        self.counts.restores += 1
        self.stolen = [] if returned else self.stolen  # every session has ended
        if returned.people:
            self.returned_until = self.now + timedelta(days=367)
        self.kept = [one for one in self.kept if one.at <= kept.at]


class _Post(Mortal):
    """Tells of each letter that went out."""

    def __init__(self, port: Any, fate: Any, posted: Callable[[str, str, Mapping[str, Any]], None]) -> None:
        super().__init__(port, fate, "forget")
        self._posted = posted

    async def send(self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any]) -> None:
        self._steps.here("send")
        await self._port.send(letter_id, to, template, locale, params)
        self._posted(to, template, params)


def _runs(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def quick_folder() -> "tempfile.TemporaryDirectory[str]":
    """In memory where there is room: SQLite waits for the disk at every commit, which shows nothing here."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 500_000_000
    return tempfile.TemporaryDirectory(dir=memory if roomy else None)


def differ(wanted: dict[str, Any], found: dict[str, Any]) -> str:
    """Where two people's facts differ."""
    names = wanted.keys() | found.keys()
    return "; ".join(
        f"{name}: {wanted.get(name)!r} in the model, {found.get(name)!r} found"
        for name in sorted(names) if wanted.get(name) != found.get(name)
    )  # fmt: skip


def mutation(signature: str, call: str, success: str = "") -> str:
    return f"mutation{signature} {{{call} {{{REFUSAL} {success}}}}}"


SIGN_IN = mutation("($e: String!, $p: String!)", "signIn(email: $e, password: $p)")
STEP_UP = mutation("($p: String!)", "stepUp(proof: {password: $p})")
RESET_REQUEST = mutation("($e: String!)", "requestPasswordReset(email: $e)")
RESET = mutation("($t: String!, $p: String!)", "resetPassword(token: $t, newPassword: $p)")
DAY = timedelta(days=1)
