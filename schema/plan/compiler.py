"""From a validated document to a generated function: one walk over its selection sets, each field once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from models.database import Dialect
from models.policy import Role
from models.rows import Carried
from schema.nodes import NodeId, list_writer, writer
from schema.plan import values
from schema.plan.arguments import Arguments, informed
from schema.plan.code import Block, Code
from schema.plan.places import EachPlace, JoinedPlace, OwnPlace, RowPlace, Thing, struct_type
from schema.plan.relations import related
from schema.sources import (
    EFFECT,
    SOURCE,
    Beside,
    Column,
    Derived,
    Group,
    Joined,
    Known,
    Later,
    Own,
    Related,
    SealedField,
    Told,
)

STRAWBERRY = "strawberry-definition"
Details = list[FieldDetails]
Carrier = Callable[[VariableValues | None], Carried | None]
Place = Thing | RowPlace


class CannotCompile(Exception):
    """The document asks for something that only graphql-core's executor does; the text says what."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function's source, what its free names stand for, its statements, and the fields that call a resolver.

    ``carried``: of the statements those that can come with the viewer's session; each tells its values from the variables'.
    """

    source: str
    bound: Mapping[str, Any]
    statements: tuple[str, ...]
    resolvers: tuple[str, ...]
    carried: tuple[Carrier, ...] = ()


def compile_document(
    schema: strawberry.Schema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    directives: Mapping[str, Any],
    database: Dialect,
    roles: frozenset[Role] = frozenset(),
) -> Compiled:
    """``directives``: the values of the variables that @include and @skip name; ``roles``: those of who asks, of the staff.

    Raises CannotCompile.
    """
    return Compiler(schema, document, operation, directives, database, roles).compile()


class Compiler:
    """One document on its way to a function."""

    def __init__(
        self,
        schema: strawberry.Schema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        directives: Mapping[str, Any],
        database: Dialect,
        roles: frozenset[Role],
    ) -> None:
        self.schema, self.operation, self.database, self.roles = schema._schema, operation, database, roles
        self.code = Code()
        self.root = Block()
        self.resolvers: dict[str, None] = {}
        fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
        self.fragments = {one.name.value: FragmentDetails(one) for one in fragments}
        self.directives = VariableValues({}, dict(directives))
        self.arguments = Arguments(schema, self.code)
        self.statements: list[str] = []
        self.carried: list[Carrier] = []
        self.home = self.root  # the block in which ``me`` is known

    def compile(self) -> Compiled:
        if self.operation.operation.value != "query":
            raise CannotCompile("only queries are compiled")
        root = self.schema.query_type
        assert root is not None
        found = collect_fields(self.schema, self.fragments, self.directives, root, self.operation)
        answer = self._selected(root, found.grouped_field_set, Thing("None"), self.root)
        self.root(f"return {answer}")
        function = Block()
        function.nested("async def plan(ctx, variables, db):", self.root)
        source = "\n".join(function.all()) + "\n"
        return Compiled(source, self.code.bound, tuple(self.statements), tuple(self.resolvers), tuple(self.carried))

    # ---- selection sets --------------------------------------------------------------------------------------------
    def object(self, kind: GraphQLObjectType, details: Details, place: Place, block: Block) -> str:
        """The expression of an object's answer; what it needs is written into the block before."""
        found = collect_subfields(self.schema, self.fragments, self.directives, self.operation, kind, details)
        return self._selected(kind, found.grouped_field_set, place, block)

    def _selected(self, kind: GraphQLObjectType, fields: Mapping[str, Details], place: Place, block: Block) -> str:
        parts = [f"{key!r}: {self._field(kind, key, each, place, block)}" for key, each in fields.items()]
        return "{" + ", ".join(parts) + "}"

    def subfields(self, kind: GraphQLObjectType, details: Details) -> dict[str, tuple[str, Details]]:
        """Response key → the field's name and its nodes."""
        found = collect_subfields(self.schema, self.fragments, self.directives, self.operation, kind, details)
        return {key: (each[0].node.name.value, each) for key, each in found.grouped_field_set.items()}

    def _field(self, kind: GraphQLObjectType, key: str, details: Details, place: Place, block: Block) -> str:
        node = details[0].node
        name = node.name.value
        if name == "__typename":
            return repr(kind.name)
        field = kind.fields.get(name)
        if field is None:
            raise CannotCompile(f"{name} is introspection")
        declared = field.extensions[STRAWBERRY]
        if declared.metadata.get(EFFECT):
            raise CannotCompile(f"reading {kind.name}.{name} leaves a trace")
        source = declared.metadata.get(SOURCE)
        if isinstance(source, Own):
            return self._own(field, details, source, block)
        if isinstance(source, Related) and source.by is None:
            self._permitted(source)
            return related(self, field, details, source, block)
        if isinstance(place, RowPlace):
            if source is None or (isinstance(source, Related | Later) and not isinstance(place, OwnPlace)):
                place = self._thing(kind, place, block)
            else:
                return self._of_row(declared.python_name, field, details, source, place, block)
        if declared.is_basic_field:
            return self._value(field.type, f"{place.name}.{declared.python_name}", details, block, name)
        self.resolvers[f"{kind.name}.{name}"] = None
        return self._value(field.type, self._resolved(kind, key, field, details, place, block), details, block, name)

    def _resolved(
        self, kind: GraphQLObjectType, key: str, field: GraphQLField, details: Details, place: Thing, block: Block
    ) -> str:
        """What the field's own resolver answers."""
        declared = field.extensions[STRAWBERRY]
        resolve = self.code.bind(field.resolve, "resolve_" + declared.python_name)
        info = self.code.bind(informed(self.schema, self.operation, kind, key, field, details), "info")
        given = self.arguments.passed(field, details[0].node)
        call = f"{resolve}({place.name}, {info}(ctx, variables){given})"
        if declared.is_async:
            block("await db.rest()")
            call = "await " + call
        return call

    def _thing(self, kind: GraphQLObjectType, place: RowPlace, block: Block) -> Thing:
        """A row as an instance of its type, for its resolvers."""
        made = self.code.bind(kind.extensions[STRAWBERRY].origin, kind.name)
        name = self.code.fresh(kind.name)
        contents = "None" if isinstance(place, OwnPlace) else place.contents()
        block(f"{name} = {made}.of(ctx, {place.whole()}, {contents})")
        return Thing(name)

    # ---- any value -------------------------------------------------------------------------------------------------
    def _value(self, kind: Any, expression: str, details: Details, block: Block, hint: str) -> str:
        """A Python value completed as its GraphQL type says (GraphQL, 6.4.3)."""
        name, nullable, inner = self.code.fresh(hint), not is_non_null_type(kind), get_nullable_type(kind)
        block(f"{name} = {expression}")
        if is_leaf_type(inner):
            return self._leaf(inner, name, nullable)
        if is_list_type(inner) and is_non_null_type(inner.of_type) and is_leaf_type(get_nullable_type(inner.of_type)):
            return self._leaves(get_nullable_type(inner.of_type), name, nullable)
        if not nullable:
            block(f"if {name} is None: raise {self.otherwise()}")
            return self._composite(inner, name, details, block, hint)
        answer, within = self.code.fresh(hint), Block()
        within(f"{answer} = {self._composite(inner, name, details, within, hint)}")
        block(f"{answer} = None")
        block.nested(f"if {name} is not None:", within)
        return answer

    def _leaf(self, kind: Any, name: str, nullable: bool) -> str:
        made = f"{self.code.bind(values.serializer(kind), kind.name)}({name})"
        if (unchanged := values.as_it_is(kind, name)) is not None:
            made = f"({name} if {unchanged} else {made})"
        if nullable:
            return f"(None if {name} is None else {made})"
        return made if values.refuses_null(kind) else self._unless_null(name, made)

    def _leaves(self, kind: Any, name: str, nullable: bool) -> str:
        made, listed = self.code.bind(values.serializer(kind), kind.name), self.code.bind(values.listed, "listed")
        present = self.code.bind(values.present, "present")
        found = f"[{made}({present}(each)) for each in {listed}({name})]"
        return f"(None if {name} is None else {found})" if nullable else found

    def _composite(self, kind: Any, name: str, details: Details, block: Block, hint: str) -> str:
        """A list's or an object's answer, of a value that is not None."""
        if is_list_type(kind):
            items, each, within = self.code.fresh(hint), self.code.fresh("each"), Block()
            within(f"{items}.append({self._value(kind.of_type, each, details, within, hint)})")
            block(f"{items} = []")
            block.nested(f"for {each} in {self.code.bind(values.listed, 'listed')}({name}):", within)
            return items
        if isinstance(kind, GraphQLObjectType):
            return self.object(kind, details, Thing(name), block)
        assert isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
        answer, made, word = self.code.fresh(hint), self.code.fresh("kind"), "if"
        block(f"{made} = type({name})")
        for one in self.schema.get_possible_types(kind):
            cls, within = self.code.bind(one.extensions[STRAWBERRY].origin, one.name), Block()
            within(f"{answer} = {self.object(one, details, Thing(name), within)}")
            block.nested(f"{word} {made} is {cls}:", within)
            word = "elif"
        block(f"else: raise {self.otherwise()}")
        return answer

    def _unless_null(self, name: str, made: str) -> str:
        return f"({made} if {name} is not None else {self.code.bind(values.present, 'present')}(None))"

    @staticmethod
    def cannot(why: str) -> CannotCompile:
        return CannotCompile(why)

    def otherwise(self) -> str:
        return self.code.bind(values.Otherwise, "otherwise")

    # ---- fields of a row -------------------------------------------------------------------------------------------
    def _of_row(
        self, name: str, field: GraphQLField, details: Details, source: Any, place: RowPlace, block: Block
    ) -> str:
        match source:
            case NodeId():
                return self._id(source, place)
            case Column():
                return self._column(field, details, source.name or name, place, block)
            case SealedField():
                return self._sealed(field, details, source.name or name, place, block)
            case Derived():
                return self._derived(field, details, source, place, block)
            case Told():
                return self._told(field, details, source, place, block)
            case Group():
                return self._group(field, details, source, place, block)
            case Beside(joined=Joined() as joined):
                assert isinstance(place, EachPlace)
                beside = JoinedPlace(place, joined.table, joined.by)
                answer = self.object(get_named_type(field.type), details, beside, block)  # type: ignore[arg-type]
                beside.finish()
                return answer
            case Beside(known=Known() as known) if (
                made := self._known(field, details, known, place, block)
            ) is not None:
                return made
            case Beside():
                assert place.beside is not None
                return self._value(field.type, place.beside(source, details), details, block, name)
            case Later():
                return self.object(get_named_type(field.type), details, place, block)  # type: ignore[arg-type]
            case Related():
                assert isinstance(place, OwnPlace)
                return related(self, field, details, source, block)
        raise CannotCompile(f"{name} is declared in a way that is not known")

    def _id(self, source: NodeId, place: RowPlace) -> str:
        """A row's node id; those of a list are written together, before its loop."""
        if place.list is not None and place.list.writes:
            self.root.first("write_ids", f"write_ids = {self.code.bind(list_writer, 'list_writer')}(ctx)")
            return place.list.id(source.number, place.id_bytes(source.of))
        self.root.first("write_id", f"write_id = {self.code.bind(writer, 'writer')}(ctx)")
        return f"write_id({source.number}, {place.id_bytes(source.of)})"

    def _column(self, field: GraphQLField, details: Details, name: str, place: RowPlace, block: Block) -> str:
        kind, leaf, nullable = place.kind(name), get_nullable_type(field.type), not is_non_null_type(field.type)
        if isinstance(leaf, GraphQLEnumType) and kind.enum is not None:
            names: dict[Any, Any] = dict(values.names_of(leaf))
            if nullable:
                names[None] = None
            return f"{self.code.bind(names, leaf.name)}[{place.raw(name)}]"
        plain = {"DateTime": datetime, "String": str, "Int": int, "Boolean": bool}
        if is_leaf_type(leaf) and plain.get(leaf.name) is kind.kind:  # as it is: nothing can be wrong with it
            return self._may_be_null(place.value(name), kind.nullable and not nullable)
        return self._value(field.type, place.value(name), details, block, name)

    def _sealed(self, field: GraphQLField, details: Details, name: str, place: RowPlace, block: Block) -> str:
        kind, optional = struct_type(place.table.contents, name)
        leaf, nullable = get_nullable_type(field.type), not is_non_null_type(field.type)
        if is_leaf_type(leaf) and {"String": str, "ID": str, "Date": date}.get(leaf.name) is kind:
            return self._may_be_null(place.sealed(name), optional and not nullable)
        return self._value(field.type, place.sealed(name), details, block, name)

    def _derived(self, field: GraphQLField, details: Details, source: Derived, place: RowPlace, block: Block) -> str:
        name = details[0].node.name.value
        function = self.code.bind(source.function, "derive_" + name)
        contents = place.contents() if source.sealed else "None"
        if place.list is not None and not (source.columns or source.sealed):  # of every row the same
            same = self.code.fresh(name)
            self.root(f"{same} = {self._value(field.type, f'{function}(ctx, None, None)', details, self.root, name)}")
            return same
        made = f"{function}(ctx, {place.obj(source.columns)}, {contents})"
        return self._value(field.type, made, details, block, name)

    def _told(self, field: GraphQLField, details: Details, source: Told, place: RowPlace, block: Block) -> str:
        name = details[0].node.name.value
        prepare = self.code.bind(source.prepare, name + "_of")
        tell = prepare.lower()
        self.home.first(tell, f"{tell} = {prepare}(ctx)")
        given = [place.value(column) for column in source.columns]
        if source.keyed:
            assert isinstance(place, JoinedPlace)
            given.append(place.has_key())
        return self._value(field.type, f"{tell}({', '.join(given)})", details, block, name)

    def _may_be_null(self, expression: str, refused: bool) -> str:
        if refused and "(" not in expression:
            return self._unless_null(expression, expression)
        return f"{self.code.bind(values.present, 'present')}({expression})" if refused else expression

    def _group(self, field: GraphQLField, details: Details, source: Group, place: RowPlace, block: Block) -> str:
        kind: Any = get_named_type(field.type)
        if not source.of:
            return self.object(kind, details, place, block)
        answer, within = self.code.fresh(kind.name), Block()
        there = " or ".join(f"{place.sealed(one)} is not None" for one in source.of)
        within(f"{answer} = {self.object(kind, details, place, within)}")
        block(f"{answer} = None")
        block.nested(f"if {there}:", within)
        return self._may_be_null(answer, is_non_null_type(field.type))

    def _known(self, field: GraphQLField, details: Details, known: Known, place: RowPlace, block: Block) -> str | None:
        """What the row itself knows of what stands beside it; None when more is selected."""
        assert isinstance(place, EachPlace)
        kind: Any = get_named_type(field.type)
        asked = self.subfields(kind, details)
        if not {name for name, _ in asked.values()} <= known.fields.keys():
            return None
        answer, within, at = self.code.fresh(kind.name), Block(), place.value(known.at)
        parts = [
            f"{key!r}: {self._of_row(name, kind.fields[name], each, known.fields[name], place, within)}"
            for key, (name, each) in asked.items()
        ]
        since = f"since_{known.at}"
        self.root.first(since, f"{since} = {self.code.bind(known.since, 'since')}(ctx)")
        within(f"{answer} = {{{', '.join(parts)}}}")
        block(f"{answer} = None")
        block.nested(f"if {place.raw(known.at)} is not None and {at} > {since} and {place.has_key()}:", within)
        return answer

    def _permitted(self, source: Related) -> None:
        """Whether these roles may see the rows is settled here; whether their bearer is locked, at every request."""
        if self.roles.isdisjoint(source.roles):
            raise CannotCompile("not for these roles")
        locked = "ctx.colleague is None or ctx.colleague.row.locked_at is not None"
        self.root.first("locked", f"if {locked}: raise {self.otherwise()}")

    # ---- the viewer ------------------------------------------------------------------------------------------------
    def _own(self, field: GraphQLField, details: Details, source: Own, block: Block) -> str:
        """The viewer's own row, if somebody is signed in."""
        kind: Any = get_named_type(field.type)
        answer, home, outer = self.code.fresh("viewer"), Block(), self.home
        self.home = home
        place = OwnPlace(self.code, home, source.table(), self.database, lambda: self.opener(source.table()), "me")
        home.first("me", "me = ctx.viewer.row")
        home(f"{answer} = {self.object(kind, details, place, home)}")
        self.home = outer
        block(f"{answer} = None")
        block.nested("if ctx.viewer is not None:", home)
        return answer

    def opener(self, table: Any) -> str:
        """What opens the viewer's rows of a table."""
        name = f"open_{table._meta.db_table}"
        contents = self.code.bind(table.contents, "contents")
        self.key()
        self.home.first(name, f"{name} = key.opener({table._meta.db_table!r}, {contents})")
        return name

    def key(self) -> None:
        """The viewer's key is known as ``key``."""
        self.home.first("key", "key = (await ctx.world.vault.keys((me.id,)))[me.id]")
