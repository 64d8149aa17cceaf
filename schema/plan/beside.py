"""What is read for all rows of a relation at once, before the loops over them: their owners' keys, what stands beside them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import get_named_type, is_object_type

from models.columns import row_class
from schema.plan.code import Block
from schema.plan.places import RowPlace
from schema.sources import Beside, Related

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


class BesideRows:
    """Of one relation; ``columns`` of its rows are what it is read by."""

    def __init__(self, compiler: "Compiler", source: Related, rows: str) -> None:
        self._compiler, self._code, self._source, self._rows = compiler, compiler.code, source, rows
        self.columns: dict[str, None] = {}
        self._lines: list[str] = []
        self._read: dict[Any, str] = {}

    def keys(self, place: RowPlace) -> str:
        """The keys of all whose rows these are."""
        if "keys" not in self._read:
            name = self._read["keys"] = self._code.fresh("keys")
            people = f"{{{place.value('customer_id')} for {place.name} in {self._rows}}}"
            self._lines.append(f"{name} = await ctx.world.vault.keys({people})")
        return self._read["keys"]

    def of(self, place: RowPlace, source: Beside, details: "Details") -> str:
        """What stands beside one row; it was read for all of them before the loop."""
        kind = get_named_type(self._field_type(source, details))
        selected = (
            frozenset(name for name, _ in self._compiler.subfields(kind, details).values())
            if is_object_type(kind)
            else None
        )
        if (source.load, selected) not in self._read:
            name = self._read[source.load, selected] = self._code.fresh("beside")
            load, asked = self._code.bind(source.load, "load"), self._code.bind(selected, "selected")
            self.columns |= dict.fromkeys(source.columns)
            self._lines += [
                "await db.rest()",
                f"{name} = await {load}(ctx, {self._rows}_obj, {asked}) if {self._rows} else {{}}",
            ]
        return f"{self._read[source.load, selected]}.get({place.value('id')})"

    def write(self, block: Block, place_in: Callable[[Block], RowPlace]) -> None:
        """Read it, when the rows are known."""
        if self.columns:
            place, columns = place_in(Block()), tuple(self.columns)
            names = tuple(column.replace(".", "_") for column in columns)
            made = self._code.bind(row_class(self._source.table.__name__, names), "row")
            values = ", ".join(place.value(column) for column in columns)
            block(f"{self._rows}_obj = [{made}({values}) for {place.name} in {self._rows}]")
        block.lines += self._lines

    def _field_type(self, source: Beside, details: "Details") -> Any:
        fields: Any = self._compiler.schema.get_type(self._source.type.__strawberry_definition__.name)
        return fields.fields[details[0].node.name.value].type
