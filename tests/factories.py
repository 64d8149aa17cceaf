"""What the tests are made of: a World with a clock to advance, a house around it, people who use it."""

import itertools
import json
import os
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pyotp

from api.app import build_app, library, our_schemas
from api.backup_files import FileBackups
from api.documents import Library
from api.keys import FileKeyRing, make_key_file
from api.ledger import FileLedger
from api.pages import Pages
from api.passwords import ArgonPasswords
from api.places import Unknown
from api.post import MemoryPost
from api.settings import Settings
from api.shelf import FileShelf
from api.traces import FileTraces
from api.world import new_id, new_request_id, new_secret
from models.actions.staff import invite_staff
from models.policy import Role, load
from models.retention.duties import DUTIES
from models.vault import Vault
from models.world import World

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
ADDRESS = {"streetAddress": "Brīvības iela 214", "locality": "Rīga", "postalCode": "LV-1039", "country": "LV"}
NUMBERS = itertools.count(1)


@dataclass
class Clock:
    """The time, until it is advanced."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def make_world(folder: Path, clock: Clock, *, databases: tuple[Path, ...] = (), urls: tuple[str, ...] = ()) -> World:
    """The real parts with a cheap hasher, a clock of ours and letters in memory; its files lie in ``folder``.

    ``urls``: main database and keystore, for their backups.
    """
    key_file = folder / "keys.json"
    if not key_file.exists():
        make_key_file(key_file, os.urandom)

    async def pause(seconds: float) -> None:
        clock.advance(seconds=seconds)

    return World(
        now=clock,
        new_id=new_id,
        new_request_id=new_request_id,
        new_secret=new_secret,
        passwords=ArgonPasswords(clock, threads=1, queue=32, memory_kib=8, time=1, parallelism=1),
        locate=Unknown().locate,
        vault=Vault(FileKeyRing(key_file, os.urandom), now=clock, random=os.urandom),
        policy=replace(load()),
        post=MemoryPost(sender="Octopus Telecom <accounts@example.com>", now=clock),
        shelf=FileShelf(folder / "exports"),
        ledger=FileLedger(folder / "ledger"),
        checkpoints=FileLedger(folder / "checkpoints"),
        backups=FileBackups(folder / "backups", dict(zip(("main", "keystore"), urls, strict=False)), now=clock),
        traces=FileTraces(folder, databases=databases),
        base_url="http://localhost:8000",
        pause=pause,
        log=lambda event, **keys: print(event, keys),
    )


@cache
def libraries() -> dict[str, Library]:
    """What one test has parsed and validated another need not: the same schemas, limits and rules as every house's."""
    return {name: library(name, mounted, Settings()) for name, mounted in our_schemas().items()}


@cache
def pages() -> Pages:
    """The built front ends, read once for all houses."""
    return Pages(Settings())


@dataclass(repr=False)  # asyncio writes out what a task brought, each time that a fixture is made
class House:
    """Everything together on one database: the application, the worker's duties, the letters."""

    world: World
    clock: Clock
    folder: Path
    app: Any = None
    clients: list["Client"] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = Settings(data_dir=self.folder, rate_cost=10**9)  # a test is not slowed down by its own haste
        self.app = build_app(settings, self.world, libraries=libraries(), pages=pages())

    @property
    def letters(self) -> list[Any]:
        """What the post has sent, oldest first."""
        return self.world.post.sent  # type: ignore[attr-defined,no-any-return]

    def token(self, template: str, to: str | None = None) -> str:
        """The token in the newest letter of this template."""
        found = [one for one in self.letters if one.template == template and to in (None, one.to)]
        return str(found[-1].params["link"]).split("token=")[1]

    async def work(self, *, only: str | None = None) -> int:
        """Run every duty until nothing is due."""
        total, done = 0, 1
        while done:
            done = sum([await duty.run(self.world, 100) for duty in DUTIES if only in (None, duty.name)])
            total += done
        return total

    def client(self, **headers: str) -> "Client":
        """Somebody's browser."""
        made = Client(self, headers)
        self.clients.append(made)
        return made

    async def customer(self, **given: Any) -> "Client":
        """A browser of somebody who signed up, confirmed and signed in; ``email`` and ``password`` are on it."""
        person = self.client()
        await person.sign_up(**given)
        await self.work(only="post-letters")
        await person.ok(
            "mutation($t: String!) {confirmEmail(token: $t) {__typename}}", t=self.token("confirm-email", person.email)
        )
        await person.sign_in()
        return person

    async def colleague(self, *roles: Role | str, name: str = "Ieva Lapiņa") -> "StaffClient":
        """A browser of a member of staff who was invited, accepted, confirmed an authenticator app and is signed in."""
        member = StaffClient(self, {})
        self.clients.append(member)
        chosen = [Role(one) for one in roles or (Role.SUPPORT,)]
        staff, _, token = await invite_staff(self.world, name=name, email=member.email, roles=chosen)
        member.id = staff.id
        await member.accept(token)
        return member

    async def close(self) -> None:
        for one in self.clients:
            await one.http.aclose()


class Client:
    """One browser (or app): cookies of its own, GraphQL over HTTP straight into the application."""

    path = "/graphql"

    def __init__(self, house: House, headers: dict[str, str]) -> None:
        self.house = house
        self.email, self.password = f"person{next(NUMBERS)}@example.com", PASSWORD
        transport = httpx.ASGITransport(app=house.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers=headers)

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        body = {"query": query, "variables": variables}
        answer = await self.http.post(self.path, json=body, headers={"X-Octopus-Client": "tests"})
        return json.loads(answer.content)  # type: ignore[no-any-return]

    async def ok(self, query: str, **variables: Any) -> Any:
        """The data; a single root field's value by itself. Errors and refusals fail the test."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer
        data = answer["data"]
        value = next(iter(data.values())) if len(data) == 1 else data
        assert not (isinstance(value, dict) and value.get("__typename") == "Refusal"), value
        return value

    async def refused(self, query: str, **variables: Any) -> dict[str, Any]:
        """The Refusal that a mutation answers; anything else fails the test. Select ``...R`` for its fields."""
        fragment = " fragment R on Refusal {code message retryAt problems {field code}}"
        answer = await self.answer(query + fragment, **variables)
        assert "errors" not in answer, answer
        value = next(iter(answer["data"].values()))
        assert value["__typename"] == "Refusal", value
        return value  # type: ignore[no-any-return]

    def sign_up_input(self, **given: Any) -> dict[str, Any]:
        """A plausible person; ``given`` replaces parts."""
        number = f"+37121{random.randrange(10**6):06}"
        return {
            "givenName": "Līga", "familyName": "Ozoliņa", "identity": {"birthdate": "1987-04-12"}, "address": ADDRESS,
            "phoneNumber": number, "email": self.email, "password": self.password, "locale": "EN",
            "acceptedPolicy": self.house.world.policy.current(self.house.clock.now).name,
        } | given  # fmt: skip

    async def sign_up(self, **given: Any) -> None:
        self.email = given.get("email", self.email)
        await self.ok("mutation($i: SignUpInput!) {signUp(input: $i) {__typename}}", i=self.sign_up_input(**given))

    async def sign_in(self) -> dict[str, Any]:
        query = "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename}}"
        return await self.ok(query, e=self.email, p=self.password)  # type: ignore[no-any-return]

    async def step_up(self) -> None:
        await self.ok("mutation($p: String!) {stepUp(proof: {password: $p}) {__typename}}", p=self.password)


class StaffClient(Client):
    """A browser of a member of staff: its GraphQL goes to the support schema. ``seed``: their authenticator app's."""

    path = "/support/graphql"

    def __init__(self, house: House, headers: dict[str, str]) -> None:
        super().__init__(house, headers)
        self.id, self.seed, self._last_step = UUID(int=0), "", 0
        self.codes: list[str] = []
        self.email = self.email.replace("person", "colleague")

    def code(self) -> str:
        """The app's code; each works once, so the clock may go on to the next (at most 30 seconds)."""
        behind = self._last_step * 30 + 30 - self.house.clock.now.timestamp()
        if 0 < behind <= 30:
            self.house.clock.advance(seconds=behind)
        self._last_step = int(self.house.clock.now.timestamp()) // 30
        return pyotp.TOTP(self.seed).at(self.house.clock.now)

    async def accept(self, token: str) -> None:
        """From the invitation to being signed in; ``codes`` are the recovery codes."""
        accept = """mutation($t: String!, $p: String!) {acceptInvitation(token: $t, newPassword: $p) {
          __typename ... on TotpBegun {secret}}}"""
        self.seed = (await self.ok(accept, t=token, p=self.password))["secret"]
        confirm = "mutation($c: String!) {confirmTotp(code: $c) {__typename ... on FactorAdded {recoveryCodes}}}"
        self.codes = (await self.ok(confirm, c=self.code()))["recoveryCodes"]

    async def sign_in(self) -> dict[str, Any]:
        first = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {
          __typename ... on SecondFactorRequired {challenge}}}"""
        challenge = (await self.ok(first, e=self.email, p=self.password))["challenge"]
        second = "mutation($s: String!, $c: String!) {completeSignIn(challenge: $s, proof: {totp: $c}) {__typename}}"
        return await self.ok(second, s=challenge, c=self.code())  # type: ignore[no-any-return]

    async def step_up(self) -> None:
        await self.ok("mutation($c: String!) {stepUp(proof: {totp: $c}) {__typename}}", c=self.code())
