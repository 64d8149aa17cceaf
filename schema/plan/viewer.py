"""Who asks: the viewer's own row and key, read where they are first needed; and whether staff may see anybody's rows."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, get_named_type

from schema.plan.code import Block
from schema.plan.compiled import CannotCompile
from schema.plan.places import OwnPlace
from schema.sources import Own, Related

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


class Viewer:
    """Of one document; ``home`` is the block in which ``me`` is known."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler, self._code, self.home = compiler, compiler.code, compiler.root

    def own(self, field: GraphQLField, details: "Details", source: Own, block: Block) -> str:
        """The viewer's own row, if somebody is signed in."""
        kind: Any = get_named_type(field.type)
        answer, home, outer = self._code.fresh("viewer"), Block(), self.home
        self.home = home
        table = source.table()
        place = OwnPlace(self._code, home, table, self._compiler.database, self.key, "me")
        home.first("me", "me = ctx.viewer.row")
        home(f"{answer} = {self._compiler.object(kind, details, place, home)}")
        self.home = outer
        block(f"{answer} = None")
        block.nested("if ctx.viewer is not None:", home)
        return answer

    def opener(self, table: Any) -> str:
        """What opens the viewer's rows of a table."""
        name = f"open_{table._meta.db_table}"
        contents = self._code.bind(table.contents, "contents")
        self.home.first(name, f"{name} = {self.key()}.opener({table._meta.db_table!r}, {contents})")
        return name

    def key(self) -> str:
        """The name of the viewer's key."""
        self.home.first("key", "key = ctx.world.vault.at_hand(me.id) or await ctx.world.vault.key(me.id)")
        return "key"

    def permitted(self, source: Related) -> None:
        """Whether these roles may see the rows is settled here; whether their bearer is locked, at every request."""
        if self._compiler.roles.isdisjoint(source.roles):
            raise CannotCompile("not for these roles")
        locked = "ctx.colleague is None or ctx.colleague.row.locked_at is not None"
        self._compiler.root.first("locked", f"if {locked}: raise {self._compiler.otherwise()}")
