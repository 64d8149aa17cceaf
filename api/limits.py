"""What one operation may ask for, checked in one walk over its parsed document.

Each node is visited once and each fragment summed once, so that the walk is linear where nested fragment spreads would
multiply; it comes before validation, whose rules compare fields in pairs. Cost: a field is 1, what stands below a list
counts as often as the list is long: ``first``, or 20, or what the field says (``metadata={"list_size": 5}``). Where
``first`` is a variable the cost stays a small program, worked out for every request.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
)

from api.settings import Settings

LIST = 20  # how long a list without arguments is taken to be
HUGE = 10**12
INTROSPECTION = {"__schema", "__type"}  # open in development only, with limits of its own (MaxIntrospectionDepthRule)


class OverLimit(Exception):
    """The operation asks for too much; the text says what and how much is allowed, for its author."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may hold; ``single`` are the mutations of which an operation may have one (None: all)."""

    depth: int = 10
    cost: int = 2000
    aliases: int = 15
    root_fields: int = 8
    tokens: int = 1500
    page: int = 50
    repeats: int = 20  # of one name within a selection set; three times that in the whole document
    directives: int = 50
    fragments: int = 60
    operations: int = 10
    name: int = 80
    single: frozenset[str] | None = frozenset()

    @classmethod
    def of(cls, settings: Settings, single: frozenset[str] | None) -> Self:
        """As the operator set them."""
        return cls(
            depth=settings.max_depth,
            cost=settings.max_cost,
            aliases=settings.max_aliases,
            root_fields=settings.max_root_fields,
            tokens=settings.max_tokens,
            single=single,
        )


class Page(NamedTuple):
    """A list's length that a variable decides."""

    variable: str
    default: int

    def size(self, variables: Mapping[str, Any], most: int) -> int:
        given = variables.get(self.variable)
        return _page(given if isinstance(given, int) else self.default, most)


Part = tuple[int | Page, int]  # so many times the program's line of this number
Line = tuple[int, tuple[Part, ...]]


@dataclass(slots=True)
class _Sum:
    """What a selection set adds up to: constant cost and parts, fields below each other, fields side by side."""

    cost: int = 0
    parts: list[Part] = field(default_factory=list)
    depth: int = 0
    fields: int = 0
    single: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation within its limits; ``cost`` works out what this request's variables make of it."""

    kind: str
    name: str | None
    limits: Limits
    line: Line
    program: tuple[Line, ...]
    defaults: Mapping[str, int]

    def cost(self, variables: Mapping[str, Any]) -> int:
        """Raises OverLimit."""
        cost, parts = self.line
        if parts:
            given, values = {**self.defaults, **variables}, list[int]()
            for line in (*self.program, self.line):
                cost = line[0]
                for factor, number in line[1]:
                    times = factor if isinstance(factor, int) else factor.size(given, self.limits.page)
                    cost += times * values[number]
                values.append(min(cost, HUGE))
        _at_most(cost, self.limits.cost, "The operation costs {}; {} are allowed.")
        return cost


def survey(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> tuple[list[Operation], int]:
    """The document's operations, and how many nodes were visited. Raises OverLimit."""
    walk = _Walk(schema, document, limits)
    return walk.operations(), walk.visited


class _Walk:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        self.schema, self.limits, self.visited = schema, limits, 0
        self._aliases = self._directives = self._repeats = 0
        self._program: list[Line] = []
        self._sums: dict[str, _Sum] = {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._operations: list[OperationDefinitionNode] = []
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self._fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                self._operations.append(definition)
        _at_most(len(self._fragments), limits.fragments, "The document has {} fragments; {} are allowed.")
        _at_most(len(self._operations), limits.operations, "The document has {} operations; {} are allowed.")

    def operations(self) -> list[Operation]:
        sums = [
            (node, self._sum(node.selection_set, self.schema.get_root_type(node.operation)))
            for node in self._operations
        ]
        for name in self._fragments:  # those that nothing spreads as well: validation will walk them
            self._fragment(name)
        return [self._operation(node, found) for node, found in sums]

    def _operation(self, node: OperationDefinitionNode, found: _Sum) -> Operation:
        limits, name = self.limits, node.name.value if node.name else None
        _at_most(len(name or ""), limits.name, "The operation's name has {} characters; {} are allowed.")
        _at_most(found.depth, limits.depth, "The operation is {} fields deep; {} are allowed.")
        _at_most(found.fields, limits.root_fields, "The operation has {} root fields; {} are allowed.")
        if node.operation.value == "mutation":
            single = found.fields if limits.single is None else found.single
            _at_most(single, 1, "The operation has {} mutations of the kind that {} operation may have once.")
        _at_most(found.cost, limits.cost, "The operation costs {} or more; {} are allowed.")
        defaults = {
            each.variable.name.value: int(each.default_value.value)
            for each in node.variable_definitions or ()
            if isinstance(each.default_value, IntValueNode)
        }
        line = (found.cost, tuple(found.parts))
        return Operation(node.operation.value, name, limits, line, tuple(self._program), defaults)

    def _sum(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> _Sum:
        total = _Sum()
        self._add(total, selections, parent, Counter(), 0, 1)
        total.cost = min(total.cost, HUGE)
        return total

    def _add(
        self,
        total: _Sum,
        selections: SelectionSetNode,
        parent: GraphQLNamedType | None,
        names: Counter[str],
        inline: int,
        depth: int,
    ) -> None:
        """Add up one selection set; ``names`` and ``total`` are shared with the inline fragments that stand in it."""
        _at_most(max(depth, inline), self.limits.depth, "The document is {} levels deep; {} are allowed.")
        for node in selections.selections:
            self.visited += 1
            self._directives += len(node.directives or ())
            _at_most(self._directives, self.limits.directives, "The document has {} directives; {} are allowed.")
            if isinstance(node, FieldNode):
                self._repeated(names, node.alias.value if node.alias else node.name.value)
                self._field(total, node, parent, depth)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition
                inner = self.schema.get_type(on.name.value) if on else parent
                self._add(total, node.selection_set, inner, names, inline + 1, depth)
            else:
                name = node.name.value  # type: ignore[attr-defined]
                self._repeated(names, f"...{name}")
                self._spread(total, self._fragment(name))

    def _field(self, total: _Sum, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> None:
        name = node.name.value
        if node.alias:
            self._aliases += 1
            _at_most(self._aliases, self.limits.aliases, "The document has {} aliases; {} are allowed.")
        total.cost += 1
        total.fields += 1
        total.single += self.limits.single is not None and name in self.limits.single
        total.depth = max(total.depth, 1)
        if node.selection_set is None or name in INTROSPECTION:
            return
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None
        below = _Sum()
        self._add(below, node.selection_set, get_named_type(known.type) if known else None, Counter(), 0, depth + 1)
        total.depth = max(total.depth, 1 + below.depth)
        times = self._times(node, known, parent)
        if isinstance(times, int) and not below.parts:
            total.cost += times * below.cost
        elif below.cost or below.parts:
            total.parts.append((times, self._keep(below)))

    def _spread(self, total: _Sum, fragment: _Sum) -> None:
        total.depth = max(total.depth, fragment.depth)
        total.fields += min(fragment.fields, HUGE)
        total.single += min(fragment.single, HUGE)
        total.cost += fragment.cost
        total.parts += fragment.parts

    def _fragment(self, name: str) -> _Sum:
        """A fragment's sum, worked out once; nothing while that is done (a cycle, which validation refuses)."""
        found = self._sums.get(name)
        if found is None:
            self._sums[name] = found = _Sum()
            node = self._fragments.get(name)
            if node is not None:
                found = self._sum(node.selection_set, self.schema.get_type(node.type_condition.name.value))
                if found.parts:  # one line of its own, however often it is spread
                    found.cost, found.parts = 0, [(1, self._keep(found))]
                self._sums[name] = found
        return found

    def _keep(self, found: _Sum) -> int:
        self._program.append((found.cost, tuple(found.parts)))
        return len(self._program) - 1

    def _times(self, node: FieldNode, known: GraphQLField | None, parent: GraphQLNamedType | None) -> int | Page:
        """How often what stands below a field is counted."""
        if known is None:
            return 1
        argument = known.args.get("first")
        if argument is not None:
            default = argument.default_value
            usual = default if isinstance(default, int) else LIST
            for given in node.arguments or ():
                if given.name.value == "first" and isinstance(given.value, IntValueNode):
                    return _page(int(given.value.value[:9]), self.limits.page)
                if given.name.value == "first" and isinstance(given.value, VariableNode):
                    return Page(given.value.name.value, usual)
            return usual
        of_a_page = parent is not None and parent.name.endswith("Connection") and node.name.value in ("nodes", "edges")
        kind = known.type.of_type if isinstance(known.type, GraphQLNonNull) else known.type
        if of_a_page or not is_list_type(kind):
            return 1
        declared = known.extensions.get("strawberry-definition")
        return int(getattr(declared, "metadata", {}).get("list_size", LIST))

    def _repeated(self, names: Counter[str], name: str) -> None:
        names[name] += 1
        if names[name] > 1:
            self._repeats += 1
            _at_most(names[name], self.limits.repeats, "A name stands {} times in one place; {} are allowed.")
            _at_most(self._repeats, 3 * self.limits.repeats, "{} names are repeated; {} are allowed.")


def _page(size: int, most: int) -> int:
    _at_most(size, most, "A page of {} is asked for; {} are allowed.")
    return max(1, size)


def _at_most(found: int, allowed: int, sentence: str) -> None:
    if found > allowed:
        raise OverLimit(sentence.format(found, allowed))
