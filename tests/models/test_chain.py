"""The event chain (clause 6.1.3): numbered, hashed, signed, and found out whatever is done to it afterwards."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.ledger import FileLedger
from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from models.retention import sealing
from models.retention.chain import verify_chain
from models.retention.sealing import ChainBehind, expire_events, seal_events
from models.retention.statements import Said, read, sign
from models.tables import Checkpoint, Customer, Event
from models.tables.accounts import State
from models.tables.events import ActorKind, EventContents, EventKind
from models.world import World
from tests.factories import START, Clock, House, make_world
from tests.postgres import Postgres
from tests.trouble.people import people


async def happen(world: World, count: int, *, at: datetime | None = None) -> list[Event]:
    """So many events of somebody, a millisecond apart, with sealed parts."""
    key = (await world.vault.create([person := world.new_id()]))[person]
    alias, rows = world.new_id().bytes, []
    for number in range(count):
        row = Event(
            id=world.new_id(), alias=alias, at=(at or world.now()) + timedelta(milliseconds=number), kind=EventKind.ACCESS,
            action="record.opened", actor_kind=ActorKind.STAFF, actor_id=person, fields_named=["email", "phone"],
        )  # fmt: skip
        row.sealed = key.seal("event", row.id, EventContents(reason="the owner called"))
        rows.append(row)
    await Event.bulk_create(rows)
    return rows


async def sealed(house: House, *batches: int) -> None:
    """Events in batches, a minute apart, each under its checkpoint."""
    for count in batches:
        await happen(house.world, count)
        assert await seal_events(house.world, 100) == count
        house.clock.advance(minutes=1)


async def problems(house: House) -> list[str]:
    return (await verify_chain(house.world)).problems


async def test_committed_events_are_numbered_in_batches_under_signed_checkpoints(house: House) -> None:
    """In the order of their time; each batch ends with a checkpoint, in the database and in the file alike."""
    await sealed(house, 3, 2)

    events = await Event.all().order_by("at", "id")
    verdict = await verify_chain(house.world)

    assert [event.position for event in events] == [1, 2, 3, 4, 5]
    assert (verdict.problems, verdict.first, verdict.last, verdict.events) == ([], 1, 5, 5)
    assert (verdict.checkpoints, verdict.pending, verdict.unfiled, verdict.emptied) == (2, 0, 0, 0)
    assert [read(line).position for line in await house.world.checkpoints.lines()] == [3, 5]
    assert await seal_events(house.world, 100) == 0


@pytest.mark.asvs("11.4.3")
async def test_the_hash_can_be_worked_out_by_hand(house: House) -> None:
    """From the description alone: nobody needs our code to check the chain."""
    await sealed(house, 1)
    event = await Event.get(position=1)

    def framed(part: bytes | None) -> bytes:
        return b"\xff\xff\xff\xff" if part is None else len(part).to_bytes(4, "big") + part

    microseconds = (event.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    digest = hashlib.sha256(event.sealed).digest()
    parts = [
        bytes(32), (1).to_bytes(8, "big"), event.id.bytes, event.alias, microseconds.to_bytes(8, "big", signed=True), b"ACCESS",
        b"record.opened", b"STAFF", event.actor_id.bytes, digest, (2).to_bytes(4, "big"), b"email", b"phone",
    ]  # fmt: skip

    assert event.digest == digest
    assert event.hash == hashlib.sha256(b"octopus event 1\0" + b"".join(map(framed, parts))).digest()


async def test_an_event_not_numbered_yet_is_only_counted(house: House) -> None:
    """The documented window: up to one round of the worker."""
    await sealed(house, 2)
    await happen(house.world, 3)

    verdict = await verify_chain(house.world)

    assert verdict.ok
    assert verdict.pending == 3


async def test_a_customers_history_goes_through_the_workers_duty(house: House) -> None:
    """Events of real journeys are numbered by the round that runs everything else, and verify."""
    await house.customer()
    await house.work()

    verdict = await verify_chain(house.world)

    assert verdict.ok
    assert verdict.events == await Event.all().count() > 2
    assert verdict.pending == 0


# ---- what is done to it is found ---------------------------------------------------------------------------------

OTHER = b"\x01" * 16
CHANGES: dict[str, Any] = {
    "alias": OTHER, "at": START - timedelta(days=1), "kind": EventKind.REMOVE, "action": "record.closed",
    "actor_kind": ActorKind.SYSTEM, "actor_id": None, "fields_named": ["email"], "sealed": b"something else",
    "digest": bytes(32), "hash": bytes(32),
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
async def test_a_changed_column_is_found(house: House, column: str) -> None:
    """Whichever it is, in whichever event."""
    await sealed(house, 3, 3)
    await Event.filter(position=2).update(**{column: CHANGES[column]})

    assert any("event 2 " in problem for problem in await problems(house))


@pytest.mark.asvs("16.4.2")
def test_every_column_is_tried() -> None:
    """A new column has to be part of the hash; the id and the position have tests of their own."""
    assert {*CHANGES, "id", "position"} == set(Event._meta.db_fields)


async def test_a_sealed_part_moved_under_a_matching_digest_is_found(house: House) -> None:
    """The digest is part of the hash."""
    await sealed(house, 3)
    await Event.filter(position=2).update(sealed=b"x", digest=hashlib.sha256(b"x").digest())

    assert await problems(house) == ["event 2 is not what was sealed"]


async def test_another_id_is_found(house: House) -> None:
    """An event put in place of another, column for column, is another."""
    await sealed(house, 3)
    event = await Event.get(position=2)
    await event.delete()
    await Event(**{**dict(event), "id": house.world.new_id()}).save(force_create=True)

    assert await problems(house) == ["event 2 is not what was sealed"]


@pytest.mark.asvs("16.4.2")
@pytest.mark.parametrize(
    ("gone", "said"), [([2], "event 2 is missing"), ([1, 2], "events 1 to 2 are missing"), ([6], "event 6")]
)
async def test_a_missing_event_is_found(house: House, gone: list[int], said: str) -> None:
    """In the middle, at the beginning, at the end."""
    await sealed(house, 3, 3)
    await Event.filter(position__in=gone).delete()

    assert any(said in problem for problem in await problems(house))


async def test_a_gap_that_is_closed_up_is_found(house: House) -> None:
    """Renumbering what follows breaks its hashes."""
    await sealed(house, 4)
    await Event.filter(position=2).delete()
    for position in (3, 4):
        await Event.filter(position=position).update(position=position - 1)

    assert "event 2 is not what was sealed" in await problems(house)


@pytest.mark.asvs("16.4.2")
async def test_two_events_in_each_others_place_are_found(house: House) -> None:
    """The order is what is hashed."""
    await sealed(house, 4)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        await Event.filter(position=old).update(position=new)

    assert "event 2 is not what was sealed" in await problems(house)


async def test_an_event_added_by_hand_is_found(house: House) -> None:
    """With a hash that fits, but without a checkpoint."""
    await sealed(house, 2)
    [event] = await happen(house.world, 1)
    last = await Event.get(position=2)
    event.position, event.digest = 3, event.digested()
    event.hash = event.linked(bytes(last.hash))
    await event.save(force_update=True)

    assert await problems(house) == ["events up to 3 are numbered, but no checkpoint covers them"]


async def rewritten(house: House, forge: Callable[[Checkpoint], Awaitable[None]]) -> None:
    """The whole chain made again after a change, hashes included; ``forge`` does what it can about a checkpoint."""
    previous = bytes(32)
    for event in await Event.all().order_by("position"):
        if event.position == 2:
            event.action = "record.never-opened"
        previous = event.hash = event.linked(previous)
        await event.save(force_update=True)
        if (checkpoint := await Checkpoint.get_or_none(position=event.position)) is not None:
            checkpoint.hash = previous
            await forge(checkpoint)
            await checkpoint.save()


async def test_a_chain_made_again_needs_the_signing_key(house: House) -> None:
    """Whoever writes the database cannot sign."""
    await sealed(house, 3, 3)

    async def nothing(checkpoint: Checkpoint) -> None: ...

    await rewritten(house, nothing)

    assert "the checkpoint at 3 is not signed as it stands" in await problems(house)


@pytest.mark.asvs("11.6.1")
async def test_a_checkpoint_signed_with_another_key_is_found(house: House, tmp_path: Path) -> None:
    """Only this installation's key counts."""
    await sealed(house, 3, 3)
    (tmp_path / "other").mkdir()
    other = make_world(tmp_path / "other", house.clock)

    async def forge(checkpoint: Checkpoint) -> None:
        forged = sign(other, Said.CHECKPOINT, checkpoint.position, checkpoint.hash, checkpoint.at)
        checkpoint.signature, checkpoint.key_id = bytes.fromhex(forged.signature), forged.key_id

    await rewritten(house, forge)

    assert "the checkpoint at 3 is not signed as it stands" in await problems(house)


async def test_whoever_has_database_and_signing_key_still_meets_the_file(house: House) -> None:
    """The file outside the database says how the chain stood."""
    await sealed(house, 3, 3)

    async def forge(checkpoint: Checkpoint) -> None:
        forged = sign(house.world, Said.CHECKPOINT, checkpoint.position, checkpoint.hash, checkpoint.at)
        checkpoint.signature = bytes.fromhex(forged.signature)

    await rewritten(house, forge)

    assert await problems(house) == [
        f"line {line} of the file of checkpoints: {position} stands otherwise in the database"
        for line, position in ((1, 3), (2, 6))
    ]


@pytest.mark.asvs("16.4.2", "16.4.3")
async def test_an_end_cut_off_is_found_by_the_file(house: House) -> None:
    """Events and checkpoints of the last batch deleted together; no new ones are numbered over it either."""
    await sealed(house, 3, 3)
    await Event.filter(position__gt=3).delete()
    await Checkpoint.filter(position__gt=3).delete()
    await happen(house.world, 1)

    assert await problems(house) == ["line 2 of the file of checkpoints: 6 is not in the database"]
    with pytest.raises(ChainBehind):
        await seal_events(house.world, 100)


async def test_a_deleted_checkpoint_is_found(house: House) -> None:
    """The file still has it."""
    await sealed(house, 3, 3)
    await Checkpoint.filter(position=3).delete()

    assert await problems(house) == ["line 1 of the file of checkpoints: 3 is not in the database"]


async def test_a_forged_anchor_is_found(house: House) -> None:
    """A beginning cut off cannot pass for expired: the anchor is signed as one."""
    await sealed(house, 3, 3)
    await Event.filter(position__lte=3).delete()
    await Checkpoint.filter(position=3).update(is_anchor=True)

    assert "the anchor at 3 is not signed as it stands" in await problems(house)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "is not one of ours"),
        (
            '{"said":"RESTORED","position":0,"hash":"00","at":"2026-11-23T09:00:00Z","key_id":"a","signature":"00"}',
            "is not signed",
        ),
    ],
)
async def test_a_forged_line_of_the_file_is_found(house: House, line: str, said: str) -> None:
    """A restore that nobody signed makes nothing void."""
    await sealed(house, 2)
    await house.world.checkpoints.append([line])

    assert any(said in problem for problem in await problems(house))


async def test_a_changed_line_of_the_file_is_found(house: House) -> None:
    """Its time, say: the line is signed too."""
    await sealed(house, 2)
    path: Path = house.world.checkpoints.path  # type: ignore[attr-defined]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"at": "2026-11-22T09:00:00Z"}) + "\n")

    assert await problems(house) == ["line 1 of the file of checkpoints is not signed as it stands"]


# ---- killed, and several at once ---------------------------------------------------------------------------------


@pytest.mark.asvs("16.4.3")
async def test_what_a_killed_worker_owes_the_file_is_added_by_the_next(house: House) -> None:
    """Killed between the commit and the file: nothing is wrong, and soon nothing is owed."""

    class Full(FileLedger):
        async def append(self, lines: Any) -> None:
            raise OSError(28, "No space left on device")

    await happen(house.world, 2)
    full = Full(house.world.checkpoints.path)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="No space"):
        await seal_events(replace(house.world, checkpoints=full), 100)

    verdict = await verify_chain(house.world)
    assert verdict.ok
    assert verdict.unfiled == 1
    assert await seal_events(house.world, 100) == 0
    assert (await verify_chain(house.world)).unfiled == 0


async def test_a_file_that_lost_its_lines_is_said(house: House) -> None:
    """More than one checkpoint missing is no crash."""
    await sealed(house, 1, 1, 1)
    house.world.checkpoints.path.unlink()  # type: ignore[attr-defined]

    assert await problems(house) == ["the file of checkpoints ends at 0: 3 are missing"]


async def test_several_workers_at_once_never_give_a_number_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five at it while events go on happening."""
    monkeypatch.setattr(sealing, "BATCH", 7)

    async def worker() -> int:
        return sum([await seal_events(house.world, 100) for _ in range(12)])

    async def people_at_work() -> None:
        for _ in range(10):
            await happen(house.world, 5)
            await asyncio.sleep(0.01)

    done = await asyncio.gather(people_at_work(), *(worker() for _ in range(5)))
    counts = [count for count in done if count is not None]
    while left := await seal_events(house.world, 100):
        counts.append(left)

    assert sum(counts) == 50
    assert (await problems(house)) == []
    assert await Event.all().distinct().values_list("position", flat=True) != [None]


@pytest.mark.asvs("15.4.3")
@pytest.mark.postgres
async def test_three_processes_at_once_never_give_a_number_twice(postgres: Postgres, tmp_path: Path) -> None:
    """Workers on several machines share one PostgreSQL."""
    for name in ("chain_main", "chain_keys"):
        postgres.create_database(name)
    urls = postgres.url("chain_main"), postgres.url("chain_keys")
    world = make_world(tmp_path, Clock(), urls=urls)
    await open_databases(*urls)
    try:
        await migrate(START)
        await world.vault.belongs()
        await happen(world, 6_000)
        program = (
            "import asyncio, sys, pathlib\n"
            "from models.database import open_databases, close_databases\n"
            "from models.retention.sealing import seal_events\n"
            "from tests.factories import Clock, make_world\n"
            "async def main():\n"
            "    await open_databases(*sys.argv[2:])\n"
            "    world, done = make_world(pathlib.Path(sys.argv[1]), Clock()), 0\n"
            "    for _ in range(40):\n"
            "        done += await seal_events(world, 100)\n"
            "        await asyncio.sleep(0.005)\n"
            "    await close_databases()\n"
            "    print(done)\n"
            "asyncio.run(main())\n"
        )
        house = Path(__file__).parents[2]
        running = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", program, str(tmp_path), *urls, cwd=house, stdout=asyncio.subprocess.PIPE
            )
            for _ in range(3)
        ]
        counts = [int((await process.communicate())[0]) for process in running]
        verdict = await verify_chain(world)
    finally:
        await close_databases()
        for name in ("chain_main", "chain_keys"):
            postgres.drop_database(name)

    assert sum(counts) == 6_000
    assert (verdict.problems, verdict.events, verdict.pending) == ([], 6_000, 0)


# ---- erasure and expiry ------------------------------------------------------------------------------------------


async def test_after_an_erasure_the_chain_verifies_and_the_alias_opens_nothing(house: House) -> None:
    """The personal parts are gone, what remains points at nobody."""
    [anna, carla] = await people(house.world, "anna@example.com", "carla@example.com")
    [gone] = await people(house.world, "gone@example.com", state=State.CLOSED)
    theirs = await aliases(house, gone.id)
    await house.work(only="seal-events")
    before = await Event.get(alias=theirs)
    assert before.sealed is not None

    await house.work()
    event, verdict = await Event.get(alias=theirs), await verify_chain(house.world)

    assert verdict.ok
    assert verdict.emptied == 1
    assert event.sealed is None
    assert event.digest == hashlib.sha256(before.sealed).digest()
    assert theirs not in [await aliases(house, one.id) for one in (anna, carla)]
    assert gone.id not in await house.world.vault.keys([gone.id])


async def aliases(house: House, person: Any) -> bytes:
    """The alias that stands in somebody's sealed profile."""
    customer = await Customer.get(id=person)
    return bytes(customer.opened(await house.world.vault.keys([person])).alias)


async def test_expired_events_go_up_to_a_checkpoint_that_becomes_the_anchor(house: House) -> None:
    """Three years, less a day; the rest of the chain verifies from there, and so does what comes after."""
    due = house.world.policy.rule("EVENT").span
    await sealed(house, 3, 3)
    house.clock.advance(days=30)
    await sealed(house, 2)
    house.clock.now = START + due + timedelta(hours=1)

    assert await expire_events(house.world, 100) == 6
    assert await expire_events(house.world, 100) == 0
    verdict = await verify_chain(house.world)

    assert (verdict.problems, verdict.first, verdict.last, verdict.events) == ([], 7, 8, 2)
    assert await Checkpoint.filter(is_anchor=True).values_list("position", flat=True) == [6]
    await sealed(house, 1)
    house.clock.advance(days=60)
    assert await expire_events(house.world, 100) == 2
    assert await seal_events(house.world, 100) == 0
    assert (await problems(house)) == []


async def test_no_event_goes_before_it_is_due_nor_stays_beyond_its_ceiling(house: House) -> None:
    """Neither for the sake of one in its batch, nor for one that a clock ahead of its time has dated."""
    rule = house.world.policy.rule("EVENT")
    for hours in range(0, 72, 3):  # no worker ran for three days
        await happen(house.world, 1, at=START + timedelta(hours=hours))
    await happen(house.world, 1, at=START + timedelta(days=400))
    house.clock.advance(days=3)
    await house.work(only="seal-events")
    await happen(house.world, 1)
    await house.work(only="seal-events")
    assert await Checkpoint.all().count() > 10

    dates = dict(await Event.filter(at__lt=START + timedelta(days=4)).values_list("id", "at"))
    house.clock.now = START + rule.span - timedelta(hours=2)
    while dates:
        await house.work(only="expire-events")
        there = set(await Event.all().values_list("id", flat=True))
        for id_ in dates.keys() - there:
            assert dates.pop(id_) <= house.clock.now - rule.span, "it was due"
        assert all(at > house.clock.now - rule.ceiling for at in dates.values()), "its ceiling was kept"
        assert await problems(house) == []
        house.clock.advance(hours=1)


async def test_age_rows_leaves_the_chain_alone(house: House) -> None:
    """Events go as a prefix or not at all."""
    await sealed(house, 2)
    house.clock.advance(days=2_000)

    await house.work(only="age-rows")

    assert await Event.all().count() == 2
