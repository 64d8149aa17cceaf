"""Valid documents, generated from a schema's types: arguments, aliases, fragments, directives, variables.

A field with arguments, and every field below a fragment on one type of several, has an alias of its own: so no two fields
of one name can differ, and every document is valid as it is written.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    parse,
    type_from_ast,
)
from hypothesis import strategies as st

from schema.sources import EFFECT

STRAWBERRY = "strawberry-definition"
DEEPEST = 7
WORDS = ("", "email", "nonsense", "RR-1", "2026-11-23T09:00:00Z", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
TIMES = ("2026-11-23T09:00:00Z", "2026-01-01T00:00:00+02:00", "2027-01-01T00:00:00.5Z")


@dataclass(frozen=True)
class Document:
    """A query and what is sent with it."""

    text: str
    variables: dict[str, Any]
    who: int


@st.composite
def batches(draw: st.DrawFn, schema: GraphQLSchema, ids: list[tuple[str, ...]], size: int) -> list[Document]:
    """Documents of those who may ask, whose node ids are ``ids``. One draw decides them all: drawing each turn of each
    document would take longer than asking it."""
    random = Random(draw(st.integers(0, 2**64 - 1)))
    return [document(random, schema, ids) for _ in range(size)]


def document(random: Random, schema: GraphQLSchema, ids: list[tuple[str, ...]]) -> Document:
    """One document, and who asks it."""
    who = random.randrange(len(ids))
    return _Writer(random, schema, ids[who]).document(who)


def values(random: Random, schema: GraphQLSchema, ids: tuple[str, ...], text: str) -> dict[str, Any]:
    """Values for the variables of a document's first operation; some that need none are left out."""
    node: Any = next(one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode))
    writer = _Writer(random, schema, ids)
    kinds = {one.variable.name.value: (one, type_from_ast(schema, one.type)) for one in node.variable_definitions or ()}
    return {
        name: writer.value(kind)[1]
        for name, (one, kind) in kinds.items()
        if (isinstance(kind, GraphQLNonNull) and one.default_value is None) or random.randrange(2)
    }


@dataclass
class _Writer:
    random: Random
    schema: GraphQLSchema
    ids: tuple[str, ...]
    left: int = 0
    names: int = 0
    variables: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)

    def document(self, who: int) -> Document:
        self.left = self.random.choice((6, 10, 16))
        root = self.schema.query_type
        assert root is not None
        body = self.selection(root, 0, alone=False)
        head = f"query Q({', '.join(self.variables)}) " if self.variables else "query Q "
        return Document("\n".join([head + body, *self.fragments]), self.values, who)

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def name(self, hint: str) -> str:
        self.names += 1
        return f"{hint}{self.names}"

    # ---- selections ------------------------------------------------------------------------------------------------
    def selection(self, kind: Any, depth: int, *, alone: bool) -> str:
        """``alone``: below a fragment on one type of several, where every field takes a name of its own."""
        parts = [self.field(kind, name, depth, alone) for name in self.chosen(kind, depth)]
        if is_abstract_type(kind) and depth < DEEPEST:
            members = list(self.schema.get_possible_types(kind))
            parts += [self.on(member, depth) for member in self.random.sample(members, min(2, len(members)))]
        if not parts or self.chance(6):
            parts.append(f"{self.name('t')}: __typename" if alone else "__typename")
        if len(parts) > 1 and self.chance(5):
            parts = self.folded(kind, parts)
        return "{" + " ".join(parts) + "}"

    def on(self, member: Any, depth: int) -> str:
        return f"... on {member.name}{self.directive()} {self.selection(member, depth + 1, alone=True)}"

    def folded(self, kind: Any, parts: list[str]) -> list[str]:
        """Some of the parts within a fragment; or said twice, of which one counts."""
        cut = self.random.randrange(1, len(parts))
        inner = "{" + " ".join(parts[cut:]) + "}"
        match self.random.randrange(4):
            case 0:
                name = self.name("F")
                self.fragments.append(f"fragment {name} on {kind.name} {inner}")
                return [*parts[:cut], f"...{name}{self.directive()}", *([f"...{name}"] if self.chance(2) else [])]
            case 1:
                return [f"...{self.directive()} {inner}", *parts[:cut]]
            case 2:
                return [
                    *parts[:cut],
                    f"... on {kind.name}{self.directive()} {inner}",
                    *parts[: self.random.randrange(2)],
                ]
            case _:
                return [*parts, *parts[cut:]]

    def chosen(self, kind: Any, depth: int) -> list[str]:
        if not hasattr(kind, "fields"):  # a union
            return []
        able = [
            name
            for name, one in kind.fields.items()
            if not one.extensions[STRAWBERRY].metadata.get(EFFECT)
            and (depth < DEEPEST or is_leaf_type(get_named_type(one.type)))
        ]
        count = min(len(able), self.random.choice((1, 2, 2, 3, 4)), max(self.left, 1))
        self.left -= count
        return self.random.sample(able, count)

    def field(self, kind: Any, name: str, depth: int, alone: bool) -> str:
        found = kind.fields[name]
        given = self.arguments(found)
        alias = f"{self.name('a')}: " if given or alone or self.chance(6) else ""
        named = get_named_type(found.type)
        below = "" if is_leaf_type(named) else " " + self.selection(named, depth + 1, alone=False)
        return f"{alias}{name}{given}{self.directive()}{below}"

    def directive(self) -> str:
        if not self.chance(9):
            return ""
        word = self.random.choice(("include", "skip"))
        value = self.random.choice(("true", "false"))
        if self.chance(2):
            value = self.variable("Boolean!", value, value == "true")
        return f" @{word}(if: {value})"

    # ---- arguments -------------------------------------------------------------------------------------------------
    def arguments(self, found: Any) -> str:
        parts = [
            f"{name}: {self.argument(one)}"
            for name, one in found.args.items()
            if is_required_argument(one) or self.chance(3)
        ]
        return f"({', '.join(parts)})" if parts else ""

    def argument(self, one: Any) -> str:
        literal, value = self.value(one.type)
        if not self.chance(3):
            return literal
        kind = str(one.type)
        if not kind.endswith("!") and self.chance(3):
            return self.variable(kind, literal, None, given=False)
        return self.variable(kind, literal, value)

    def variable(self, kind: str, literal: str, value: Any, *, given: bool = True) -> str:
        name = self.name("v")
        default = f" = {literal}" if self.chance(2) else ""
        self.variables.append(f"${name}: {kind}{default}")
        if given or (kind.endswith("!") and not default):
            self.values[name] = value
        return f"${name}"

    def value(self, kind: Any) -> tuple[str, Any]:
        """A literal and the same as JSON."""
        if isinstance(kind, GraphQLNonNull):
            return self.present(kind.of_type)
        return ("null", None) if self.chance(8) else self.present(kind)

    def present(self, kind: Any) -> tuple[str, Any]:
        if isinstance(kind, GraphQLList):
            items = [self.value(kind.of_type) for _ in range(self.random.randrange(3))]
            return f"[{', '.join(one for one, _ in items)}]", [value for _, value in items]
        if isinstance(kind, GraphQLEnumType):
            name = self.random.choice(list(kind.values))
            return name, name
        if isinstance(kind, GraphQLInputObjectType):
            return self.object(kind)
        match kind.name:
            case "Int":
                number = self.random.choice((1, 2, 3, 5, 20, 50, 51, 0, -1))
                return str(number), number
            case "Boolean":
                truth = self.random.choice((True, False))
                return str(truth).lower(), truth
            case "ID":
                word = self.random.choice(self.ids) if self.ids and not self.chance(5) else "AAAA"
            case "DateTime":
                word = self.random.choice(TIMES)
            case "Date":
                word = "2026-11-23"
            case _:
                word = self.random.choice(WORDS)
        return f'"{word}"', word

    def object(self, kind: GraphQLInputObjectType) -> tuple[str, Any]:
        names = [name for name, one in kind.fields.items() if isinstance(one.type, GraphQLNonNull) or self.chance(3)]
        if kind.is_one_of:
            names = [self.random.choice(list(kind.fields))]
        parts = {name: self.present(get_nullable_type(kind.fields[name].type)) for name in names}
        literal = ", ".join(f"{name}: {one}" for name, (one, _) in parts.items())
        return "{" + literal + "}", {name: value for name, (_, value) in parts.items()}
