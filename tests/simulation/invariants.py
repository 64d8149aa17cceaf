"""What must hold after every step; what must hold once the worker has done all there is to do."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from models.actions.finding import EMAIL, email_digest, profile_entries
from models.database import dialect, truncate_wal
from models.keystore import ErasureProbe, PersonKey
from models.retention.ageing import TABLES, ageing, due_before
from models.retention.certify import wrong_certificates
from models.retention.chain import verify_chain
from models.retention.compliance import compliance
from models.tables import (
    AccessGrant,
    Certificate,
    Closure,
    Complaint,
    Customer,
    Event,
    Export,
    Hold,
    IndexEntry,
    Obligation,
    RightsRequest,
    Service,
    Session,
    Staff,
    Tombstone,
)
from models.tables.accounts import ErasureStage, IndexUse, State
from models.tables.events import ActorKind, EventKind
from models.tables.exports import ExportStatus
from tests.simulation.model import ACTIVE, CLOSED, GOING, GONE, UNCONFIRMED, Ending
from tests.simulation.town import Town, check, differ

Rows = dict[str, dict[Any, tuple[UUID | None, datetime | None]]]
SLACK = timedelta(minutes=1)
STATES = {State.UNCONFIRMED: "UNCONFIRMED", State.ACTIVE: "ACTIVE", State.CLOSED: "CLOSED", State.ERASING: GOING}
TOKEN = re.compile(rb"qzj[a-z]{7}")
BY_THE_SOFTWARE = (
    "ip_is_cut", "sign_ins_go", "place_is_estimated", "no_cards", "consent_stops_at_once", "old_values_go",
    "email_change_reverts", "deletion_blocks", "deletion_erases", "terms_erase", "reads_need_a_grant",
    "grants_end", "events_are_kept", "copies_go", "cookies_wait_for_a_choice", "sources_are_named", "one_identity",
)  # fmt: skip
"""Promises that no member of staff can break by being late."""
ERASURES = ("deletion_erases", "terms_erase", "copies_go")


# ---- after every step ------------------------------------------------------------------------------------------------
async def after_a_step(town: Town) -> None:
    """Cheap: one statement for each, whoever there is."""
    town.forget_pending()
    await learn(town)
    await _people(town)
    await _keys(town)
    await _addresses(town)
    await _obligations(town)
    await _reads(town)


async def learn(town: Town) -> None:
    """What the software decided by itself, where the policy lets it: who is bound by a new version, who is closed, who goes."""
    await learn_of_versions(town)
    await learn_of_closings(town)
    await learn_of_erasures(town)


async def learn_of_versions(town: Town) -> None:
    """A version that takes a right away binds whoever accepted it, or signed up under it, once it is in force."""
    known = town.model.by_id()
    for id_, name in await Customer.all().values_list("id", "governed_by"):
        one = known.get(id_)
        if one is None or not one.here or one.governed == name:
            continue
        version = town.world.policy.version(name)
        check(version.valid_from <= town.now, "bound by a version that is not in force:", one.token, name)
        check(one.answers.get(name), "bound by a version that takes a right away:", one.token, name)
        one.governed = name


async def learn_of_closings(town: Town) -> None:
    """An account that nobody uses is closed after 27 months, and not before; nobody who has a service."""
    known = town.model.by_id()
    for closure in await Closure.filter(closed_by="SYSTEM"):
        one = known.get(closure.customer_id)
        if one is None or one.state != ACTIVE:
            continue
        rule = town.rule("DORMANT", one)
        assert one.used_at
        check(closure.closed_at >= rule.due_at(one.used_at), "closed although it was used:", one.token, one.used_at)
        running = Service.filter(customer_id=one.id, ended_at=None)
        check(not await running.exists(), "closed although a service runs:", one.token)
        ending = town.rule("CLOSED", one)
        at = closure.closed_at
        one.state, one.ending = CLOSED, Ending(at, ending.due_at(at), ending.promised_at(at), "SYSTEM")


async def learn_of_erasures(town: Town) -> None:
    """A tombstone is the beginning of an end that was due, of nobody on hold; from then on the person is going."""
    for stone in await Tombstone.all():
        one = town.model.by_id().get(stone.id)
        if one is None:
            continue  # came after the backup that was put back, and went
        if one.here:
            check(not one.holds, "erased on hold:", one.token)
            if one.state == UNCONFIRMED and one.ending is None:
                due = town.rule("UNCONFIRMED").due_at(one.signed_up_at)
                check(stone.begun_at >= due, "erased early:", one.token, stone.begun_at, due)
            else:
                check(one.state == CLOSED and one.ending is not None, "erased in state", one.state, one.token)
                assert one.ending is not None
                check(stone.begun_at >= one.ending.erase_at, "erased early:", one.token, one.ending, stone.begun_at)
            one.state, one.begun_by = GOING, stone.erase_by
        if stone.stage not in (ErasureStage.ERASING, ErasureStage.KEY_DESTROYED):
            one.state = GONE


async def _people(town: Town) -> None:
    """Everybody is there who must be, in their state; nobody else is."""
    found = dict(await Customer.all().values_list("id", "state"))
    for one in town.model.people:
        there = STATES.get(found.pop(one.id, None))  # type: ignore[arg-type]
        if one.state == GONE:
            check(there is None, "resurrected:", one.token, there)
        elif one.state == GOING:
            check(there in (GOING, None), "an erasure is undone:", one.token, there)
        else:
            check(there == one.state, one.token, "is", there, "and must be", one.state)
    check(not found, "customers nobody knows", found)
    alive = Session.filter(ended_at=None, expires_at__gt=town.now).exclude(customer__state=State.ACTIVE)
    check(not await alive.exists(), "a session is alive of an account that is not")
    closed = {row.customer_id: (row.erase_at, row.erase_by) for row in await Closure.all()}
    for one in town.model.here(CLOSED):
        assert one.ending
        check(closed.pop(one.id, None) == (one.ending.erase_at, one.ending.erase_by), "another closure:", one.token)  # type: ignore[arg-type]
    going = {one.id for one in town.model.here(GOING)}
    check(closed.keys() <= going, "closures of accounts that are open", closed)
    standing = set(await Hold.filter(released_at=None).values_list("id", flat=True))
    wanted = {hold for one in town.model.people if one.here for hold in one.holds}
    check(wanted <= standing, "a hold is lost", wanted - standing)


async def _keys(town: Town) -> None:
    """A key for everybody who is here; for nobody else, a day's orphans of a crash aside."""
    keys = dict(await PersonKey.all().values_list("person_id", "created_at"))
    for one in town.model.people:
        if one.here:
            check(keys.pop(one.id, None), "a key is lost:", one.token)
        elif one.state == GONE:
            check(one.id not in keys, "a destroyed key is back:", one.token)
    staff = set(await Staff.all().values_list("id", flat=True))
    strangers = set(await Complaint.filter(customer_id=None).values_list("person_id", flat=True))
    going = {one.id for one in town.model.here(GOING)}
    for person, made in keys.items():
        if person not in staff | strangers | going and not town.late:
            check(
                made > town.now - timedelta(hours=24) - (town.now - town.worked_at) - timedelta(hours=2),
                "an old key of nobody",
            )


async def _addresses(town: Town) -> None:
    """One claim an address; confirmed by whoever has it, held by whoever had it."""
    entries = await IndexEntry.filter(field=EMAIL)
    claims: dict[bytes, IndexEntry] = {}
    confirmed: dict[UUID, list[bytes]] = {}
    for one in entries:
        claimed = one.use in (IndexUse.CONFIRMED, IndexUse.HELD)
        check((one.claim is not None) == claimed, "an address is claimed wrongly", one.use)
        if claimed:
            check(bytes(one.digest) not in claims, "an address is claimed twice")
            claims[bytes(one.digest)] = one
        if one.use is IndexUse.CONFIRMED:
            confirmed.setdefault(one.person_id, []).append(bytes(one.digest))
    for person in town.model.people:
        if person.here and person.id is not None:
            wanted = [] if person.state == UNCONFIRMED else [email_digest(town.world, person.email)]
            check(confirmed.get(person.id, []) == wanted, "confirmed addresses of", person.token, person.state)


async def _obligations(town: Town) -> None:
    """Every cause has its row, open until it is done."""
    owed: dict[tuple[str, UUID | None], list[Obligation]] = {}
    for row in await Obligation.filter(done_at=None).exclude(customer__state=State.ERASING):
        owed.setdefault((row.rule, row.subject_id), []).append(row)
    for closure in await Closure.exclude(customer__state=State.ERASING):
        rows = owed.get(("CLOSED", closure.id), []) + owed.get(("OFFICE_ERASE", closure.id), [])
        dues = {row.due_at for row in rows}
        check(closure.erase_at in dues, "a closing is not measured", closure.closed_by, dues, closure.erase_at)
    for export in await Export.filter(status=ExportStatus.REQUESTED).exclude(customer__state=State.ERASING):
        check(owed.get(("EXPORT_BUILD", export.id)), "an export is not measured", export.status)
    ready = Export.filter(status=ExportStatus.READY, erased_at=None)
    for export in await ready.exclude(customer__state=State.ERASING):
        check(owed.get(("EXPORT", export.id)), "an export that is ready is not measured")
    for request in await RightsRequest.filter(status__in=["RECEIVED", "IN_PROGRESS"], copy_ready_at=None):
        subject = request.related_person_id or request.id
        if request.related_person_id is None:
            rules = ("REQUEST", "COPY", "OFFICE_48H")
            check(
                any(owed.get((rule, subject)) for rule in rules) or not await _alive(request), "an unmeasured request"
            )
    for hold in await Hold.filter(released_at=None, told_to_customer=True).exclude(customer__state=State.ERASING):
        check(len(owed.get(("HOLD", hold.id), [])) == 1, "a hold's review is not measured")


async def _alive(request: RightsRequest) -> bool:
    return await Customer.filter(id=request.customer_id).exclude(state=State.ERASING).exists()


async def _reads(town: Town) -> None:
    """What staff read since the last step, they had a grant for."""
    read = Event.filter(kind=EventKind.ACCESS, actor_kind=ActorKind.STAFF, action__startswith="record.", position=None)
    for event in await read:
        grant = AccessGrant.filter(staff_id=event.actor_id, opened_at__lte=event.at, expires_at__gte=event.at)
        check(event.sealed is None or await grant.exists(), "a read without a grant", event.action)


async def _requests(town: Town) -> None:
    """What was done last with a request stands in its row as in its last event, as long as events are kept."""
    kept = town.rule("EVENT").expired_before(town.now)
    told = dict(await RightsRequest.filter(last_action_at__gt=kept).values_list("number", "last_action"))
    found: dict[str, str] = {}
    for event in await Event.filter(action__startswith="request.", at__gt=kept).order_by("at", "id"):
        found |= dict.fromkeys(map(str, event.fields_named), event.action)
    check(
        told.items() <= found.items(), "a request that tells another last event:", sorted(told.items() - found.items())
    )


# ---- around a duty -------------------------------------------------------------------------------------------------
async def rows_of(town: Town) -> Rows:
    """Every row of every table that a person's data stands in: whose, and since when its clock runs."""
    found: Rows = {}
    for entity in town.world.policy.inventory.erased_with_person:
        model = TABLES[entity.table]
        person = entity.person or "id"
        rows = await model.all().values_list(model._meta.pk_attr, person, *entity.start)
        found[entity.table] = {
            row[0]: (row[1], min((at for at in row[2:] if at is not None), default=None)) for row in rows
        }
    return found


async def check_vanished(town: Town, before: Rows) -> Rows:
    """What a duty erased was its person's end, or was due by its rule and on no hold."""
    await learn(town)
    after, known = await rows_of(town), town.model.by_id()
    for entity in town.world.policy.inventory.erased_with_person:
        rule = town.rule(entity.rule)
        for row, (person, start) in before[entity.table].items():
            if row in after[entity.table]:
                continue
            one = known.get(person) if person else None
            if one is None or not one.here:
                continue
            held = any("all" in scope or entity.table in scope for scope in one.holds.values())
            check(not held, "a row on hold is erased:", entity.table, one.token)
            if entity.table == "index_entry" or (entity.table == "letter" and start is None):
                continue  # by its own date; given up in this round, as of when it was written
            check(rule.has_clock, "a row without a clock is erased:", entity.table, one.token)
            check(start is not None and start <= rule.expired_before(town.now), "erased early:", entity.table, start)
    return after


# ---- once nothing is due -------------------------------------------------------------------------------------------
async def quiet(town: Town) -> bool:
    """Nothing waits for its next try."""
    from models.tables import Letter

    waiting = Export.filter(status=ExportStatus.REQUESTED, dead_at=None)
    return not await waiting.exists() and not await Letter.filter(posted_at=None, dead_at=None).exists()


async def everything(town: Town) -> None:
    """Dear, and complete; the worker has just done all there was."""
    await after_a_step(town)
    await _values(town)
    await _nothing_due(town)
    await _certificates(town)
    await _chain(town)
    await _requests(town)
    await _promises(town)
    await _plain_values(town)


async def _values(town: Town) -> None:
    """Everybody's values are the model's, and are found by exactly these blind indexes."""
    here = [one for one in town.model.people if one.here and one.id]
    found = await town.facts(*(one.id for one in here if one.id))
    for one in here:
        assert one.id is not None
        check(found.get(one.id) == one.facts, one.token, differ(one.facts, found.get(one.id, {})))
    rows = await Customer.filter(id__in=[one.id for one in here])
    keys = await town.world.vault.keys([row.id for row in rows])
    entries: dict[UUID, set[tuple[str, bytes]]] = {}
    for entry in await IndexEntry.filter(field__in=["phone", "personal_code", "name_birthdate"]):
        entries.setdefault(entry.person_id, set()).add((entry.field, bytes(entry.digest)))
    for row in rows:
        wanted = {(one.field, bytes(one.digest)) for one in profile_entries(town.world, row.id, row.opened(keys))}
        check(entries.pop(row.id, set()) == wanted, "other blind indexes than values", row.id)
    check(not entries, "blind indexes of nobody", len(entries))
    people = set(await Customer.all().values_list("id", flat=True)) | set(
        await Staff.all().values_list("id", flat=True)
    )
    strays = [one for one in await IndexEntry.all().values_list("person_id", flat=True) if one not in people]
    check(not strays, "index entries of nobody", len(strays))


async def _nothing_due(town: Town) -> None:
    """No row is left that its rule lets go, those on hold aside; no IP is whole for longer than it may be."""
    held = _held(town)
    for entity in ageing(town.world):
        if entity.table == "event":
            continue
        rule = town.rule(entity.rule)
        rows = TABLES[entity.table].filter(due_before(entity, rule.expired_before(town.now)))
        if entity.person == "customer_id":
            rows = rows.exclude(customer_id__in=held.get(entity.table, []) + held.get("all", []))
            rows = rows.exclude(customer__state=State.ERASING)
        check(not await rows.exists(), "kept although it was due:", entity.table, await rows.count())
    event = town.rule("EVENT")
    assert event.ceiling is not None
    old = await Event.filter(at__lt=town.now - event.ceiling).count()
    check(not old, "events are kept beyond their ceiling", old)
    late = await Closure.filter(erase_at__lte=town.now, customer__state=State.CLOSED)
    for closure in late:
        one = town.model.by_id().get(closure.customer_id)
        check(one and one.holds, "an account is due, on no hold, and still there", one and one.token)
    cut = town.rule("SIGN_IN").stage("cut_ip").at
    whole = TABLES["sign_in"].filter(ip_precision="FULL", at__lte=town.now - cut)
    whole = whole.exclude(customer_id__in=held.get("sign_in", []) + held.get("all", []))
    check(not await whole.exists(), "an IP address is whole for too long")
    unconfirmed = town.rule("UNCONFIRMED").expired_before(town.now)
    left = Customer.filter(state=State.UNCONFIRMED, created_at__lte=unconfirmed)
    left_ids = set(await left.values_list("id", flat=True)) - {one.id for one in town.model.people if one.holds}
    check(not left_ids, "sign-ups that were never confirmed are kept", len(left_ids))
    probes = await ErasureProbe.filter(made_at__lt=town.now - timedelta(hours=24)).count()
    check(not probes, "probes are kept", probes)
    await _pending(town)


async def _pending(town: Town) -> None:
    """An address that never answered is somebody else's, perhaps: it goes when its link has ended."""
    old = Customer.filter(pending_email_until__lt=town.now - timedelta(days=2), state__in=[State.ACTIVE, State.CLOSED])
    held = _held(town)
    old = old.exclude(id__in=[one for name in ("all", "index_entry", "customer") for one in held.get(name, [])])
    check(not await old.exists(), "addresses that never answered are kept", await old.count())


def _held(town: Town) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for one in town.model.people:
        for scope in one.holds.values():
            for table in scope:
                if one.id is not None:
                    found.setdefault(table, []).append(one.id)
    return found


async def _certificates(town: Town) -> None:
    """Signed as they stand, one for each erasure, in time where the worker was."""
    check(not await wrong_certificates(town.world), "certificates that are not true")
    certified = {bytes(one.code_digest): one for one in await Certificate.all()}
    for stone in await Tombstone.filter(stage=ErasureStage.CERTIFIED):
        certificate = certified.get(bytes(stone.code_digest))
        check(certificate, "an erasure without a certificate")
        assert certificate
        check(certificate.erased_at >= certificate.closed_at, "erased before it was closed")
    for one in town.model.here(GONE):
        if one.codes:
            opened = [code for code in one.codes if town.world.vault.digest(code) in certified]
            check(opened, "no code opens the certificate of", one.token)


async def _chain(town: Town) -> None:
    verdict = await verify_chain(town.world)
    check(verdict.ok, "the chain is broken:", verdict.problems[:3])


async def _promises(town: Town) -> None:
    """The report is made of every promise; what depends on the software alone is kept, if the worker was there."""
    day = town.now.date()
    report = await compliance(town.world, day - timedelta(days=365), day)
    check(len(report.promises) == len(town.world.policy.promises), "promises are missing from the report")
    for one in report.promises:
        excused = max(town.excused_until, town.returned_until if one.promise.name in ERASURES else town.excused_until)
        if one.promise.name in BY_THE_SOFTWARE and town.now > excused:
            check(not one.measure.broken, "broken:", one.promise.name, one.measure)


async def lateness_is_told(town: Town) -> None:
    """A worker that was away: what has passed its ceiling by now, the report calls broken."""
    day = town.now.date()
    report = await compliance(town.world, day - timedelta(days=365), day)
    broken = {one.promise.name: one.measure.broken for one in report.promises}
    for promise, table, start in (("sign_ins_go", "sign_in", "at"), ("old_values_go", "change", "changed_at")):
        ceiling = town.rule({"sign_in": "SIGN_IN", "change": "OLD_VALUE"}[table]).ceiling
        assert ceiling is not None
        late = await TABLES[table].filter(**{f"{start}__lt": town.now - ceiling}).exists()
        check(not late or broken[promise], "nobody is told that", table, "is kept for too long")
    soonest = (
        await Closure.filter(erase_by__gt=town.now, terms_clause=None)
        .exclude(closed_by="OFFICE")
        .order_by("erase_by")
        .first()
    )
    [erases] = [one.measure for one in report.promises if one.promise.name == "deletion_erases"]
    if soonest is not None:
        told = erases.next_ceiling_at
        check(
            told is not None and told <= soonest.erase_by, "no alarm can fire before a ceiling:", told, soonest.erase_by
        )
    for terms, promise in ((True, "deletion_erases"), (False, "terms_erase")):
        closures = Closure.filter(erase_by__lt=town.now - timedelta(days=1), terms_clause__isnull=terms)
        closures = closures.exclude(closed_by="OFFICE")
        check(not await closures.exists() or broken[promise], "nobody is told that an erasure is late", promise)


async def _plain_values(town: Town) -> None:
    """No file, table or log line holds a value of anybody, gone or here, in plain: letters aside, which are outside."""
    if dialect() == "sqlite":
        await truncate_wal("default")
        await truncate_wal("keystore")
        found = await asyncio.to_thread(_tokens_in_files, town.installation.data)
    else:
        found = TOKEN.findall(await asyncio.to_thread(town.installation.everything))
        found += await asyncio.to_thread(_tokens_in_files, town.installation.data)
    check(not found, "plain values:", found[:5])
    logged = TOKEN.findall("\n".join(town.logged).encode())
    check(not logged, "plain values in the log:", logged[:5])


def _tokens_in_files(folder: Path) -> list[bytes]:
    return [
        token + b" in " + path.name.encode()
        for path in folder.rglob("*")
        if path.is_file() and "backups" not in path.parts
        for token in TOKEN.findall(path.read_bytes())
    ]


__all__ = ["Q", "Rows", "after_a_step", "check_vanished", "everything", "learn_of_erasures", "quiet", "rows_of"]
