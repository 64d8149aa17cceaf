"""The statement that reads a relation's rows: its text is known when compiling, unless variables or the request decide it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField

from models.refused import Refused
from models.rows import Brings, Carried, times_of
from models.selections import NOW, Selection, counting, parameter, text
from schema.plan.arguments import NO_VARIABLES, has_variables, out_name
from schema.plan.asked import asker, carrier, chosen
from schema.plan.code import Block
from schema.plan.compiled import CannotCompile
from schema.sources import Related

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


class Statement:
    """The names of what it brings: ``rows``; of a page, whether there is ``more`` and what it comes ``after``; the ``total``.

    ``columns``: those that are asked for, and where they stand in a row.
    """

    def __init__(self, compiler: "Compiler", field: GraphQLField, details: "Details", source: Related) -> None:
        self._compiler, self._field, self._details, self._source = compiler, field, details, source
        self._code, self._database = compiler.code, compiler.database
        self.columns: dict[str, int] = {}
        self.rows = self._code.fresh("rows")
        self.more = self.after = self.total = ""

    def page(self) -> None:
        """Name what is asked of a page."""
        self.more, self.after = self._code.fresh("more"), self._code.fresh("after")

    def counted(self) -> str:
        """Count all rows, too; the name of how many there are."""
        self.total = self.total or self._code.fresh("total")
        return self.total

    def write(self, block: Block) -> None:
        """Read the rows; every column that is asked for is known by now."""
        node = self._details[0].node
        read = self._compiler.arguments.reader(self._field, node)
        owner = []
        if self._source.by is not None:
            owner = ["owner"]
            own = "me.id" if self._database == "postgres" else "str(me.id)"
            self._compiler.viewer.home.first("owner", f"owner = {own}")
            if self._database == "postgres":
                self._compiler.carried.append(carrier(self._source, read, self.columns))
        if has_variables(node) or any(
            out_name(self._field, each) in self._source.personal for each in node.arguments or ()
        ):
            self._write_by_variables(block, read, owner)
            return
        try:
            selection, first, after = chosen(self._source, None, read(NO_VARIABLES))
        except Refused as refused:
            raise CannotCompile(f"always refused: {refused.reason}") from None
        wanted = [self._given(value) for one in selection.conditions for value in one.values()]
        given = [*owner, *wanted, *(self._given(one) for one in after or ())]
        given += [repr(selection.at_most)] if selection.at_most else []
        statement = text(selection, tuple(self.columns), self._database, after=after is not None)
        if self._source.by is None:
            self._come_along(selection, statement, after)
        block(f"{self.rows} = await db.rows({', '.join([self._sql(statement), *given])})")
        if self.total:
            counted = self._sql(counting(selection, self._database))
            block(f"{self.total} = (await db.rows({', '.join([counted, *wanted])}))[0][0]")
        if self._source.shape == "page":
            block(f"{self.after} = {'None' if after is None else '()'}")
            block(f"{self.more} = len({self.rows}) > {first}")
            block(f"del {self.rows}[{first}:]")

    def _come_along(self, selection: Selection, statement: str, after: Any) -> None:
        """With the session of whoever asks, if no value of the statement is told by the clock."""
        wanted = [value for one in selection.conditions for value in one.values()]
        if self._database == "postgres" and not any(value is NOW for value in wanted):
            given = (*wanted, *(after or ()), *([selection.at_most] if selection.at_most else []))
            what = Brings(statement, times_of(selection.table, tuple(self.columns)), owned=False)
            self._compiler.carried.append(lambda _: Carried(what, given))

    def _sql(self, statement: str) -> str:
        self._compiler.statements.append(statement)
        return self._code.bind(statement, "sql")

    def _given(self, value: Any) -> str:
        if value is NOW:
            self._compiler.root.first("now", "now = ctx.world.now()")
            return "now" if self._database == "postgres" else "now.isoformat(' ')"
        return self._code.bind(parameter(value, self._database), "given")

    def _write_by_variables(self, block: Block, read: Callable[[Any], dict[str, Any]], owner: list[str]) -> None:
        self._compiler.root.first("now", "now = ctx.world.now()")
        ask = self._code.bind(asker(self._source, read, self.columns, self._database), "ask")
        name = self._code.fresh("asked")
        example = Selection(self._source.table, self._source.by, self._source.order, 1)
        self._compiler.statements.append(
            text(example, tuple(self.columns), self._database) + "  -- and what variables say"
        )
        block(f"{name} = {ask}(ctx, variables, now)")
        block(f"{self.rows} = await db.rows({', '.join([f'{name}.text', *owner, f'*{name}.values'])})")
        if self.total:
            block(f"{self.total} = (await db.rows({name}.counting, *{name}.wanted))[0][0]")
        if self._source.shape == "page":
            block(f"{self.after} = {name}.after")
            block(f"{self.more} = len({self.rows}) > {name}.first")
            block(f"del {self.rows}[{name}.first:]")
