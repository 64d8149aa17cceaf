"""Ageing: whatever has a rule with a clock goes when that is due, table by table, as the inventory says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model

from models import tables
from models.actions.holds import names, standing_holds
from models.actions.throttle import network_of
from models.database import dialect, transaction
from models.policy.entities import Entity
from models.tables import Customer, IndexEntry, SignIn
from models.tables.accounts import IndexUse
from models.tables.sign_ins import IpPrecision
from models.world import World

TABLES: dict[str, type[Model]] = {
    model._meta.db_table: model for model in (getattr(tables, name) for name in tables.__all__)
}
ELSEWHERE = {"tombstone", "staff"}
"""Duties of their own: the tombstone ages with its certificate, a former member of staff is erased like a customer."""
IN_CHAIN = {"event"}
"""Goes as the beginning of its chain (models/retention/sealing.py), never row by row."""


def ageing(world: World) -> list[Entity]:
    """The main store's tables whose rows go by themselves."""
    inventory = world.policy.inventory
    return [one for one in inventory.entities if one.has_clock and one.store == "main" and one.table not in ELSEWHERE]


async def age_rows(world: World, limit: int) -> int:
    """Delete up to ``limit`` due rows of each table, each governing version by its own numbers; held ones stay (clause 4.2)."""
    done, holds = 0, await standing_holds()
    for entity in (one for one in ageing(world) if one.table not in IN_CHAIN):
        held = [hold.customer_id for hold in holds if names(hold, entity.table)]
        done += await _age(world, entity, limit, held)
    return done


async def _age(world: World, entity: Entity, limit: int, held: list[UUID]) -> int:
    model, done = TABLES[entity.table], 0
    versions: list[str | None] = [None]
    if entity.person == "customer_id":
        versions = [*await governing(world), *([None] if model._meta.fields_map["customer"].null else [])]
    for version in versions:
        if not world.rule(entity.rule, version).has_clock:
            continue
        due = due_before(entity, world.rule(entity.rule, version).expired_before(world.now()))
        async with transaction() as tx:
            rows = model.filter(due).using_db(tx)
            if version is not None:
                rows = rows.filter(customer__governed_by=version).exclude(customer_id__in=held)
            elif entity.person == "customer_id":  # a stranger's or our own people's: the newest version's numbers
                rows = rows.filter(customer_id=None)
            ids = await rows.limit(limit).values_list(model._meta.pk_attr, flat=True)
            if ids:
                done += len(ids)
                await model.filter(pk__in=list(ids)).using_db(tx).delete()
    return done


def due_before(entity: Entity, moment: datetime) -> Q:
    """Rows whose clock started at ``moment`` or before: the earliest of the entity's start columns that is not null."""
    begun: list[dict[str, Any]] = [{f"{column}__lte": moment} for column in entity.start]
    return Q(*(Q(**one) for one in begun), join_type=Q.OR)


async def governing(world: World) -> list[str]:
    """The versions that still govern somebody."""
    found = await Customer.all().distinct().values_list("governed_by", flat=True)
    return sorted(str(version) for version in found)


async def cut_addresses(world: World, limit: int) -> int:
    """The stage of a sign-in record at which its IP address is cut to its network (clause 1.2)."""
    done, held = 0, [hold.customer_id for hold in await standing_holds() if names(hold, "sign_in")]
    for version in await governing(world):
        before = world.now() - world.rule("SIGN_IN", version).stage("cut_ip").at
        due = SignIn.filter(ip_precision=IpPrecision.FULL, at__lte=before, customer__governed_by=version)
        rows = await due.exclude(customer_id__in=held).order_by("at").limit(limit)
        keys = await world.vault.keys({row.customer_id for row in rows})
        async with transaction() as tx:
            alive = Customer.filter(id__in=list(keys)).using_db(tx)
            living = {
                row.id for row in await (alive.select_for_update() if dialect() == "postgres" else alive).only("id")
            }
            cut = [row for row in rows if row.customer_id in living]
            for row in cut:
                contents = row.opened(keys)
                contents.ip = network_of(contents.ip) if contents.ip else None
                row.ip_precision = IpPrecision.NETWORK if contents.ip else IpPrecision.NONE
                row.seal(keys, contents)
            if cut:
                await SignIn.bulk_update(cut, ["sealed", "ip_precision"], using_db=tx)
        done += len(cut)
    return done


async def free_index_entries(world: World, limit: int) -> int:
    """Held addresses and known devices whose time is over are forgotten; the addresses are free again. A new address that never
    answered is a field of its customer's too, and goes with that (models/retention/fields.py)."""
    holds = await standing_holds()
    held = [hold.customer_id for hold in holds if names(hold, "index_entry") or names(hold, "customer")]
    due = IndexEntry.filter(until__lte=world.now()).exclude(person_id__in=held).exclude(use=IndexUse.PENDING)
    async with transaction() as tx:
        ids = list(await due.using_db(tx).limit(limit).values_list("id", flat=True))
        if ids:
            await IndexEntry.filter(id__in=ids).using_db(tx).delete()
    return len(ids)
