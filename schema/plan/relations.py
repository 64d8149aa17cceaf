"""Rows of another table: one statement for the columns that are selected, then a loop that builds the answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import GraphQLField, get_named_type, get_nullable_type, is_object_type

from models.columns import row_class
from models.refused import Refused
from models.rows import Carried
from models.selections import NOW, Selection, counting, page_start, parameter, text, values
from models.tables.paging import write_cursors
from schema.plan.arguments import NO_VARIABLES, STRAWBERRY, has_variables
from schema.plan.code import Block
from schema.plan.compiled import CannotCompile
from schema.plan.lists import Listed
from schema.plan.places import EachPlace, RowPlace
from schema.sources import Beside, Related

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
        self.columns: dict[str, int] = {}
        self.rows = self.code.fresh("rows")
        self.more = self.after = self.total = ""
        self.between: list[str] = []  # what is read when the rows are known, before the loops over them
        self.beside_columns: dict[str, None] = {}
        self.read: dict[Any, str] = {}

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
                case "totalCount":
                    made = self.total = self.total or self.code.fresh("total")
                case _:
                    made = repr(connection.name)
            parts.append(f"{key!r}: {made}")
        self._ask(block)
        self._between(block)
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
            place: RowPlace = EachPlace(self.code, body, table, self.database, lambda: self._keys(place))
        else:
            place = RowPlace(self.code, body, table, self.database, lambda: self.compiler.viewer.opener(table))
        place.columns = self.columns
        place.beside = lambda source, details: self._beside(place, source, details)
        return place

    def _keys(self, place: RowPlace) -> str:
        """The keys of all whose rows these are."""
        if "keys" not in self.read:
            name = self.read["keys"] = self.code.fresh("keys")
            people = f"{{{place.value('customer_id')} for {place.name} in {self.rows}}}"
            self.between.append(f"{name} = await ctx.world.vault.keys({people})")
        return self.read["keys"]

    def _beside(self, place: RowPlace, source: Beside, details: "Details") -> str:
        """What stands beside one row; it was read for all of them before the loop."""
        kind = get_named_type(self._field_type(source, details))
        selected = (
            frozenset(name for name, _ in self.compiler.subfields(kind, details).values())
            if is_object_type(kind)
            else None
        )
        if (source.load, selected) not in self.read:
            name = self.read[source.load, selected] = self.code.fresh("beside")
            load, asked = self.code.bind(source.load, "load"), self.code.bind(selected, "selected")
            self.beside_columns |= dict.fromkeys(source.columns)
            self.between += [
                "await db.rest()",
                f"{name} = await {load}(ctx, {self.rows}_obj, {asked}) if {self.rows} else {{}}",
            ]
        return f"{self.read[source.load, selected]}.get({place.value('id')})"

    def _field_type(self, source: Beside, details: "Details") -> Any:
        fields: Any = self.compiler.schema.get_type(self.source.type.__strawberry_definition__.name)
        return fields.fields[details[0].node.name.value].type

    def _between(self, block: Block) -> None:
        if self.beside_columns:
            place, columns = self._place(Block()), tuple(self.beside_columns)
            names = tuple(column.replace(".", "_") for column in columns)
            made = self.code.bind(row_class(self.source.table.__name__, names), "row")
            values = ", ".join(place.value(column) for column in columns)
            block(f"{self.rows}_obj = [{made}({values}) for {place.name} in {self.rows}]")
        block.lines += self.between

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
            return place.list.cursor(at, row_bytes)
        return f"{self.code.bind(write_cursors, 'write_cursors')}([{at}], [{row_bytes}])[0]"

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
        for column in self.beside_columns:
            self.columns.setdefault(column, len(self.columns))
        node = self.details[0].node
        read = self.compiler.arguments.reader(self.field, node)
        owner = []
        if self.source.by is not None:
            owner = ["owner"]
            own = "me.id" if self.database == "postgres" else "str(me.id)"
            self.compiler.viewer.home.first("owner", f"owner = {own}")
            if self.database == "postgres":
                self.compiler.carried.append(carrier(self.source, read, self.columns))
        if has_variables(node) or any(
            out_name(self.field, each) in self.source.personal for each in node.arguments or ()
        ):
            self._ask_by_variables(block, read, owner)
            return
        try:
            selection, first, after = chosen(self.source, None, read(NO_VARIABLES))
        except Refused as refused:
            raise CannotCompile(f"always refused: {refused.reason}") from None
        wanted = [self._given(value) for one in selection.conditions for value in one.values()]
        given = [*owner, *wanted, *(self._given(one) for one in after or ())]
        given += [repr(selection.at_most)] if selection.at_most else []
        statement = text(selection, tuple(self.columns), self.database, after=after is not None)
        if self.source.by is None:
            self._come_along(selection, statement, after)
        block(f"{self.rows} = await db.rows({', '.join([self._sql(statement), *given])})")
        if self.total:
            counted = self._sql(counting(selection, self.database))
            block(f"{self.total} = (await db.rows({', '.join([counted, *wanted])}))[0][0]")
        if self.source.shape == "page":
            block(f"{self.after} = {'None' if after is None else '()'}")
            block(f"{self.more} = len({self.rows}) > {first}")
            block(f"del {self.rows}[{first}:]")

    def _come_along(self, selection: Selection, statement: str, after: Any) -> None:
        """With the session of whoever asks, if no value of the statement is told by the clock."""
        wanted = [value for one in selection.conditions for value in one.values()]
        if self.database == "postgres" and not any(value is NOW for value in wanted):
            given = (*wanted, *(after or ()), *([selection.at_most] if selection.at_most else []))
            self.compiler.carried.append(lambda _: Carried(statement, given, owned=False))

    def _sql(self, statement: str) -> str:
        self.compiler.statements.append(statement)
        return self.code.bind(statement, "sql")

    def _given(self, value: Any) -> str:
        if value is NOW:
            self.compiler.root.first("now", "now = ctx.world.now()")
            return "now" if self.database == "postgres" else "now.isoformat(' ')"
        return self.code.bind(parameter(value, self.database), "given")

    def _ask_by_variables(self, block: Block, read: Callable[[Any], dict[str, Any]], owner: list[str]) -> None:
        self.compiler.root.first("now", "now = ctx.world.now()")
        ask = self.code.bind(asker(self.source, read, self.columns, self.database), "ask")
        name = self.code.fresh("asked")
        example = Selection(self.source.table, self.source.by, self.source.order, 1)
        self.compiler.statements.append(
            text(example, tuple(self.columns), self.database) + "  -- and what variables say"
        )
        block(f"{name} = {ask}(ctx, variables, now)")
        block(f"{self.rows} = await db.rows({', '.join([f'{name}.text', *owner, f'*{name}.values'])})")
        if self.total:
            block(f"{self.total} = (await db.rows({name}.counting, *{name}.wanted))[0][0]")
        if self.source.shape == "page":
            block(f"{self.after} = {name}.after")
            block(f"{self.more} = len({self.rows}) > {name}.first")
            block(f"del {self.rows}[{name}.first:]")


class Asked(NamedTuple):
    """One request's statement: its values after the owner, how many rows of a page, after which; and the one that counts."""

    text: str
    values: list[Any]
    first: int
    after: Any
    counting: str
    wanted: list[Any]


def out_name(field: GraphQLField, argument: Any) -> str:
    """An argument's name in Python."""
    return str(field.args[argument.name.value].extensions[STRAWBERRY].python_name)


def chosen(source: Related, context: Any, given: dict[str, Any]) -> tuple[Selection, int, Any]:
    """The rows for these arguments, how many of a page, after which. Raises Refused(INVALID_INPUT)."""
    if source.shape != "page":
        return source.selection(context, **given), 0, None
    first = given.pop("first", 20)
    after = page_start(first, given.pop("after", None) or None)
    return replace(source.selection(context, **given), at_most=first + 1), first, after


def asker(source: Related, read: Callable[[Any], dict[str, Any]], columns: dict[str, int], database: Any) -> Any:
    """Context, variables, now → what is asked."""

    def ask(context: Any, variables: Any, now: datetime) -> Asked:
        selection, first, after = chosen(source, context, read(variables or NO_VARIABLES))
        wanted = values(selection, now, database)
        given = [*wanted, *(parameter(one, database) for one in after or ())]
        if selection.at_most:
            given.append(selection.at_most)
        statement = text(selection, tuple(columns), database, after=after is not None)
        return Asked(statement, given, first, after, counting(selection, database), wanted)

    return ask


def carrier(source: Related, read: Callable[[Any], dict[str, Any]], columns: dict[str, int]) -> Any:
    """Variables → the statement as the session's can carry it; None for one that asks what time it is, or is refused."""

    def carried(variables: Any) -> Carried | None:
        try:
            selection, _, after = chosen(source, None, read(variables or NO_VARIABLES))
        except Refused:
            return None
        wanted = [value for one in selection.conditions for value in one.values()]
        if any(value is NOW for value in wanted):
            return None
        given = [*wanted, *(after or ()), *([selection.at_most] if selection.at_most else [])]
        return Carried(text(selection, tuple(columns), "postgres", after=after is not None), tuple(given))

    return carried
