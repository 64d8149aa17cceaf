"""A field's arguments: worked out when compiling where no variable stands in them, else for each request."""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from strawberry.types.arguments import convert_arguments

from schema.plan.code import Code

STRAWBERRY = "strawberry-definition"  # under which a field's or a type's extensions hold what strawberry knows of it
NO_VARIABLES = VariableValues({}, {})


class Arguments:
    """Of the fields of one schema."""

    def __init__(self, schema: strawberry.Schema, code: Code) -> None:
        self._registry, self._config, self._code = schema.schema_converter.scalar_registry, schema.config, code

    def passed(self, field: GraphQLField, node: FieldNode) -> str:
        """What is written behind the two arguments of a resolver's call."""
        if not field.args:
            return ""
        if has_variables(node):
            read = self._code.bind(lambda variables: get_argument_values(field, node, variables), "arguments")
            return f", **{read}(variables)"
        given = get_argument_values(field, node, NO_VARIABLES)
        return f", **{self._code.bind(given, 'arguments')}" if given else ""

    def reader(self, field: GraphQLField, node: FieldNode) -> Callable[[Any], dict[str, Any]]:
        """Variables → the arguments as Python knows them."""
        declared = field.extensions[STRAWBERRY].arguments

        def read(variables: Any) -> dict[str, Any]:
            given = get_argument_values(field, node, variables)
            return convert_arguments(given, declared, scalar_registry=self._registry, config=self._config)

        return read


def has_variables(node: FieldNode) -> bool:
    """Whether a variable stands anywhere in the field's arguments."""
    return any(_Variables.within(each.value) for each in node.arguments or ())


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.seen = False

    def enter_variable(self, *_: Any) -> None:
        self.seen = True

    @classmethod
    def within(cls, node: Any) -> bool:
        if isinstance(node, VariableNode):
            return True
        visitor = cls()
        visit(node, visitor)
        return visitor.seen


def out_name(field: GraphQLField, argument: Any) -> str:
    """An argument's name in Python."""
    return str(field.args[argument.name.value].extensions[STRAWBERRY].python_name)


def informed(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    parent: GraphQLObjectType,
    key: str,
    field: GraphQLField,
    details: Any,
) -> Callable[[Any, Any], GraphQLResolveInfo]:
    """What a resolver is told besides its arguments; ours ask it for the context only."""
    nodes = [each.node for each in details]
    known = dict.fromkeys(GraphQLResolveInfo._fields)
    known |= {
        "field_name": nodes[0].name.value, "field_nodes": nodes, "return_type": field.type, "parent_type": parent,
        "path": Path(None, key, parent.name), "schema": schema, "fragments": {}, "operation": operation,
    }  # fmt: skip
    template: Any = GraphQLResolveInfo(**known)  # type: ignore[arg-type]
    return lambda context, variables: template._replace(context=context, variable_values=variables or NO_VARIABLES)
