"""Every column and every sealed field is in the inventory, and the inventory names nothing else."""

import inspect
from types import ModuleType

import msgspec
import pytest
from tortoise.models import Model

from models import keystore, tables
from models.keys import Sealed
from models.policy import load

STORES = ((tables, "main"), (keystore, "keystore"))


def models_of(module: ModuleType) -> list[type[Model]]:
    """The tables that a module offers."""
    return [
        each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Model) and each is not Model
    ]


def columns_of(model: type[Model]) -> set[str]:
    """The columns of its table, a foreign key's as ``customer_id``."""
    meta = model._meta
    relations = meta.fk_fields | meta.o2o_fields | meta.m2m_fields | meta.backward_fk_fields | meta.backward_o2o_fields
    keys = {meta.fields_map[name].source_field or f"{name}_id" for name in meta.fk_fields | meta.o2o_fields}
    return (set(meta.fields_map) - relations - {"pk"}) | keys


def sealed_of(model: type[Model]) -> set[str]:
    """The fields of its sealed struct, a nested struct as one."""
    contents: type[Sealed] | None = getattr(model, "contents", None)
    return set() if contents is None else {field.name for field in msgspec.structs.fields(contents)}


def stored() -> set[tuple[str, str, str, str]]:
    """Store, table, place and name of everything the tables can hold."""
    return {
        (store, model._meta.db_table, place, name)
        for module, store in STORES
        for model in models_of(module)
        for place, names in (("column", columns_of(model)), ("sealed", sealed_of(model)))
        for name in names
    }


def named() -> set[tuple[str, str, str, str]]:
    """The same, of everything the inventory names."""
    return {
        (entity.store, entity.table, "sealed" if field.sealed else "column", field.name)
        for entity in load().inventory.entities
        for field in entity.fields
    }


@pytest.mark.asvs("14.1.1")
def test_nothing_is_stored_that_the_inventory_does_not_name() -> None:
    """A column or a sealed field without a line does not merge."""
    assert sorted(stored() - named()) == []


def test_the_inventory_names_nothing_that_is_not_stored() -> None:
    """A line whose column is gone goes with it."""
    assert sorted(named() - stored()) == []


def test_every_table_of_the_tables_room_is_offered_by_it() -> None:
    """A table that ``models.tables`` forgets to export would escape the two tests above."""
    offered = {model.__name__ for model in models_of(tables)}
    written = {
        each.__name__
        for each in _subclasses(Model)
        if each.__module__.startswith("models.tables") and not each._meta.abstract
    }

    assert written == offered


@pytest.mark.parametrize("model", models_of(tables), ids=lambda model: model.__name__)
def test_what_holds_a_customers_rows_goes_with_the_customer(model: type[Model]) -> None:
    """A table with a foreign key to the customer is erased with them, found by that key."""
    if "customer" in model._meta.fk_fields:
        entity = load().inventory.entity(model._meta.db_table)

        assert entity.erased_with_person
        assert entity.person == "customer_id"


def _subclasses(of: type[Model]) -> set[type[Model]]:
    return {each for child in of.__subclasses__() for each in (child, *_subclasses(child))}
