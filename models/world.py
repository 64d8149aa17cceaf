"""The World: everything an action may not know by itself (time, chance, hashing, places, keys, files), as ports.

Frozen, passed first to every action and duty. ``api/world.py`` wires the real one, tests a small one with a clock to advance.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from models.recent import Recent
from models.visits import Visits

if TYPE_CHECKING:
    from models.policy import Policy, Rule
    from models.vault import Vault


@dataclass(frozen=True, slots=True)
class Place:
    """Where an IP address is estimated to be (clause 1.3); coordinates in degrees, to one decimal."""

    country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str = "unknown"


class Passwords(Protocol):
    """Argon2id off the event loop, bounded: what hashes raises Refused(BUSY) when the queue is full."""

    async def hash(self, password: str) -> str: ...
    async def verify(self, encoded: str, password: str) -> bool: ...
    async def waste(self, password: str) -> None:
        """Verify against a dummy: an unknown address costs the same time."""

    def outdated(self, encoded: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as its reader sees it."""

    subject: str
    text: str
    html: str


class Post(Protocol):
    """How letters leave. Raises PostDown (try again) or PostRefused (never)."""

    def render(self, template: str, locale: str, params: Mapping[str, Any]) -> RenderedLetter: ...
    def subject(self, template: str, locale: str) -> str | None: ...
    def without_links(self, text: str, locale: str) -> str: ...
    async def send(self, letter_id: UUID, to: str, template: str, locale: str, params: Mapping[str, Any]) -> None: ...
    async def forget(self, addresses: set[str]) -> int:
        """Remove the files kept of letters to these addresses (development's post); how many."""


class PostDown(Exception):
    """The post cannot be reached now; the letter waits."""


class PostRefused(Exception):
    """The post will never take this letter."""


class Shelf(Protocol):
    """Where sealed archives lie, by id, outside the database."""

    async def put(self, archive_id: UUID, chunks: Iterable[bytes]) -> None:
        """All or nothing, fsynced; raises OSError (a full disk) and leaves nothing behind."""

    def read(self, archive_id: UUID) -> AsyncIterator[bytes]: ...
    async def remove(self, archive_id: UUID) -> None: ...
    async def ids(self) -> set[UUID]: ...


class Ledger(Protocol):
    """The tombstones' second home: a file outside the database, appended and fsynced (never resurrect anybody)."""

    async def append(self, lines: Iterable[str]) -> None: ...
    async def lines(self) -> list[str]: ...


class Checkpoints(Ledger, Protocol):
    """The signed states of the event chain, a line each, in a file outside the database; it may be long."""

    async def last(self) -> str | None: ...
    def stream(self) -> AsyncIterator[list[str]]:
        """Every whole line, oldest first, some at a time."""


Store = Literal["main", "keystore"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One backup that lies somewhere: ``taken_at`` is when its copying began, ``place`` where it is."""

    store: Store
    place: str
    taken_at: datetime
    sha256: str
    bytes: int


class BackupFailed(Exception):
    """No backup could be taken, or one could not be reached to destroy it; the text is one sentence."""


class Backups(Protocol):
    """Copies of the two databases, outside of them. ``expected``: whether their absence is an alarm (production)."""

    @property
    def expected(self) -> bool: ...
    async def take(self, store: Store, folder: str | None = None) -> Taken:
        """All or nothing, fsynced. Raises BackupFailed, OSError (a full disk)."""

    async def destroy(self, place: str) -> None:
        """Nothing is left of it; safe to repeat. Raises BackupFailed when its folder cannot be reached."""

    async def found(self, beside: Iterable[str] = ()) -> list[Taken]:
        """What lies in the usual folder, and in the folders of these places."""


class Traces(Protocol):
    """Every file that the service writes, searched as bytes when an erasure is verified."""

    async def search(self, needles: Iterable[bytes], *, databases: bool) -> list[str]:
        """Names of the files that hold any needle, compared case-sensitively; ``databases`` adds SQLite's own files."""

    async def plant(self, needle: bytes) -> None:
        """Leave a needle where the next search must find it: a search that cannot is no proof."""

    async def pluck(self) -> None:
        """Take the planted needle away again."""


@dataclass(frozen=True, slots=True)
class World:
    """What an action may ask of the outside. ``base_url`` starts every link in a letter.

    ``support_url``: where staff work, if that is another address; their invitations and passkeys are bound to it.

    ``recent``: figures that take long to measure and may be some moments old. ``visits``: when sessions were last used.

    ``guarded``: False where time is made to run (``worker --as-of``): nobody's keys are destroyed too fast then.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    new_request_id: Callable[[], str]
    new_secret: Callable[[], str]
    passwords: Passwords
    locate: Callable[[str], Place | None]
    vault: "Vault"
    policy: "Policy"
    post: Post
    shelf: Shelf
    ledger: Ledger
    checkpoints: Checkpoints
    backups: Backups
    traces: Traces
    base_url: str
    pause: Callable[[float], Awaitable[None]]
    log: Callable[..., None]
    guarded: bool = True
    support_url: str | None = None
    recent: Recent = field(default_factory=Recent)
    visits: Visits = field(default_factory=Visits)

    def rule(self, name: str, version: str | None = None) -> "Rule":
        """A policy rule as ``version`` has it (the one that governs the customer), or the version in force now. Raises KeyError."""
        return (self.policy.current(self.now()) if version is None else self.policy.version(version)).rule(name)

    def today(self) -> date:
        """The UTC calendar date."""
        return self.now().date()
