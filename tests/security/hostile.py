"""A corpus of hostile requests: what an attacker sends to have much done for little, or to have us read what we should not."""

from dataclasses import dataclass, field

import orjson

LOCAL = "http://localhost:8000"
JSON = {"Content-Type": "application/json", "X-Octopus-Client": "tests"}
DEVELOPMENT_BODY = 65536


@dataclass(frozen=True)
class Attack:
    """One request; ``status`` in GraphQL's own media type, ``plain`` in JSON's: 200 where the request itself was well formed."""

    body: bytes
    code: str
    status: int = 400
    plain: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    query: str = ""


def asked(query: str, code: str = "LIMIT_EXCEEDED", **more: object) -> Attack:
    """A document that no operation of ours is."""
    return Attack(orjson.dumps({"query": query, **more}), code)


def refused(body: bytes, code: str, status: int = 400, **headers: str) -> Attack:
    """A request that is refused before its document is looked at, in either media type."""
    return Attack(body, code, status, status, {name.replace("_", "-"): value for name, value in headers.items()})


# ---- documents -------------------------------------------------------------------------------------------------------
def doubling(levels: int, root: str, kind: str, leaf: str) -> str:
    """Fragments that each spread the next one twice: two to the power of levels fields, in a few hundred bytes."""
    inner = [f"fragment F{i} on {kind} {{...F{i + 1} ...F{i + 1}}}" for i in range(levels)]
    return " ".join([f"{{{root} {{...F0}}}}", *inner, f"fragment F{levels} on {kind} {{{leaf}}}"])


def circle(root: str, kind: str) -> str:
    """Fragments that spread each other for ever."""
    return f"{{{root} {{...A}}}} fragment A on {kind} {{...B}} fragment B on {kind} {{...A}}"


def crossed(count: int, root: str, kind: str, leaf: str) -> str:
    """Every fragment spreads every later one: as many pairs to compare."""
    spread = [" ".join(f"...F{other}" for other in range(one + 1, count)) for one in range(count)]
    inner = [f"fragment F{one} on {kind} {{{leaf} {rest}}}" for one, rest in enumerate(spread)]
    return " ".join([f"{{{root} {{...F0}}}}", *inner])


def documents(root: str, kind: str, leaf: str, listed: str) -> dict[str, Attack]:
    """``root``: a field of Query of an object type ``kind``, which has a ``leaf``; ``listed``: a page of a list, as {first}."""
    flat = root + " {" + leaf + "}"
    return {
        "deep": asked("{" + root + " {" + "... {" * 60 + leaf + "}" * 62),
        "deep enough to end Python's stack": asked("{" + root + "{a" * 1400 + "}" * 1401, "PARSE_FAILED"),
        "deep lists of an argument": asked('{node(id: ' + "[" * 700 + '"x"' + "]" * 700 + ") {__typename}}", "PARSE_FAILED"),
        "wide": asked("{" + " ".join(f"{leaf}{i}" for i in range(3000)) + "}"),
        "3,000 equal fields": asked("{" + root + " {" + f"{leaf} " * 3000 + "}}"),
        "1,400 equal fields": asked("{" + root + " {" + f"{leaf} " * 1400 + "}}"),
        "aliased": asked("{" + " ".join(f"a{i}: {flat}" for i in range(100)) + "}"),
        "aliased inside": asked("{" + root + " {" + " ".join(f"a{i}: {leaf}" for i in range(400)) + "}}"),
        "fragments of 19 levels": asked(doubling(19, root, kind, leaf)),
        "fragments of 60 levels": asked(doubling(60, root, kind, leaf)),
        "fragments in a circle": asked(circle(root, kind), "VALIDATION_FAILED"),
        "fragments that spread each other": asked(crossed(30, root, kind, leaf)),
        "a thousand fragments": asked(f"{{{flat}}} " + " ".join(f"fragment F{i} on {kind} {{{leaf}}}" for i in range(180))),
        "directives": asked("{" + root + " {" + leaf + " @skip(if: false)" * 200 + "}}"),
        "operations": asked(" ".join(f"query Q{i} {{{flat}}}" for i in range(60)), operationName="Q1"),
        "a page of a million": asked("{" + listed.format(first=1_000_000) + "}"),
        "a page of a million by a variable": asked(
            "query ($n: Int!) {" + listed.format(first="$n") + "}", variables={"n": 10**6}
        ),
        "a thousand variables": asked(
            "query (" + " ".join(f"$v{i}: Int" for i in range(400)) + f") {{{flat}}}"
        ),
        "a name of 60 kB": asked("{" + "a" * 60_000 + "}", "VALIDATION_FAILED"),
        "a comment of 60 kB and no operation": asked("#" + "x" * 60_000, "PARSE_FAILED"),
        "a text without an end": asked('{node(id: "' + "x" * 60_000, "PARSE_FAILED"),
        "a block text of quotes": asked('{node(id: """' + '\\"""' * 5_000 + ") {id}}", "PARSE_FAILED"),
    }  # fmt: skip


# ---- requests --------------------------------------------------------------------------------------------------------
HELLO = b'{"query":"{__typename}"}'
REQUESTS: dict[str, Attack] = {
    "1 MB": refused(b'{"query":"' + b" " * 1_000_000 + b'{__typename}"}', "TOO_LARGE", 413),
    "1 MB of brackets": refused(b"[" * 1_000_000, "TOO_LARGE", 413),
    "variables 5,000 deep": refused(
        b'{"query":"{__typename}","variables":{"v":' + b"[" * 5000 + b"]" * 5000 + b"}}", "TOO_DEEP"
    ),
    "objects 5,000 deep": refused(
        b'{"query":"{__typename}","variables":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "TOO_DEEP"
    ),
    "brackets that never close": refused(b"[" * 60_000, "TOO_DEEP"),
    "a text of escaped quotes": refused(b'{"query":"' + b'\\"[' * 20_000, "BAD_JSON"),
    "a batch": refused(b"[" + b",".join([HELLO] * 100) + b"]", "BAD_REQUEST", 400),
    "a form": refused(
        b"query={__typename}", "UNSUPPORTED_MEDIA_TYPE", 415, Content_Type="application/x-www-form-urlencoded"
    ),
    "plain text": refused(HELLO, "UNSUPPORTED_MEDIA_TYPE", 415, Content_Type="text/plain"),
    "parts": refused(b"--x\r\n\r\n", "UNSUPPORTED_MEDIA_TYPE", 415, Content_Type="multipart/form-data; boundary=x"),
    "no type": refused(HELLO, "UNSUPPORTED_MEDIA_TYPE", 415, Content_Type=""),
    "a bomb of zeros": refused(b"\x1f\x8b" + b"\x00" * 100, "UNSUPPORTED_MEDIA_TYPE", 415, Content_Encoding="gzip"),
    "another alphabet": refused(HELLO, "UNSUPPORTED_MEDIA_TYPE", 415, Content_Type="application/json; charset=utf-7"),
    "another origin": refused(HELLO, "CROSS_ORIGIN", 403, Origin="https://evil.example"),
    "an origin that only begins like ours": refused(HELLO, "CROSS_ORIGIN", 403, Origin=f"{LOCAL}.evil.example"),
    "no origin": refused(HELLO, "CROSS_ORIGIN", 403, Origin="null"),
    "another site": refused(HELLO, "CROSS_SITE", 403, Sec_Fetch_Site="cross-site"),
    "no name": refused(HELLO, "CLIENT_UNNAMED", 400, X_Octopus_Client=""),
}
GETS: dict[str, str] = {
    "a query": "query={__typename}", "a mutation": "query=mutation{signOut{__typename}}", "a subscription": "query=subscription{x}",
    "a callback": "query={__typename}&callback=steal", "a method in disguise": "query={__typename}&_method=POST",
}  # fmt: skip
