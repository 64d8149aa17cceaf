"""From a validated document to a generated function: one walk over its selection sets, each field once."""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import DocumentNode, FragmentDefinitionNode, GraphQLField, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from models.database import Dialect
from models.policy import Role
from schema.plan import values
from schema.plan.arguments import STRAWBERRY, Arguments, informed
from schema.plan.code import Block, Code
from schema.plan.compiled import CannotCompile, Carrier, Compiled
from schema.plan.completion import Completion
from schema.plan.places import OwnPlace, RowPlace, Thing
from schema.plan.relations import related
from schema.plan.row_fields import RowFields
from schema.plan.viewer import Viewer
from schema.sources import EFFECT, SOURCE, Later, Own, Related

Details = list[FieldDetails]
Place = Thing | RowPlace


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
        self.completion, self.viewer = Completion(self), Viewer(self)
        self.row_fields = RowFields(self)

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
            return self.viewer.own(field, details, source, block)
        if isinstance(source, Related) and source.by is None:
            self.viewer.permitted(source)
            return related(self, field, details, source, block)
        if isinstance(place, RowPlace):
            if source is None or (isinstance(source, Related | Later) and not isinstance(place, OwnPlace)):
                place = self._thing(kind, place, block)
            else:
                return self.row_fields.field(declared.python_name, field, details, source, place, block)
        if declared.is_basic_field:
            return self.completion.value(field.type, f"{place.name}.{declared.python_name}", details, block, name)
        self.resolvers[f"{kind.name}.{name}"] = None
        made = self._resolved(kind, key, field, details, place, block)
        return self.completion.value(field.type, made, details, block, name)

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

    def otherwise(self) -> str:
        """The name of what a plan raises when graphql-core is to answer."""
        return self.code.bind(values.Otherwise, "otherwise")
