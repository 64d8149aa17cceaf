"""What may not stand in the code at all: searched for in every file of the three rooms (ASVS chapters 11, 13, 15)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.documents import HOUSE, rows
from tests.security.test_documents import CRYPTO, crypto_users, imported, modules

# ---- cryptography ----------------------------------------------------------------------------------------------------
PRIMITIVES = {
    "cryptography.exceptions.InvalidTag",
    "cryptography.exceptions.InvalidSignature",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey",
    "cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PublicKey",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    "cryptography.hazmat.primitives.hashes.SHA256",
    "cryptography.hazmat.primitives.kdf.hkdf.HKDF",
}
HASHES = {"sha256", "blake2b", "file_digest"}


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(node: ast.expr) -> str:
    """``hmac.digest`` of what is called; empty for what has no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    inner = name_of(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""


@pytest.mark.asvs("11.2.1", "11.3.1", "11.3.2", "11.3.5", "11.6.1")
def test_of_the_library_only_these_are_used() -> None:
    """AES-GCM, Ed25519, HKDF, SHA-256: no block mode by hand, no ECB, no RSA padding, nothing composed of cipher and MAC."""
    used = {name for names in crypto_users().values() for name in names if name.startswith("cryptography")}

    assert used == PRIMITIVES
    others = {"Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "jwt", "jose", "passlib", "bcrypt", "OpenSSL"}
    assert not others & {one.split(".")[0] for _, tree in modules() for one in imported(tree)}


@pytest.mark.asvs("11.4.1", "11.4.3")
def test_only_hashes_of_today() -> None:
    """SHA-256 and BLAKE2b, by their names; a name that is worked out would escape this and is not allowed."""
    found = set()
    for path, tree in modules():
        for call in calls(tree):
            name = name_of(call.func)
            if name.startswith("hashlib."):
                found.add(name.removeprefix("hashlib."))
            if name in ("hashlib.file_digest", "hmac.digest", "hmac.new"):
                kind = call.args[-1]
                assert isinstance(kind, ast.Constant), path
                assert kind.value == "sha256", path
            assert name != "hashlib.new", path
        for name in imported(tree):
            if name.startswith("hashlib."):
                found.add(name.removeprefix("hashlib."))

    assert found <= HASHES


SECRETS = re.compile(r"digest|token|secret|mark|tag|otp|credential", re.IGNORECASE)


@pytest.mark.asvs("11.2.4")
def test_secrets_are_compared_in_constant_time() -> None:
    """No ``==`` between what comes from outside and a digest, a tag or a code: ``hmac.compare_digest`` only, or the database."""
    suspects = []
    for path, tree in modules():
        if path.startswith(
            ("models/retention/", "models/archive/", "models/policy/", "models/migrations/", "api/commands/")
        ):
            continue  # public hashes of files and of the chain, whose values are no secrets
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Constant) for side in sides):
                    continue
                text = ast.unparse(node)
                if any(SECRETS.search(ast.unparse(side).rpartition(".")[2]) for side in sides):
                    suspects.append((path, text))

    assert {text for _, text in suspects} <= PUBLIC, suspects


PUBLIC = {
    "document_id != _digest(text)",  # a document's own hash, which the client can work out
    "hashlib.sha256(text.encode()).hexdigest() != name",
    "sent.get(b'if-none-match') == file.etag",
    "bytes(method.idempotency) == digest",  # a mark against sending twice
    "claimed[0] != known.credential_id",  # a passkey's public id
    "one.credential_id == new.credential_id",
}


@pytest.mark.asvs("11.5.1", "11.5.2")
def test_chance_comes_from_the_operating_system_alone() -> None:
    """One file rolls dice, with ``secrets``: 32 bytes for every secret; no UUID is one, no ``random`` is imported anywhere."""
    from api import world
    from api.world import new_secret, random_bytes

    users = {path for path, tree in modules() if {"secrets", "random", "uuid_utils"} & imported(tree)}
    assert users == {"api/world.py"}
    assert not any("random" in imported(tree) for _, tree in modules())
    assert random_bytes is world.secrets.token_bytes
    made = {new_secret() for _ in range(2000)}
    assert len(made) == 2000
    assert min(map(len, made)) >= 43


# ---- connections and files ---------------------------------------------------------------------------------------------
CONNECTING = {
    "socket": {"api/serve.py", "api/worker.py", "api/commands/serve.py"},  # to listen, and this machine's name
    "asyncpg": {"models/database.py", "models/postgres_engine.py", "models/actions/import_rows.py", "models/sets.py"},
    "aiosmtplib": {"api/post.py"},
    "subprocess": set(),
}
CLIENTS = ("httpx", "requests", "urllib3", "aiohttp", "http.client", "urllib.request", "ftplib", "smtplib", "telnetlib", "xmlrpc",
           "websockets", "grpc", "boto3", "redis", "kafka", "socketserver", "subprocess", "ctypes", "pickle", "marshal",
           "shelve", "dill")  # fmt: skip


@pytest.mark.asvs("13.2.4", "13.2.5", "15.3.2")
def test_nothing_else_can_open_a_connection() -> None:
    """No HTTP client exists that could follow a redirect; two libraries connect, to where a setting says; pg_dump is a child."""
    for path, tree in modules():
        names = imported(tree)
        roots = names | {one.rpartition(".")[0] for one in names} | {one.split(".")[0] for one in names}
        assert not roots & set(CLIENTS), path
        for module, allowed in CONNECTING.items():
            if any(one.split(".")[0] == module for one in names):
                assert path in allowed, (path, module)
        opened = {name_of(call.func) for call in calls(tree)}
        if "asyncio.open_connection" in opened:
            assert path == "api/commands/doctor.py", path
        if opened & {"asyncio.create_subprocess_exec", "os.system", "os.popen", "asyncio.create_subprocess_shell"}:
            assert path == "api/backup_files.py", path
            assert "asyncio.create_subprocess_shell" not in opened
    listed = {name for row in rows("What it talks to") for name in re.findall(r"`(\w+)`", row[1])}
    assert listed == {"asyncpg", "aiosmtplib"}


@pytest.mark.asvs("13.3.1")
def test_no_secret_stands_in_the_source() -> None:
    """Keys, tokens and passwords with credentials in addresses: none in any file that git knows, tests' made-up ones aside."""
    known = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=False)
    names = known.stdout.split("\0") if known.returncode == 0 else [str(one.relative_to(HOUSE)) for one in _files()]
    shapes = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bap]-[0-9]{8}|sk_live_[0-9a-zA-Z]{10}"
        r"|(?:postgres(?:ql)?|smtp|https?)://[^\s:/@\"'`{}<>]+:(?!(?:password|p4ss|hush|s3cret|pa55|secret|p%2Fw|\u2026)[%@#0-9])[^\s/@\"'`{}<>]+@"
    )
    found = []
    for name in filter(None, names):
        file = HOUSE / name
        if (
            file.suffix in (".png", ".ico", ".woff2", ".mmdb", ".lock")
            or not file.is_file()
            or name.endswith("test_source.py")
        ):
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        found += [(name, one.group()[:30]) for one in shapes.finditer(text)]

    assert not found


def _files() -> Iterator[Path]:
    skipped = (".venv", "node_modules", ".git", "var", "dist")
    return (one for one in HOUSE.rglob("*") if not any(part in skipped for part in one.relative_to(HOUSE).parts))


# ---- how objects are made ----------------------------------------------------------------------------------------------
@pytest.mark.asvs("15.3.3")
def test_no_input_writes_fields_by_name() -> None:
    """No ``setattr`` or ``update_from_dict`` of what somebody sent: each action names the fields that it writes."""
    for path, tree in modules():
        for call in calls(tree):
            name = name_of(call.func)
            if (
                name in ("setattr", "object.__setattr__")
                and len(call.args) > 1
                and not isinstance(call.args[1], ast.Constant)
            ):
                assert path in SETTING, (path, ast.unparse(call))
            assert not name.endswith(("__dict__.update", "vars().update")), path
            assert not name.endswith("update_from_dict") or path in SETTING, path


SETTING = {
    "api/settings/__init__.py",  # what follows from other settings
    "models/actions/preferences.py",  # the fields of NewPreferences, checked one by one
    "schema/sources.py",  # a GraphQL type's declared fields, out of a row
    "models/actions/edit_profile.py",  # the fields of ProfileChanges, checked one by one
}


@pytest.mark.asvs("15.3.5", "15.3.6")
def test_types_are_checked_before_anything_merges() -> None:
    """mypy is strict about our own functions and `make check` runs it; the pages' compiler is strict where there are any."""
    settings = (HOUSE / "pyproject.toml").read_text()
    for line in (
        "disallow_untyped_defs = true",
        "strict_equality = true",
        "check_untyped_defs = true",
        "no_implicit_reexport = true",
    ):
        assert line in settings
    make = (HOUSE / "Makefile").read_text()
    assert "$(VENV)/bin/mypy" in make
    assert not [path for path, tree in modules() if re.search(r"type: ignore(?!\[)", (HOUSE / path).read_text())]
    assert CRYPTO


@pytest.mark.asvs("16.2.3")
def test_logs_go_to_one_place() -> None:
    """Only api/logs.py has handlers; nothing else prints on the way of a request, opens a file to log to or sends logs away."""
    for path, tree in modules():
        if path == "api/logs.py":
            continue
        names = {name_of(call.func) for call in calls(tree)}
        assert not [one for one in names if one.endswith(("addHandler", "basicConfig", "dictConfig", "fileConfig"))], (
            path
        )
        assert not any(
            one.startswith(("logging.handlers", "syslog", "sentry_sdk", "opentelemetry")) for one in imported(tree)
        ), path
        if not path.startswith(("api/commands/", "api/demo")):
            assert "print" not in names or path in SAYS, path


SAYS = {"api/post.py"}  # development's post says on the console where a letter lies
