"""ASVS chapter V1: what people write is decoded once, held to its limits, kept as it is, and encoded where it is shown."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as signs  # type: ignore[attr-defined]  # the standard library's own parser of patterns
from re import _parser as patterns  # type: ignore[attr-defined]
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

from api.graphql_request import parse_json
from models.tables import Customer
from schema import customer
from schema.plan.compiler import compile_document
from tests.factories import House
from tests.security.source import ROOMS, calls, constant, imports, modules

EDIT = """mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename ... on ProfileEdited {
  profile {givenName revision}} ... on Refusal {code problems {code}}}}"""


# ---- in: decoded once ------------------------------------------------------------------------------------------------
@pytest.mark.asvs("1.1.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_is_written_is_decoded_once_and_kept_as_it_is(house: House) -> None:
    """JSON's escapes are read, and nothing after them: no percent sign, entity or second escape turns into something else."""
    person, revision = await house.customer(), 1
    kept = {
        "Li\u0304ga": "Līga", " Anna\u00a0 Marija ": "Anna Marija", "%4C%C4%ABga": "%4C%C4%ABga", "%254Ciga": "%254Ciga",
        "L&imacr;ga": "L&imacr;ga", "L&amp;imacr;ga": "L&amp;imacr;ga", "O'Brien & Sons": "O'Brien & Sons",
    }  # fmt: skip
    for written, read in kept.items():
        answer = await person.ok(EDIT, i={"revision": revision, "givenName": written})
        assert answer["profile"]["givenName"] == read
        revision = answer["profile"]["revision"]
    for wrong in ("L\\u012Bga", "%3Cscript%3E<", "<b>Anna", "&lt;" + "\x00"):
        answer = await person.answer(EDIT, i={"revision": revision, "givenName": wrong})
        assert answer["data"]["editProfile"]["code"] == "INVALID_INPUT", wrong


@pytest.mark.asvs("1.5.3")
def test_a_request_is_read_by_one_parser() -> None:
    """What it refuses is refused everywhere: a byte order mark, NaN, a lone surrogate, what is no UTF-8, more after the end."""
    for body in (
        b'\xef\xbb\xbf{"query":""}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b"{}{}",
        b"{'a':1}",
        b"{a:1}",
    ):
        with pytest.raises(Exception, match="not JSON"):
            parse_json(body)
    readers = {
        path for path, name, _ in calls() if name in ("json.loads", "json.load") and not path.startswith("models/")
    }
    assert readers <= {"api/keys.py"}, "the key file, which no client writes"


# ---- out: encoded last, where it is shown ----------------------------------------------------------------------------
MARKUP = {
    "models/archive/page.py",  # the copy's page: each value through escape()
    "api/letters/__init__.py", "api/letters/values.py",  # templates, Jinja escapes
    "api/pages.py", "api/graphql_ide.py",  # words of our own and a nonce
    "api/commands/promises_page.py",  # the report for people: each cell through escape()
}  # fmt: skip


@pytest.mark.asvs("1.1.2")
def test_markup_is_written_in_few_places_that_escape() -> None:
    """Nothing else builds HTML, and nothing that is stored was encoded: what is shown is encoded by what shows it."""
    tag = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?>")
    found = {
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and tag.search("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
    }
    escaping = {path for path, name, _ in calls() if name in ("escape", "html.escape")}
    assert found <= MARKUP
    assert escaping <= MARKUP, "values are escaped where a page is made, and nowhere before"
    assert {"models/archive/page.py", "api/commands/promises_page.py"} <= escaping


@pytest.mark.asvs("1.2.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_json_is_built_by_a_library_and_never_read_as_a_page(house: House) -> None:
    """A value that would end a script stays a value; the answer is JSON by type, and no text of ours begins an object by hand."""
    person = await house.customer()
    sessions = await person.ok("{viewer {sessions {id}}}")
    hostile = '</script><!--"\\u2028'
    rename = (
        "mutation($i: ID!, $l: String!) {rename(id: $i, label: $l) {... on Renamed {node {... on Session {label}}}}}"
    )
    body = {"query": rename, "variables": {"i": sessions["sessions"][0]["id"], "l": hostile}}
    answer = await person.http.post("/graphql", json=body, headers={"X-Octopus-Client": "tests"})

    assert json.loads(answer.content)["data"]["rename"]["node"]["label"] == hostile
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    by_hand = [
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.match(r'\s*[{\[]\s*"', str(node.values[0].value))
    ]
    assert by_hand == []


@pytest.mark.asvs("1.2.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_links_are_made_of_our_address_and_a_token_that_needs_no_encoding(house: House) -> None:
    """Wherever a request says it comes from; what a person wrote never becomes part of a link."""
    person = house.client(**{"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    await person.sign_up(givenName="Anna?x=1&y=2#z", familyName="O'Brien/..")
    await house.work(only="post-letters")
    links = [value for letter in house.letters for key, value in letter.params.items() if "link" in key and value]

    assert links
    for link in links:
        assert re.fullmatch(r"http://localhost:8000/[a-z-]+\?token=[A-Za-z0-9_-]{43}", link), link


# ---- interpreters ----------------------------------------------------------------------------------------------------
NAMES_OF_OURS = {
    "models/sets.py", "models/retention/claims.py",
    "models/retention/begin.py", "models/retention/erase.py", "models/retention/probe.py",
    "models/retention/statements.py", "models/retention/sealing.py",
    "models/archive/collect.py", "models/migrations/describe.py", "models/migrations/runner.py", "models/actions/import_rows.py",
    "models/actions/work.py", "models/actions/reading.py", "models/vault.py", "models/visits.py", "models/tables/paging.py",
    "models/rows.py", "models/selections.py", "models/actions/latest_events.py", "models/retention/verify.py",
}  # fmt: skip
"""Where SQL is put together: names of tables, columns and placeholders of ours; every value is bound."""
CONSTANT = {"models/retention/certify.py", "models/actions/import_customers.py"}
"""Where a statement for ids is a text that never changes."""
IDENTIFIERS = ("email", "number", "phoneNumber", "service", "relatedPersonEmail")
HOSTILE = [
    "' OR '1'='1",
    "'; DROP TABLE customer; --",
    '" OR ""="',
    "\\'; select 1",
    "%",
    "_",
    "1) UNION SELECT 1",
    "\x00'",
    "$1",
    "?",
]


@pytest.mark.asvs("1.2.4")
def test_statements_are_built_in_few_places_and_values_bound() -> None:
    """SQL in an f-string, a format or a sum stands in files that were looked at, and a linter watches all of them."""
    words = re.compile(r"\b(?:select\s.+\sfrom|insert into|update\s.+\sset|delete from)\b", re.IGNORECASE | re.DOTALL)
    found = set()
    for path, tree in modules().items():
        for node in ast.walk(tree):
            parts = (
                node.values
                if isinstance(node, ast.JoinedStr)
                else [node.left, node.right]
                if isinstance(node, ast.BinOp)
                else []
            )
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            if words.search(text) and not all(map(constant, parts)):
                found.add(path)
    assert found <= NAMES_OF_OURS
    callers = {path for path, name, _ in calls() if name.endswith("of_ids")}
    assert callers <= NAMES_OF_OURS | CONSTANT, "a statement for ids is one of these files'"
    assert not [path for path, name, _ in calls() if name.endswith((".raw", "RawSQL")) and path.startswith("models/")]


def leaves(found: Any) -> Iterator[Any]:
    """Every value of an answer that is one."""
    if isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from leaves(one)
    elif found is not None:
        yield found


@pytest.mark.asvs("1.2.4", "1.2.9")
async def test_what_would_be_sql_or_a_pattern_is_only_text(house: House) -> None:
    """In every argument that finds something, of both schemas: nobody is found by it, nothing breaks, nothing is changed."""
    person, colleague = await house.customer(), await house.colleague("SUPPORT", "AUDITOR", "PRIVACY_OFFICER")
    before = await Customer.all().count()
    customers = ("erasureCertificate(code: $t) {number}", "policy(version: $t) {version}", "node(id: $t) {id}",
                 "viewer {report {section(entity: $t) {count}}}", "viewer {signIns(after: $t) {nodes {id}}}")  # fmt: skip
    staff = ("requests(number: $t) {nodes {id}}", "complaints(number: $t) {nodes {id}}", "audit(action: $t) {nodes {at}}",
             "requests(after: $t) {nodes {id}}", *(f"findCustomers(by: {{{by}: $t}}) {{id}}" for by in IDENTIFIERS))  # fmt: skip
    for who, field in [*((person, one) for one in customers), *((colleague, one) for one in staff)]:
        kind = "ID" if field.startswith("node") else "String"
        for text in HOSTILE:
            answer = await who.answer(f"query($t: {kind}!) {{{field}}}", t=text)
            codes = {one["extensions"]["code"] for one in answer.get("errors", ())}
            assert list(leaves(answer.get("data"))) == [], (field, text)
            assert codes <= {"INVALID_INPUT", "TOO_MANY_ATTEMPTS", "NOT_FOUND"}, (field, text, codes)
    assert await Customer.all().count() == before


@pytest.mark.asvs("1.2.9")
def test_nothing_is_searched_for_by_pattern() -> None:
    """No LIKE and no regular expression is made of what somebody wrote: everything is found whole."""
    lookups = re.compile(r"__(?:i?contains|i?startswith|i?endswith|i?regex|search|posix_regex|iposix_regex)$")
    asked = {
        (path, one.arg)
        for path, _, node in calls()
        for one in node.keywords
        if lookups.search(one.arg or "") and not constant(one.value)
    }
    assert asked == set()
    made = {path for path, name, node in calls() if name == "re.compile" and not constant(node.args[0])}
    assert made <= {
        "models/checks/digit_runs.py",
        "models/checks/not_cards.py",
        "models/checks/issuers.py",
        "api/traces.py",
        "models/checks/names.py",
    } | {path for path in made if _escapes(path)}


def _escapes(path: str) -> bool:
    return any(name == "re.escape" for file, name, _ in calls() if file == path)


PROGRAMS = {"api/backup_files.py"}


@pytest.mark.asvs("1.2.5")
def test_no_command_is_run_but_the_backups_own() -> None:
    """One program with a list of arguments and never a shell; nothing that a client sent is near it."""
    running = {path for path, name in imports() if name.partition(".")[0] in ("subprocess", "pty", "commands")}
    running |= {
        path
        for path, name, _ in calls()
        if name.startswith(("os.system", "os.popen", "os.exec", "os.spawn", "os.startfile"))
    }
    running |= {path for path, name, _ in calls() if "subprocess" in name}
    assert running == PROGRAMS
    assert not [path for path, name, _ in calls() if name.endswith("subprocess_shell")]
    assert not [path for path, _, node in calls() if any(one.arg == "shell" for one in node.keywords)]


@pytest.mark.asvs("1.3.2")
def test_no_text_becomes_code() -> None:
    """No eval, exec or compile but that of plans, which are generated from a validated document; no import by a made-up name."""
    becoming = ("eval", "exec", "compile", "__import__", "execfile", "input")
    assert {path for path, name, _ in calls() if name in becoming} <= {"schema/plan/plans.py"}
    importing = {path for path, name, _ in calls() if name in ("import_module", "importlib.import_module")}
    assert importing <= {"api/commands/schema.py", "api/commands/plan.py"}


@pytest.mark.asvs("1.3.2")
def test_a_plan_holds_no_text_of_its_document() -> None:
    """An alias is a constant of the generated function, a literal and a variable's value are bound to it from outside."""
    text = """query Hostile($v: String = "__import__('os')") {viewer {evil_alias: id exec: number
      signIns(first: 3) {nodes {id at}} events(first: 2, after: $v) {nodes {title}}}
      policy(version: "'+__import__('os')+'") {version}}"""
    schema, document = customer.schema, parse(text)
    assert validate(schema._schema, document) == []
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    source = compile_document(schema, document, operation, {}, "sqlite").source

    tree = ast.parse(source)
    assert "__import__" not in source
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"evil_alias", "exec", "eval", "open", "os", "__builtins__"}
    constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {"evil_alias", "exec"} <= constants


@pytest.mark.asvs("1.5.2")
def test_nothing_is_deserialised_into_objects_of_its_own_choosing() -> None:
    """No pickle or its like; YAML is the operator's own, read by the safe loaders."""
    unsafe = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "cPickle", "xmlrpc", "xml"}
    assert not [(path, name) for path, name in imports() if name.partition(".")[0] in unsafe]
    loaders = {name for _, name, _ in calls() if name.startswith("yaml.")}
    assert loaders <= {"yaml.CSafeLoader", "yaml.safe_load"}


STATEMENT = ("models/sets.py", "query")
"""Places for values in a statement of ours; who writes it is held to account above."""


@pytest.mark.asvs("1.3.10")
def test_no_format_is_what_somebody_wrote() -> None:
    """Sentences that are filled in are ours: a constant, or words of both languages; names in the log are constants."""
    ours = re.compile(
        r"(?:MOVED|REOPENED|PROBLEMS|because)\[|^mine$|\.said\(|^words\.|^sentence$|^msgspec\.json$|self\.say\(said\)"
    )
    odd = []
    for path, _, node in calls():
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "format_map")
            and not isinstance(node.func.value, ast.Constant)
        ):
            receiver = ast.unparse(node.func.value)
            if not ours.search(receiver) and (path, receiver) != STATEMENT:
                odd.append((path, receiver))
    assert odd == []
    logged = [(path, node) for path, name, node in calls() if name.endswith("world.log")]
    assert len(logged) > 10
    assert [(path, ast.unparse(node)) for path, node in logged if not constant(node.args[0])] == []


@pytest.mark.asvs("1.3.6")
def test_the_service_asks_nobody_outside() -> None:
    """No client of another server is imported but the mail server's and the database's, whose addresses are settings:
    there is no request that somebody's input could lead elsewhere."""
    clients = {
        "httpx",
        "requests",
        "urllib3",
        "aiohttp",
        "http",
        "urllib.request",
        "ftplib",
        "smtplib",
        "aiosmtplib",
        "telnetlib",
        "socket",
    }
    found = {(path, name) for path, name in imports() for one in clients if name == one or name.startswith(one + ".")}
    assert {path for path, _ in found} <= {"api/post.py", "api/serve.py", "api/commands/serve.py", "api/worker.py"}, (
        found
    )
    assert not [
        name
        for _, name, _ in calls()
        if name.endswith(("urlopen", "create_datagram_endpoint", "create_unix_connection"))
    ]
    assert {path for path, name, _ in calls() if name.endswith("open_connection")} <= {"api/commands/doctor.py"}, (
        "the mail server's"
    )


@pytest.mark.asvs("1.3.5", "1.3.7")
def test_templates_are_files_of_ours_and_the_policys_text_holds_no_markup(house_policy: Any) -> None:
    """No text of a person is a template; the policy is Markdown without HTML, which no server of ours turns into a page."""
    made = {path for path, name, _ in calls() if name.endswith(("from_string", "Template")) and name != "_Template"}
    assert made <= {"api/letters/__init__.py", "api/pages.py", "api/graphql_ide.py"}
    renderers = {"markdown", "mistune", "markdown_it", "commonmark"}
    assert not [name for _, name in imports() if name.partition(".")[0] in renderers]
    for version in house_policy.versions:
        for text in (version.texts.en, version.texts.lv):
            assert not re.search(r"<[a-zA-Z!/]|\]\(\s*(?:javascript|data):", text), version.name


@pytest.fixture
def house_policy() -> Any:
    """The policy as it is published."""
    from models.policy import load

    return load()


# ---- regular expressions ---------------------------------------------------------------------------------------------
def compiled() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of ours holds, or makes and keeps for later."""
    for room in ROOMS:
        for found in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if "__main__" in found.name:
                continue
            module = importlib.import_module(found.name)
            yield from (
                (f"{found.name}.{key}", one) for key, one in vars(module).items() if isinstance(one, re.Pattern)
            )


def endless(tree: Any, inside: bool = False) -> bool:
    """Whether an unbounded repetition stands in an unbounded one that may give back what it took."""
    return any(_endless(sign, rest, inside) for sign, rest in tree)


def _endless(sign: Any, rest: Any, inside: bool) -> bool:
    if sign in (signs.MAX_REPEAT, signs.MIN_REPEAT):
        unbounded = rest[1] is signs.MAXREPEAT
        return (unbounded and inside) or endless(rest[2], inside or unbounded)
    if sign is signs.BRANCH:
        return any(endless(one, inside) for one in rest[1])
    below = {signs.POSSESSIVE_REPEAT: 2, signs.SUBPATTERN: 3, signs.ASSERT: 1, signs.ASSERT_NOT: 1}
    if sign in below:
        return endless(rest[below[sign]], inside and sign is not signs.POSSESSIVE_REPEAT)
    return sign is signs.ATOMIC_GROUP and endless(rest)


@pytest.mark.asvs("1.3.12")
def test_no_pattern_can_be_made_to_try_for_ever() -> None:
    """No repetition within a repetition that backtracks, in any pattern of the rooms; the rule finds one where there is."""
    assert endless(patterns.parse(r"(a+)+b"))
    assert endless(patterns.parse(r"(?:x|(\w+\s?)*)$"))
    assert not endless(patterns.parse(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'))
    found = dict(compiled())
    assert len(found) > 40
    del found["models.policy.versions.HEADING"]  # of our own texts; dots stand between what repeats
    assert [name for name, one in found.items() if endless(patterns.parse(one.pattern, one.flags & ~re.DEBUG))] == []


async def test_the_rules_read_the_rooms(tmp_path: Any) -> None:
    """Were the files not found, every rule of this page would hold."""
    assert len(modules()) > 200
    assert sum(1 for _ in calls()) > 5_000
