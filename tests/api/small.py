"""A small schema in a small world, served by the real application: what tests of api/ ask."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, cast
from uuid import UUID

import httpx
import strawberry
from starlette.applications import Starlette

from api.app import build_app
from api.graphql import Mounted
from api.settings import Settings
from models.keystore import KeystoreDown
from models.refused import Problem, ProblemCode, Reason, Refused
from models.world import World
from schema.access import context
from schema.refusal import Refusal, RefusedHandler

CANARY = "ada.lovelace@example.com"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NO_DRAFTS = cast(Any, SimpleNamespace(drafts=()))  # all that a request asks of the policy here
Info = strawberry.Info[Any, Any]


@strawberry.type
class Leaf:
    """A leaf with leaves."""

    name: str = "leaf"
    number: int = 1

    @strawberry.field
    async def leaves(self) -> list["Leaf"]:
        return [Leaf()]

    @strawberry.field
    def twig(self) -> "Leaf":
        return Leaf()

    @strawberry.field(metadata={"list_size": 3})
    def three(self) -> list["Leaf"]:
        return [Leaf()] * 3


@strawberry.type
class LeafConnection:
    """A page of leaves."""

    nodes: list[Leaf]


@strawberry.type
class RateLimit:
    """What this caller has left."""

    limit: int
    cost: int
    remaining: int


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    def hello(self, name: str = "you", times: int = 1) -> str:
        return f"Hello {name}" * times

    @strawberry.field
    async def leaf(self) -> Leaf:
        return Leaf()

    @strawberry.field
    def page(self, first: int = 20) -> LeafConnection:
        return LeafConnection(nodes=[Leaf()] * first)

    @strawberry.field
    def rate_limit(self, info: Info) -> RateLimit:
        found = context(info).allowance
        assert found is not None
        return RateLimit(limit=found.limit, cost=found.cost, remaining=found.remaining)

    @strawberry.field
    def signed_in_as(self, info: Info) -> str | None:
        found = context(info).viewer
        return None if found is None else str(found)

    @strawberry.field
    def came_from(self, info: Info) -> list[str]:
        asked = context(info)
        return [asked.origin.ip, asked.origin.agent or "", asked.origin.device or "", asked.locale]

    @strawberry.field
    async def fault(self) -> str | None:
        raise ValueError(CANARY)

    @strawberry.field
    def wrong_type(self) -> int | None:
        return cast(int, CANARY)

    @strawberry.field
    def refused(self) -> str | None:
        raise Refused(Reason.NOT_SIGNED_IN)

    @strawberry.field
    async def keystore_down(self) -> str | None:
        raise KeystoreDown("OSError")

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(60)
        return "late"


@strawberry.type
class Greeted:
    """A greeting that was made."""

    text: str


GreetResult = Annotated[Greeted | Refusal, strawberry.union("GreetResult")]


@strawberry.input
class Person:
    """Who is greeted."""

    name: str
    age: int


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def greet(self, info: Info, person: Person) -> GreetResult:
        if not person.name:
            raise Refused(Reason.INVALID_INPUT, problems=[Problem(("person", "name"), ProblemCode.REQUIRED)])
        return Greeted(text=person.name)

    @strawberry.mutation
    async def sign_in(self, info: Info) -> GreetResult:
        port = context(info).port
        port.begin("secret-token", NOW + timedelta(hours=12))
        port.remember_device("device-token")
        return Greeted(text="hello")

    @strawberry.mutation
    async def sign_out(self, info: Info) -> GreetResult:
        context(info).port.end()
        return Greeted(text="bye")

    @strawberry.mutation
    async def slowly(self, info: Info, seconds: float) -> GreetResult:
        done = cast(SmallWorld, context(info).world.passwords)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            done.deeds.append("rolled back")
            raise
        done.deeds.append("committed")
        return Greeted(text="done")


schema = strawberry.Schema(Query, Mutation, exception_handlers=[RefusedHandler()])


@dataclass
class SmallWorld:
    """What a small world remembers; it stands in for its own hashing queue."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    waiting: int = 3
    _last: int = 0

    def world(self) -> World:
        unused = cast(Any, None)
        return World(
            now=lambda: NOW, new_id=self.new_id, new_request_id=lambda: str(self.new_id()), new_secret=lambda: "a-nonce",
            passwords=cast(Any, self), locate=lambda ip: None, vault=unused, policy=NO_DRAFTS, post=unused, shelf=unused,
            ledger=unused, checkpoints=unused, backups=unused, traces=unused,
            base_url="http://localhost:8000", pause=asyncio.sleep, log=self.log,
        )  # fmt: skip

    def new_id(self) -> UUID:
        self._last += 1
        return UUID(int=self._last)

    def log(self, event: str, **keys: Any) -> None:
        self.lines.append({"event": event, **keys})


async def _works() -> bool:
    return True


def settings(**given: Any) -> Settings:
    """Development's, without pages or trusted documents."""
    return Settings(**({"pages_dir": Path("/nowhere"), "documents_dirs": ()} | given))


def production(**given: Any) -> Settings:
    """Production's, with ad-hoc queries unless told otherwise."""
    usual = {"profile": "production", "base_url": "https://accounts.example.com", "smtp_url": "smtp://mail.example.com"}
    return settings(**({**usual, "ad_hoc": True} | given))


def small_app(given: Settings | None = None, small: SmallWorld | None = None, **others: Any) -> Starlette:
    """The application over the small schema, at both endpoints."""
    mounted = Mounted(schema, frozenset({"signIn", "signOut"}))
    others = {"schemas": {"customer": mounted, "support": mounted}, "checks": {"database": _works}} | others
    return build_app(given or settings(), (small or SmallWorld()).world(), **others)


class Client:
    """Asks an application as one of our own programs does."""

    def __init__(self, app: Starlette, base_url: str = "http://localhost:8000", peer: str = "127.0.0.1") -> None:
        transport = httpx.ASGITransport(app, client=(peer, 1234))
        self.http = httpx.AsyncClient(transport=transport, base_url=base_url)

    async def ask(
        self, query: str | None = None, *, path: str = "/graphql", headers: Mapping[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """POST an operation, answered in GraphQL's own media type."""
        sent = {"X-Octopus-Client": "tests", "Accept": "application/graphql-response+json", **(headers or {})}
        content = body if query is None else {"query": query, **body}
        return await self.http.post(path, json=content, headers=sent)
