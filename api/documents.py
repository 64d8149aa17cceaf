"""Trusted documents, known before the first request; and whatever else was asked lately, parsed and validated once.

A folder and those in it hold ``*.graphql`` files, whose id is the SHA-256 of their text, and perhaps ``persisted-documents.json``,
which maps ids to texts as the front ends' build wrote it.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from api.graphql_answer import RequestErrors, author_error
from api.limits import Limits, Operation, OverLimit, survey
from schema.plan.plans import Variants

MOST_ERRORS = 5
KEPT_DOCUMENTS = 1000
KEPT_CHARACTERS = 2_000_000


class NoTrustedDocuments(Exception):
    """Ad-hoc queries are off and there is no trusted document: nothing could be asked."""


class BadDocument(Exception):
    """A trusted document that cannot be used; the text names it and says why."""


def load(folders: Iterable[Path]) -> dict[str, str]:
    """The trusted documents of some folders, those that do not exist aside: id to text. Raises BadDocument."""
    found: dict[str, str] = {}
    for folder in folders:
        texts = [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.graphql"))]
        found |= {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
        built = folder / "persisted-documents.json"
        if built.exists():
            found |= _built(built)
    return found


def _built(file: Path) -> dict[str, str]:
    try:
        given = orjson.loads(file.read_bytes())
        pairs = {str(name).removeprefix("sha256:").lower(): text for name, text in given.items()}
        wrong = [name for name, text in pairs.items() if hashlib.sha256(text.encode()).hexdigest() != name]
    except (orjson.JSONDecodeError, AttributeError):
        raise BadDocument(f"{file} does not map SHA-256 ids to texts") from None
    if wrong:
        raise BadDocument(f"{file}: {wrong[0]} is not the SHA-256 of its text")
    return pairs


@dataclass(slots=True, eq=False)
class Prepared:
    """A document within the limits and valid: it can be run at once. ``variants``: its plans, once it was worth it."""

    id: str
    node: DocumentNode
    operations: tuple[Operation, ...]
    trusted: bool = False
    variants: Variants | None = None
    seen: bool = False

    def seen_before(self) -> bool:
        """Whether it was asked before; from now on it was."""
        before, self.seen = self.seen, True
        return before

    def operation(self, name: str | None) -> Operation:
        """The one that is asked for. Raises RequestErrors."""
        for each in self.operations:
            if each.name == name or (name is None and len(self.operations) == 1):
                return each
        message = "There is no operation of that name." if name else "Say which operation: the document has several."
        raise one_error("NO_SUCH_OPERATION", message)


class Library:
    """The documents of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        trusted: Mapping[str, str],
        *,
        ad_hoc: bool,
        development: bool,
        rules: Collection[type[ASTValidationRule]] = (),
    ) -> None:
        """Prepares every trusted document. Raises BadDocument."""
        self.schema, self.limits, self.ad_hoc, self._development = schema, limits, ad_hoc, development
        self._rules = (*specified_rules, *rules, *(() if development else (NoSchemaIntrospectionCustomRule,)))
        self._recent: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0
        self._trusted = {document_id: self._trust(document_id, text) for document_id, text in trusted.items()}

    def __len__(self) -> int:
        return len(self._trusted)

    def find(self, document_id: str | None, text: str | None) -> Prepared:
        """The document of an id, or of a text where those are allowed. Raises RequestErrors."""
        if document_id is None and text is not None and not self.ad_hoc:
            document_id = _digest(text)  # a trusted one, written out
        found = self._trusted.get(document_id or "")
        if found is not None:
            return found
        if not self.ad_hoc or text is None:
            raise one_error("PERSISTED_QUERY_NOT_FOUND", "There is no trusted document of this id.")
        if document_id is not None and document_id != _digest(text):
            raise one_error("PERSISTED_QUERY_MISMATCH", "The id is not the SHA-256 of the query.")
        return self._ad_hoc(text)

    def _ad_hoc(self, text: str) -> Prepared:
        found = self._recent.get(text)
        if found is not None:
            self._recent.move_to_end(text)
            return found
        found = self.prepare(text)
        self._recent[text] = found
        self._characters += len(text)
        while len(self._recent) > KEPT_DOCUMENTS or self._characters > KEPT_CHARACTERS:
            gone, _ = self._recent.popitem(last=False)
            self._characters -= len(gone)
        return found

    def prepare(self, text: str, *, trusted: bool = False) -> Prepared:
        """Parse, hold against the limits, then validate: in this order, for validation's rules are the costliest.

        Raises RequestErrors.
        """
        try:
            node = parse(text, max_tokens=self.limits.tokens)
            operations, _ = survey(self.schema, node, self.limits)
        except GraphQLError as wrong:
            code = "LIMIT_EXCEEDED" if f"more than {self.limits.tokens} tokens" in wrong.message else "PARSE_FAILED"
            raise RequestErrors(code, [author_error(wrong, code)]) from None
        except OverLimit as over:
            raise over_limit(over) from None
        errors = validate(self.schema, node, self._rules, MOST_ERRORS, hide_suggestions=not self._development)
        if errors:
            code = "VALIDATION_FAILED"
            raise RequestErrors(code, [author_error(each, code) for each in errors])
        return Prepared(_digest(text), node, tuple(operations), trusted)

    def _trust(self, document_id: str, text: str) -> Prepared:
        try:
            return self.prepare(text, trusted=True)
        except RequestErrors as wrong:
            first: dict[str, Any] = wrong.errors[0]
            where = text.strip().partition("\n")[0][:80]
            raise BadDocument(f"The trusted document {document_id[:12]}… ({where}): {first['message']}") from None


def over_limit(over: OverLimit) -> RequestErrors:
    """As an answer."""
    return one_error("LIMIT_EXCEEDED", str(over))


def one_error(code: str, message: str) -> RequestErrors:
    """One reason why the operation cannot be run."""
    return RequestErrors(code, [{"message": message, "extensions": {"code": code}}])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
