"""SECURITY.md says what is so: each of its tables is held against the code (ASVS: the documents that it asks for)."""

import ast
import re
from collections import defaultdict
from dataclasses import fields
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from api import logs, serve
from api.settings import Settings
from models import database
from models.actions import open_record, searches
from models.policy import Reading, Role, load
from models.policy.classes import SUBJECT
from models.retention.duties import DUTIES
from tests.security.documents import HOUSE, TEXT, rows, section, words
from tests.security.test_function_access import fields_of

SETTINGS = {f"OCTOPUS_{one.name.upper()}": one for one in fields(Settings)}
ROOMS = ("api", "schema", "models")
SECRET_FILES = {"OCTOPUS_KEY_FILE", "OCTOPUS_TLS_KEY"}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every file of the three rooms, by its path in the house, parsed once."""
    files = [file for room in ROOMS for file in sorted((HOUSE / room).rglob("*.py"))]
    return tuple((file.relative_to(HOUSE).as_posix(), ast.parse(file.read_text(encoding="utf-8"))) for file in files)


@cache
def imported(tree: ast.Module) -> set[str]:
    """What a file imports, with its whole name: ``hashlib``, ``cryptography.exceptions.InvalidTag``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def test_every_setting_that_is_named_exists() -> None:
    """And so does every command and rule."""
    named = set(re.findall(r"OCTOPUS_[A-Z_]+", TEXT))
    assert {one for one in named if one not in SETTINGS and one.removesuffix("_FILE") not in SETTINGS} == set()
    rules = set(re.findall(r"rule `([A-Z_]+)`", TEXT))
    assert rules
    for rule in rules:
        load().rule(rule)
    readable = (HOUSE / "api/__main__.py").read_text()
    for command in set(re.findall(r"`octopus ([a-z]+)", TEXT)):
        assert f'"{command}"' in readable, command


# ---- chapter 8 -------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("8.1.2")
def test_the_table_of_readers_is_the_inventorys() -> None:
    """Class by class and reader by reader."""
    inventory = load().inventory
    said = {
        name.strip("`"): [Reading(one) for one in readings] for name, *readings in rows("Which fields a reader sees")
    }
    kept = {one.name: [one.read[reader] for reader in (SUBJECT, *Role)] for one in inventory.classes.values()}

    assert said == kept


@pytest.mark.asvs("8.1.3", "8.1.4")
def test_the_circumstances_that_decide_are_in_the_code() -> None:
    """Each is a name that the actions read, and the numbers are those of the rules."""
    text = "\n".join(file.read_text() for file in (HOUSE / "models").rglob("*.py"))
    text += (HOUSE / "models/policy/versions/2026-11-22.1/rules.yaml").read_text()
    listed = rows("What else is looked at")
    assert len(listed) >= 9
    for _, where, what in listed:
        assert words(where), where
        assert all(name in text for name in words(where)), where
        assert len(what.split()) > 5
    policy = load()
    assert policy.rule("STEP_UP").span == timedelta(minutes=5)
    assert policy.rule("COOL_OFF").span == timedelta(hours=72)
    assert policy.rule("GRANT").span == timedelta(minutes=15)
    assert (open_record.HOURLY, searches.HOURLY) == (30, 60)


# ---- chapter 11 ------------------------------------------------------------------------------------------------------
CRYPTO = ("hashlib", "hmac", "secrets", "ssl", "cryptography", "argon2", "webauthn", "pyotp", "uuid_utils")
USES = ("hashlib", "hmac", "secrets", "ssl", "cryptography", "argon2", "webauthn", "pyotp")


def crypto_users() -> dict[str, set[str]]:
    """Which file uses which cryptographic module."""
    found = defaultdict(set)
    for path, tree in modules():
        for name in imported(tree):
            if name.split(".")[0] in USES:
                found[path].add(name)
    return found


@pytest.mark.asvs("11.1.2", "11.1.3")
def test_every_use_of_cryptography_is_in_the_inventory() -> None:
    """The inventory is found again by searching the code: a file that begins to use it without a line fails."""
    listed = {path for row in rows("Cryptography") for path in words(row[3]) if path.endswith(".py")}

    assert listed == set(crypto_users())


@pytest.mark.asvs("11.1.1", "13.1.4")
def test_every_secret_has_a_place_a_schedule_and_a_way_out() -> None:
    """Each setting that is a secret, and each part of the key file, is in the table of keys."""
    table = rows("Keys and secrets")
    placed = {name for row in table for name in words(row[1])}
    secret = {name for name, one in SETTINGS.items() if one.metadata["secret"]}

    assert secret - placed == {"OCTOPUS_KEY_RING"}
    assert "OCTOPUS_KEY_RING" in section("Keys and secrets")
    assert placed >= SECRET_FILES
    assert {"key-encryption keys", "root", "signing seed", "a person's key"} <= {row[0] for row in table}
    assert all(len(row) == 5 and row[3] and row[4] for row in table)


@pytest.mark.asvs("11.1.4")
def test_there_is_a_plan_for_after_quantum_computers() -> None:
    """For each kind of algorithm in use: symmetric, signatures, key exchange, passkeys; and what carries the change."""
    plan = section("After quantum computers")
    for word in ("AES-256", "SHA-256", "Ed25519", "ML-DSA", "MLKEM", "Passkeys", "key id"):
        assert word in plan
    from models import keys

    assert isinstance(keys.FORMAT, int)
    assert all(row[4] for row in rows("Cryptography") if "AES" in row[1] or "Ed25519" in row[1])


# ---- chapter 13 ------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("13.1.1")
def test_what_it_talks_to_is_listed_with_the_setting_that_decides() -> None:
    """Every setting that holds an address is there, and nothing that is no setting."""
    deciding = {name for row in rows("What it talks to") for name in words(row[2])}
    addresses = {name for name in SETTINGS if name.endswith("_URL")} - {"OCTOPUS_BASE_URL", "OCTOPUS_SUPPORT_URL"}

    assert deciding == addresses


@pytest.mark.asvs("13.1.2", "13.1.3")
def test_the_limits_are_those_of_the_code() -> None:
    """Numbers and settings; each says what happens when it is reached."""
    table = {row[0]: row for row in rows("Limits of connections and what happens at them")}
    assert all(len(row) == 3 and row[2] for row in table.values())
    usual = Settings()
    pool = database._pool({})
    said = {
        "connections to a database": (f"{pool['maxsize']} by default", f"wait {database.CONNECTING:.0f} seconds"),
        "a statement": (f"{database.ANSWERING:.0f} seconds",),
        "an idle transaction": (f"{int(database.SERVER['idle_in_transaction_session_timeout']) // 1000} seconds",),
        "a request's body": (f"{usual.body_limit // 1024} KiB",),
        "an operation": (f"{usual.operation_timeout:.0f} seconds",),
        "stopping": (f"{serve.STOPPING} seconds",),
    }
    for name, parts in said.items():
        assert all(part in " ".join(table[name]) for part in parts), name
    from api.post import SmtpPost

    timeout = next(one.default for one in fields(SmtpPost) if one.name == "timeout")
    assert f"{timeout:.0f} seconds" in table["a letter"][1]
    assert "backlog=2048" in (HOUSE / "api/serve.py").read_text()
    assert "2048" in table["waiting TCP connections"][1]
    for name in ("OCTOPUS_HASH_QUEUE", "OCTOPUS_RATE_COST", "OCTOPUS_BODY_LIMIT", "OCTOPUS_OPERATION_TIMEOUT"):
        assert any(name in words(row[1]) for row in table.values()), name


# ---- chapter 14 ------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("14.1.1", "14.1.2")
def test_every_class_of_data_says_how_it_is_protected() -> None:
    """In the databases, in logs, from staff, and for how long; the sealed ones are sealed."""
    inventory = load().inventory
    table = {row[0].strip("`"): row for row in rows("How data is protected")}
    assert set(table) == set(inventory.classes)
    assert all(len(row) == 5 and all(row) for row in table.values())
    for name, row in table.items():
        if row[1].startswith("sealed"):
            plain = [
                f"{entity.table}.{field.name}"
                for entity in inventory.entities
                for field in entity.fields
                if field.class_name == name and not field.sealed
            ]
            assert plain == [], name
    assert {name for name, row in table.items() if row[1].startswith("sealed")} == {
        "identity", "contact", "government_id", "financial",
    }  # fmt: skip


# ---- chapter 15 ------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("15.1.1")
def test_how_fast_we_fix_is_said_for_every_severity() -> None:
    """In days, the worse the faster."""
    days = [int(re.findall(r"\d+", row[1])[0]) for row in rows("How fast we fix")]

    assert days == sorted(days)
    assert (days[0], len(days)) == (2, 5)


@pytest.mark.asvs("15.1.3")
def test_costly_work_is_listed_with_its_bound() -> None:
    """And the bounds are the settings' own."""
    table, usual = rows("Costly work"), Settings()
    assert all(len(row) == 3 and row[2] for row in table)
    said = " ".join(" ".join(row) for row in table)
    for part in (
        f"{usual.argon2_memory_kib // 1024} MiB", f"{usual.body_limit // 1024} KiB", f"{usual.max_tokens:,} tokens",
        f"depth {usual.max_depth}", f"cost {usual.max_cost:,}", f"{100 * usual.erasure_share:.0f} %",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.asvs("15.1.4")
def test_risky_components_are_ones_we_use() -> None:
    """Each is pinned in pyproject.toml, and says what we do about it."""
    pinned = (HOUSE / "pyproject.toml").read_text()
    table = rows("Components with more risk than others")
    assert len(table) >= 5
    for name, why, what in table:
        assert f'"{name.strip("`")}==' in pinned or f'"{name.strip("`")}[' in pinned, name
        assert why
        assert what


@pytest.mark.asvs("15.1.5")
def test_dangerous_functions_exist_and_have_something_around_them() -> None:
    """Mutations, duties and commands by their names; and the walls around the worst of them stand in the code."""
    names = {name for _, name in fields_of()} | {"deleteProfile"} | {duty.name for duty in DUTIES}
    for name, danger, wall in rows("Dangerous functions, and what stands around them"):
        plain = name.strip("`")
        assert plain in names or plain.startswith("octopus ") or plain == "pg_dump", plain
        assert danger
        assert wall
    walls = section("Extra walls")
    assert {"OCTOPUS_SUPPORT_ALLOW"} <= words(walls)
    assert Settings(keystore_url="sqlite:///a.db").main_url != "sqlite:///a.db"


# ---- chapter 16 ------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("16.1.1")
def test_the_log_inventory_is_the_allow_list() -> None:
    """Every key that may be logged is there and no other; the audit trail's time is the rule's."""
    listed = {key for row in rows("Logs") for key in words(row[0])}

    assert listed == set(logs.ALLOWED)
    assert str(logs.LONGEST) in section("Logs")
    assert f"{load().rule('EVENT').span.days} days" in section("The audit trail")


def test_reporting_a_hole_is_described() -> None:
    """And security.txt says where."""
    assert "/.well-known/security.txt" in section("Reporting a vulnerability")
    assert Path(HOUSE / "api/well_known.py").exists()
