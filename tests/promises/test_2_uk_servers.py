"""Clause 2: data sits on servers in the United Kingdom; a store that says otherwise refuses to start."""

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from models.policy import HERE, PolicyContradiction, load
from tests.factories import House
from tests.promises.kept import kept, with_policy


@pytest.mark.parametrize("store", list(load().company.stores))
def test_a_store_elsewhere_refuses_to_start(tmp_path: Path, store: str) -> None:
    """Databases, archives, letters, logs, backups: each says where it stands, and is in GB."""
    assert load().company.stores[store].location == "GB"
    copy = shutil.copytree(HERE, tmp_path / "policy", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    lines = (copy / "company.yaml").read_text().split("\n")
    spoilt = [
        line.replace("location: GB", "location: LV") if line.startswith(f"  {store}:") else line for line in lines
    ]
    (copy / "company.yaml").write_text("\n".join(spoilt))

    with pytest.raises(PolicyContradiction, match=f"Store {store} is in LV; clause 2 keeps data on servers in GB"):
        load(copy)


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_store_elsewhere_is_counted(house: House) -> None:
    """Every table names a store that is declared; one outside breaks the promise."""
    policy = house.world.policy
    assert {entity.store for entity in policy.inventory.entities} <= policy.company.stores.keys()
    line = await kept(house, "stores_outside_gb")
    assert (line.measured, line.broken) == (len(policy.company.stores), 0)

    away = msgspec.structs.replace(policy.company.stores["backups"], location="US")
    company = msgspec.structs.replace(policy.company, stores={**policy.company.stores, "backups": away})

    assert (await kept(with_policy(house, replace(policy, company=company)), "stores_outside_gb")).broken == 1
