"""A value that is completed as its type says (GraphQL, 6.4.3): a leaf, a list, an object; and where null may stand."""

from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.plan import values
from schema.plan.arguments import STRAWBERRY
from schema.plan.code import Block
from schema.plan.places import Thing

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


class Completion:
    """Of the values of one document."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler, self._code = compiler, compiler.code

    def value(self, kind: Any, expression: str, details: "Details", block: Block, hint: str) -> str:
        """The expression of a Python value's answer; what it needs is written into the block before."""
        name, nullable, inner = self._code.fresh(hint), not is_non_null_type(kind), get_nullable_type(kind)
        block(f"{name} = {expression}")
        if is_leaf_type(inner):
            return self._leaf(inner, name, nullable)
        if is_list_type(inner) and is_non_null_type(inner.of_type) and is_leaf_type(get_nullable_type(inner.of_type)):
            return self._leaves(get_nullable_type(inner.of_type), name, nullable)
        if not nullable:
            block(f"if {name} is None: raise {self._compiler.otherwise()}")
            return self._composite(inner, name, details, block, hint)
        answer, within = self._code.fresh(hint), Block()
        within(f"{answer} = {self._composite(inner, name, details, within, hint)}")
        block(f"{answer} = None")
        block.nested(f"if {name} is not None:", within)
        return answer

    def _leaf(self, kind: Any, name: str, nullable: bool) -> str:
        made = f"{self._code.bind(values.serializer(kind), kind.name)}({name})"
        if (unchanged := values.as_it_is(kind, name)) is not None:
            made = f"({name} if {unchanged} else {made})"
        if nullable:
            return f"(None if {name} is None else {made})"
        return made if values.refuses_null(kind) else self._unless_null(name, made)

    def _leaves(self, kind: Any, name: str, nullable: bool) -> str:
        made, listed = self._code.bind(values.serializer(kind), kind.name), self._code.bind(values.listed, "listed")
        present = self._code.bind(values.present, "present")
        found = f"[{made}({present}(each)) for each in {listed}({name})]"
        return f"(None if {name} is None else {found})" if nullable else found

    def _composite(self, kind: Any, name: str, details: "Details", block: Block, hint: str) -> str:
        """A list's or an object's answer, of a value that is not None."""
        if is_list_type(kind):
            items, each, within = self._code.fresh(hint), self._code.fresh("each"), Block()
            within(f"{items}.append({self.value(kind.of_type, each, details, within, hint)})")
            block(f"{items} = []")
            block.nested(f"for {each} in {self._code.bind(values.listed, 'listed')}({name}):", within)
            return items
        if isinstance(kind, GraphQLObjectType):
            return self._compiler.object(kind, details, Thing(name), block)
        assert isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
        answer, made, word = self._code.fresh(hint), self._code.fresh("kind"), "if"
        block(f"{made} = type({name})")
        for one in self._compiler.schema.get_possible_types(kind):
            cls, within = self._code.bind(one.extensions[STRAWBERRY].origin, one.name), Block()
            within(f"{answer} = {self._compiler.object(one, details, Thing(name), within)}")
            block.nested(f"{word} {made} is {cls}:", within)
            word = "elif"
        block(f"else: raise {self._compiler.otherwise()}")
        return answer

    def _unless_null(self, name: str, made: str) -> str:
        return f"({made} if {name} is not None else {self._code.bind(values.present, 'present')}(None))"

    def may_be_null(self, expression: str, refused: bool) -> str:
        """An expression that needs nothing but, if null is ``refused``, this question."""
        if refused and "(" not in expression:
            return self._unless_null(expression, expression)
        return f"{self._code.bind(values.present, 'present')}({expression})" if refused else expression
