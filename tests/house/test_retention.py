"""Whatever the inventory gives a rule with a clock goes by it: not before, and not by anybody's remembering."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import msgspec
from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.keystore import ErasureProbe
from models.policy import Entity, load
from models.retention.ageing import TABLES
from models.tables import Complaint, Customer, Event, Service, Staff, Tombstone
from models.tables.accounts import ErasureStage
from models.tables.sealed import SealedRow
from models.tables.services import ServiceContents, ServiceKind
from tests.factories import START, House

INVENTORY = load().inventory
CLOCKED = [entity for entity in INVENTORY.entities if entity.has_clock]
SPECIAL: Mapping[type[Model], dict[str, Any]] = {
    Tombstone: {"stage": ErasureStage.CERTIFIED, "kek_id": "gone"},
}
BY_FIELD = {
    "export.archive_key": "tests/models/test_export.py",
    "customer.pending_email": "test_an_address_never_confirmed_and_an_old_invitation_are_forgotten",
    "staff.invitation_digest": "test_an_address_never_confirmed_and_an_old_invitation_are_forgotten",
    **{
        f"event.{name}": "test_events_lose_their_ip_address_with_the_record"
        for name in ("ip", "country", "region", "city")
    },
}
"""Fields whose rule is not their table's, and where their going is tested."""


def sample(of: Any) -> Any:
    """Any value of a type."""
    if get_origin(of) in (Union, UnionType):
        return sample(get_args(of)[0])
    if isinstance(of, type) and issubclass(of, Sealed):
        return of(**{one.name: sample(one.type) for one in msgspec.structs.fields(of) if one.required})
    origin = get_origin(of) or of
    values = {
        str: "x",
        bytes: b"x" * 32,
        int: 1,
        bool: False,
        datetime: START,
        date: date(2000, 1, 1),
        dict: {},
        list: [],
    }
    return values[origin]


async def planted(house: House, model: type[Model], customer: UUID, entity: Entity) -> Model:
    """A row of a table whose every time is the start of the tests."""
    meta, row = model._meta, model.__new__(model)
    values: dict[str, Any] = {}
    for name, field in meta.fields_map.items():
        if name in ("pk", "sealed") or name in meta.fk_fields:
            continue
        values[name] = column(house, field, customer if name == "customer_id" else None)
    if "staff" in meta.fk_fields:
        values["staff_id"] = (await Staff.all().order_by("id").first()).id  # type: ignore[union-attr]
    values |= SPECIAL.get(model, {})
    if model is Customer or model is Staff:
        raise AssertionError("made by their own actions")
    row = model(**values)
    if isinstance(row, Complaint):
        row.person_id = customer
    if isinstance(row, SealedRow):
        person = row.person
        row.seal(await house.world.vault.keys([person]), sample(model.contents))  # type: ignore[attr-defined]
    await row.save(force_create=True)
    return row


def column(house: House, field: fields.Field[Any], customer: UUID | None) -> Any:
    """A value for a column."""
    if customer is not None:
        return customer
    enum = getattr(field, "enum_type", None)
    if enum is not None:
        return next(iter(enum))
    if isinstance(field, fields.DatetimeField):
        return None if field.model_field_name in ("dead_at", "leased_until", "retry_at", "closed_until") else START
    if isinstance(field, fields.UUIDField):
        return None if field.null else house.world.new_id()
    if isinstance(field, fields.JSONField):
        return []
    if isinstance(field, fields.BinaryField):
        return None if field.null else house.world.vault.random(32)
    if isinstance(field, fields.BooleanField):
        return False
    if isinstance(field, fields.IntField | fields.BigIntField | fields.FloatField):
        return None if field.null else 0
    return None if field.null else house.world.new_id().hex[:12]


async def test_every_table_with_a_clock_is_emptied_by_the_duties_when_it_is_due(house: House) -> None:
    """A row of each, begun now: there an hour before its rule is due, gone an hour after. Nobody called anything but the worker."""
    person = await house.customer()
    customer = await Customer.get()
    service = Service(
        id=house.world.new_id(), customer_id=customer.id, reference="S-1", kind=ServiceKind.HOSTING, started_at=START
    )
    service.seal(await house.world.vault.keys([customer.id]), ServiceContents(name="Hosting S"))
    await service.save(force_create=True)
    colleagues = [await house.colleague(name=name) for name in ("Ieva Lapiņa", "Juris Liepa")]
    await house.work()
    rows: dict[str, Model] = {}
    for entity in CLOCKED:
        if entity.store == "main" and entity.table != "staff":
            rows[entity.table] = await planted(house, TABLES[entity.table], customer.id, entity)
    await Staff.filter(id=colleagues[1].id).update(deactivated_at=START)
    rows["staff"] = await Staff.get(id=colleagues[1].id)
    probe = ErasureProbe(
        id=house.world.new_id(), person_id=house.world.new_id(), kek_id="x", probe_key=b"x", values=b"x", made_at=START
    )
    await probe.save(force_create=True)
    rows["erasure_probe"] = probe
    due = {entity.table: house.world.rule(entity.rule).span for entity in CLOCKED}
    assert rows.keys() == due.keys()

    for span in sorted(set(due.values())):
        house.clock.now = max(house.clock.now, START + span - timedelta(hours=1))
        await house.work()
        early = [table for table, row in rows.items() if START + due[table] > house.clock.now and not await _there(row)]
        assert early == []
        house.clock.now = START + span + timedelta(hours=1)
        for _ in range(3):
            await house.work()
            house.clock.now += timedelta(minutes=61)
        late = [table for table, row in rows.items() if due[table] <= span and await _there(row)]
        assert late == []
    assert person.email


async def _there(row: Model) -> bool:
    return await type(row).filter(pk=row.pk).exists()


def test_every_field_with_a_rule_of_its_own_is_known_to_a_test() -> None:
    """A field that goes before its row needs a duty that knows it."""
    alone = {
        f"{entity.table}.{field.name}"
        for entity in INVENTORY.entities
        for field in entity.fields
        if field.rule != entity.rule
    }

    assert alone == BY_FIELD.keys()


async def test_an_address_never_confirmed_and_an_old_invitation_are_forgotten(house: House) -> None:
    """As the links to them are: an hour after they ended, within two days."""
    person = await house.customer()
    await person.step_up()
    ask = "mutation($e: String!) {changeEmail(newEmail: $e) {__typename}}"
    await person.ok(ask, e="elsewhere@example.com")
    colleague = await house.colleague()
    await Staff.filter(id=colleague.id).update(invitation_digest=b"x" * 32, invitation_until=house.clock.now)
    customer = await Customer.get()
    assert customer.pending_email_until is not None

    house.clock.advance(hours=25, minutes=1)
    await house.work()

    customer = await Customer.get()
    assert customer.pending_email_until is None
    assert customer.opened(await house.world.vault.keys([customer.id])).pending_email is None
    assert (await Staff.get()).invitation_digest is None


async def test_events_lose_their_ip_address_with_the_record(house: House) -> None:
    """What the history says of signing in stays, the IP address and the place in it do not (clause 1.2.1)."""
    await house.customer()
    await house.work()
    signed_in = Event.filter(action="sign-in.succeeded")
    house.clock.advance(days=178)
    await house.work()
    assert (await signed_in.first()).sealed is not None  # type: ignore[union-attr]

    house.clock.advance(days=1, hours=2)
    await house.work()

    assert (await signed_in.first()).sealed is None  # type: ignore[union-attr]
