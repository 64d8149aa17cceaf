"""Rows of another table: one statement for the columns that are selected, then a loop that builds the answer."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, get_named_type, get_nullable_type

from models.tables.paging import write_cursors
from schema.plan.beside import BesideRows
from schema.plan.code import Block
from schema.plan.lists import Listed
from schema.plan.places import EachPlace, RowPlace
from schema.plan.statements import Statement
from schema.sources import Related

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


def related(compiler: "Compiler", field: GraphQLField, details: "Details", source: Related, block: Block) -> str:
    """The answer's expression; the statement and the loop are written into the block. Raises CannotCompile."""
    rows = _Rows(compiler, field, details, source)
    match source.shape:
        case "page":
            return rows.page(block)
        case "list":
            return rows.listed(block)
        case _:
            return rows.one(block)


class _Rows:
    def __init__(self, compiler: "Compiler", field: GraphQLField, details: "Details", source: Related) -> None:
        self.compiler, self.field, self.details, self.source = compiler, field, details, source
        self.code, self.database = compiler.code, compiler.database
        self.statement = Statement(compiler, field, details, source)
        self.rows = self.statement.rows
        self.beside = BesideRows(compiler, source, self.rows)
        self.cursors = ""  # the name of all of them, once a list writes them

    # ---- shapes ----------------------------------------------------------------------------------------------------
    def page(self, block: Block) -> str:
        connection: Any = get_named_type(self.field.type)
        loops = Block()
        self.statement.page()
        parts = []
        for key, (name, each) in self.compiler.subfields(connection, self.details).items():
            kind: Any = get_named_type(connection.fields[name].type) if name in connection.fields else None
            match name:
                case "nodes":
                    made = self._loop(loops, partial(self._node, kind, each))
                case "edges":
                    made = self._loop(loops, partial(self._edge, kind, each))
                case "pageInfo":
                    made = self._page_info(kind, each)
                case "totalCount":
                    made = self.statement.counted()
                case _:
                    made = repr(connection.name)
            parts.append(f"{key!r}: {made}")
        self._ask(block)
        block.lines += loops.all()
        return "{" + ", ".join(parts) + "}"

    def listed(self, block: Block) -> str:
        loops, kind = Block(), get_named_type(self.field.type)
        made = self._loop(loops, lambda place, body: self._node(kind, self.details, place, body))
        self._ask(block)
        block.lines += loops.all()
        return made

    def one(self, block: Block) -> str:
        answer, within, kind = self.code.fresh("one"), Block(), get_named_type(self.field.type)
        place = self._place(within)
        within(f"{answer} = {self._node(kind, self.details, place, within)}")
        place.finish()
        self._ask(block)
        block(f"if not {self.rows}: raise {self.compiler.otherwise()}")
        block.nested(f"for {place.name} in {self.rows}:", within)
        return answer

    def _loop(self, block: Block, build: Callable[[RowPlace, Block], str]) -> str:
        made, body = self.code.fresh("list"), Block()
        place = self._place(body)
        owned, alike = self.source.by is not None, self.source.types is None
        place.list = Listed(self.code, self.rows, self.compiler.viewer.key, opens=owned, writes=alike)
        body(f"{made}.append({build(place, body)})")
        place.finish()
        block(f"{made} = []")
        each, over = place.list.write(block, place.name)
        over = [f"zip({', '.join(over)}, strict=True)"] if len(over) > 1 else over
        block.nested(f"for {', '.join(each)} in {over[0]}:", body)
        return made

    def _place(self, body: Block) -> RowPlace:
        table = self.source.table
        if self.source.by is None:
            place: RowPlace = EachPlace(self.code, body, table, self.database, lambda: self.beside.keys(place))
        else:
            place = RowPlace(self.code, body, table, self.database, lambda: self.compiler.viewer.opener(table))
        place.columns = self.statement.columns
        place.beside = lambda source, details: self.beside.of(place, source, details)
        return place

    def _ask(self, block: Block) -> None:
        """Read the rows, and by columns of theirs what stands beside them."""
        for column in self.beside.columns:
            self.statement.columns.setdefault(column, len(self.statement.columns))
        self.statement.write(block)
        self.beside.write(block, self._place)

    # ---- what stands in them -----------------------------------------------------------------------------------------
    def _node(self, kind: Any, details: "Details", place: RowPlace, body: Block) -> str:
        if self.source.types is None:
            return self.compiler.object(kind, details, place, body)
        answer, word = self.code.fresh("node"), "if"
        for member, made in self.source.types.items():
            one: Any = self.compiler.schema.get_type(made.__strawberry_definition__.name)
            within = Block()
            within(f"{answer} = {self.compiler.object(one, details, place, within)}")
            body.nested(f"{word} {place.raw(str(self.source.kind))} == {str(member.value)!r}:", within)
            word = "elif"
        body(f"else: raise {self.compiler.otherwise()}")
        return answer

    def _edge(self, kind: Any, details: "Details", place: RowPlace, body: Block) -> str:
        parts = []
        for key, (name, each) in self.compiler.subfields(kind, details).items():
            match name:
                case "cursor":
                    made = self._cursor(place)
                case "node":
                    made = self._node(get_nullable_type(kind.fields["node"].type), each, place, body)
                case _:
                    made = repr(kind.name)
            parts.append(f"{key!r}: {made}")
        return "{" + ", ".join(parts) + "}"

    def _cursor(self, place: RowPlace) -> str:
        at, row_bytes = place.value(self.source.order[0].lstrip("-")), place.id_bytes("id")
        if place.list is not None:
            cursor = place.list.cursor(at, row_bytes)
            self.cursors = f"{cursor}s"
            return cursor
        return f"{self.code.bind(write_cursors, 'write_cursors')}([{at}], [{row_bytes}])[0]"

    def _page_info(self, kind: Any, details: "Details") -> str:
        parts = []
        for key, (name, _) in self.compiler.subfields(kind, details).items():
            match name:
                case "hasNextPage":
                    made = self.statement.more
                case "hasPreviousPage":
                    made = f"{self.statement.after} is not None"
                case "startCursor" | "endCursor":
                    place, end = self._place(Block()), 0 if name == "startCursor" else -1
                    place.name = f"{self.rows}[{end}]"
                    cursor = f"{self.cursors}[{end}]" if self.cursors else self._cursor(place)
                    made = f"({cursor} if {self.rows} else None)"
                case _:
                    made = repr(kind.name)
            parts.append(f"{key!r}: {made}")
        return "{" + ", ".join(parts) + "}"
