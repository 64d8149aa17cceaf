"""One row in every table of the inventory that belongs to somebody: those that come into being later as well."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.keystore import ErasureProbe, PersonKey, keystore
from models.policy import Whose
from models.retention.ageing import TABLES
from models.tables import Customer, Event
from tests.factories import House

IN_KEYSTORE: dict[str, type[Model]] = {"person_key": PersonKey, "erasure_probe": ErasureProbe}
STAYS = {"tombstone"}
"""Says that somebody was erased, and not who."""


async def everything(house: House, person: UUID) -> None:
    """A row of theirs in each table where they have none yet."""
    for entity in house.world.policy.inventory.erased_with_person:
        assert entity.person is not None
        model = TABLES[entity.table]
        if not await model.filter(**{entity.person: person}).exists():
            await _row(house, model, person, entity.person)
            assert await model.filter(**{entity.person: person}).exists(), entity.table


async def _row(house: House, model: type[Model], person: UUID, theirs: str) -> None:
    values: dict[str, Any] = {}
    for name, field in model._meta.fields_map.items():
        if name == "customer":
            values["customer_id"] = person
        elif name == theirs:
            values[name] = person
        elif field.required and not name.endswith("_id"):
            values[name] = _value(house, field)
        elif field.required:
            values[name] = house.world.new_id()
    if isinstance(model._meta.pk, fields.UUIDField) and theirs != "id":
        values["id"] = house.world.new_id()
    values.pop("customer_id", None) if "customer" not in model._meta.fields_map else None
    await model.create(**values)


def _value(house: House, field: Any) -> Any:
    if hasattr(field, "enum_type"):
        return next(iter(field.enum_type))
    match field:
        case fields.DatetimeField():
            return house.clock.now
        case fields.BinaryField():
            return house.world.vault.random(32)
        case fields.CharField() | fields.TextField():
            return house.world.new_secret()[: min(getattr(field, "max_length", 12), 12)]
        case fields.UUIDField():
            return house.world.new_id()
        case fields.BooleanField():
            return False
        case fields.JSONField():
            return []
        case _:
            return 1


async def what_is_left(house: House, person: UUID, alias: bytes) -> dict[str, int]:
    """Table → rows of somebody, wherever the inventory says that one may be; none of them when they are gone."""
    found: dict[str, int] = {}
    for entity in house.world.policy.inventory.entities:
        if entity.person is None or entity.whose is not Whose.CUSTOMER or entity.table in STAYS:
            continue
        if entity.table in IN_KEYSTORE:
            with keystore():
                count = await IN_KEYSTORE[entity.table].filter(**{entity.person: person}).count()
        elif entity.table == "event":
            count = await Event.filter(alias=alias).exclude(sealed=None).count()
        else:
            count = await TABLES[entity.table].filter(**{entity.person: person}).count()
        if count:
            found[entity.table] = count
    return found


async def alias_of(house: House, customer: Customer) -> bytes:
    """The name that events have for somebody."""
    return bytes(customer.opened(await house.world.vault.keys([customer.id])).alias)
