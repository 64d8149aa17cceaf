"""Rows of another table: one statement for the columns that are selected, then a loop that builds the answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, get_named_type, get_nullable_type

from models.refused import Refused
from models.rows import NOW, Selection, page_start, parameter, text, values
from models.tables.paging import write_cursor
from schema.plan.arguments import NO_VARIABLES, has_variables
from schema.plan.code import Block
from schema.plan.places import RowPlace
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
            return rows.list(block)
        case _:
            return rows.one(block)


class _Rows:
    def __init__(self, compiler: "Compiler", field: GraphQLField, details: "Details", source: Related) -> None:
        self.compiler, self.field, self.details, self.source = compiler, field, details, source
        self.code, self.database = compiler.code, compiler.database
        self.columns: dict[str, int] = {}
        self.rows = self.code.fresh("rows")
        self.first = self.more = self.after = ""

    # ---- shapes ----------------------------------------------------------------------------------------------------
    def page(self, block: Block) -> str:
        connection: Any = get_named_type(self.field.type)
        loops = Block()
        self.more, self.after = self.code.fresh("more"), self.code.fresh("after")
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
                case _:
                    made = repr(connection.name)
            parts.append(f"{key!r}: {made}")
        self._ask(block)
        block.lines += loops.all()
        return "{" + ", ".join(parts) + "}"

    def list(self, block: Block) -> str:
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
        body(f"{made}.append({build(place, body)})")
        place.finish()
        block(f"{made} = []")
        block.nested(f"for {place.name} in {self.rows}:", body)
        return made

    def _place(self, body: Block) -> RowPlace:
        table = self.source.table
        place = RowPlace(self.code, body, table, self.database, lambda: self.compiler.opener(table))
        place.columns = self.columns
        return place

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
        write, at = self.code.bind(write_cursor, "write_cursor"), self.source.order[0].lstrip("-")
        return f"{write}({place.value(at)}, {place.value('id')})"

    def _page_info(self, kind: Any, details: "Details") -> str:
        parts = []
        for key, (name, _) in self.compiler.subfields(kind, details).items():
            match name:
                case "hasNextPage":
                    made = self.more
                case "hasPreviousPage":
                    made = f"{self.after} is not None"
                case "startCursor" | "endCursor":
                    place = self._place(Block())
                    place.name = f"{self.rows}[{0 if name == 'startCursor' else -1}]"
                    made = f"({self._cursor(place)} if {self.rows} else None)"
                case _:
                    made = repr(kind.name)
            parts.append(f"{key!r}: {made}")
        return "{" + ", ".join(parts) + "}"

    # ---- the statement -----------------------------------------------------------------------------------------------
    def _ask(self, block: Block) -> None:
        """Read the rows; every column that is asked for is known by now."""
        own = "me.id" if self.database == "postgres" else "str(me.id)"
        self.compiler.home.first("owner", f"owner = {own}")
        node, paged = self.details[0].node, self.source.shape == "page"
        read = self.compiler.arguments.reader(self.field, node)
        if has_variables(node):
            self._ask_by_variables(block, read, paged)
            return
        try:
            selection, first, after = chosen(self.source, read(NO_VARIABLES))
        except Refused as refused:
            raise self.compiler.cannot(f"always refused: {refused.reason}") from None
        statement = text(selection, tuple(self.columns), self.database, after=after is not None)
        self.compiler.statements.append(statement)
        given = [self._given(one) for one in _flat(selection)]
        given += [self._given(one) for one in after or ()]
        given += [repr(selection.at_most)] if selection.at_most else []
        sql = self.code.bind(statement, "sql")
        block(f"{self.rows} = await db.rows({', '.join([sql, 'owner', *given])})")
        if paged:
            block(f"{self.after} = {'None' if after is None else '()'}")
            block(f"{self.more} = len({self.rows}) > {first}")
            block(f"del {self.rows}[{first}:]")

    def _given(self, value: Any) -> str:
        if value is NOW:
            self.compiler.root.first("now", "now = ctx.world.now()")
            return "now" if self.database == "postgres" else "now.isoformat(' ')"
        return self.code.bind(parameter(value, self.database), "given")

    def _ask_by_variables(self, block: Block, read: Callable[[Any], dict[str, Any]], paged: bool) -> None:
        self.compiler.root.first("now", "now = ctx.world.now()")
        ask = self.code.bind(asker(self.source, read, self.columns, self.database), "ask")
        name = self.code.fresh("asked")
        example = Selection(self.source.table, self.source.by, self.source.order, 1)
        self.compiler.statements.append(
            text(example, tuple(self.columns), self.database) + "  -- and what variables say"
        )
        block(f"{name} = {ask}(variables, now)")
        block(f"{self.rows} = await db.rows({name}[0], owner, *{name}[1])")
        if paged:
            block(f"{self.after} = {name}[3]")
            block(f"{self.more} = len({self.rows}) > {name}[2]")
            block(f"del {self.rows}[{name}[2]:]")


def _flat(selection: Selection) -> list[Any]:
    found: list[Any] = []
    for one in selection.conditions:
        if one.op.endswith("in"):
            found += one.value
        elif one.has_value:
            found.append(one.value)
    return found


def chosen(source: Related, given: dict[str, Any]) -> tuple[Selection, int, Any]:
    """The rows for these arguments, how many of a page, after which. Raises Refused(INVALID_INPUT)."""
    if source.shape != "page":
        return source.selection(**given), 0, None
    first = given.pop("first", 20)
    after = page_start(first, given.pop("after", None) or None)
    return replace(source.selection(**given), at_most=first + 1), first, after


def asker(source: Related, read: Callable[[Any], dict[str, Any]], columns: dict[str, int], database: Any) -> Any:
    """Variables, now → statement, its values after the owner, how many of a page, after which."""
    wanted: list[tuple[str, ...]] = []

    def ask(variables: Any, now: datetime) -> tuple[str, list[Any], int, Any]:
        selection, first, after = chosen(source, read(variables))
        if not wanted:
            wanted.append(tuple(columns))
        given = values(selection, now, database) + [parameter(one, database) for one in after or ()]
        if selection.at_most:
            given.append(selection.at_most)
        return text(selection, wanted[0], database, after=after is not None), given, first, after

    return ask
