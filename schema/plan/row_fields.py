"""Fields of a row: each from where its declaration says, with no resolver in between."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from graphql import GraphQLEnumType, GraphQLField, get_named_type, get_nullable_type, is_leaf_type, is_non_null_type

from schema.nodes import NodeId, list_writer, one_id, writer
from schema.plan import values
from schema.plan.code import Block
from schema.plan.compiled import CannotCompile
from schema.plan.places import EachPlace, JoinedPlace, OwnPlace, RowPlace, struct_type
from schema.plan.relations import related
from schema.sources import Beside, Column, Derived, Group, Joined, Known, Later, Related, SealedField, Told

if TYPE_CHECKING:
    from schema.plan.compiler import Compiler, Details


class RowFields:
    """Of one document."""

    def __init__(self, compiler: "Compiler") -> None:
        self._compiler, self._completion = compiler, compiler.completion
        self._code, self._root = compiler.code, compiler.root

    def field(
        self, name: str, field: GraphQLField, details: "Details", source: Any, place: RowPlace, block: Block
    ) -> str:
        """The expression of a declared field's answer. Raises CannotCompile."""
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
                answer = self._compiler.object(get_named_type(field.type), details, beside, block)  # type: ignore[arg-type]
                beside.finish()
                return answer
            case Beside(known=Known() as known) if (
                made := self._known(field, details, known, place, block)
            ) is not None:
                return made
            case Beside():
                assert place.beside is not None
                return self._completion.value(field.type, place.beside(source, details), details, block, name)
            case Later():
                return self._compiler.object(get_named_type(field.type), details, place, block)  # type: ignore[arg-type]
            case Related():
                assert isinstance(place, OwnPlace)
                return related(self._compiler, field, details, source, block)
        raise CannotCompile(f"{name} is declared in a way that is not known")

    def _id(self, source: NodeId, place: RowPlace) -> str:
        """A row's node id; those of a list are written together, before its loop."""
        if place.list is not None and place.list.writes:
            self._root.first("write_ids", f"write_ids = {self._code.bind(list_writer, 'list_writer')}(ctx)")
            return place.list.id(source.number, place.id_bytes(source.of))
        if isinstance(place, OwnPlace):
            return f"{self._code.bind(one_id, 'one_id')}(ctx, {source.number}, {place.id_bytes(source.of)})"
        self._root.first("write_id", f"write_id = {self._code.bind(writer, 'writer')}(ctx)")
        return f"write_id({source.number}, {place.id_bytes(source.of)})"

    def _column(self, field: GraphQLField, details: "Details", name: str, place: RowPlace, block: Block) -> str:
        kind, leaf, nullable = place.kind(name), get_nullable_type(field.type), not is_non_null_type(field.type)
        if isinstance(leaf, GraphQLEnumType) and kind.enum is not None:
            names: dict[Any, Any] = dict(values.names_of(leaf))
            if nullable:
                names[None] = None
            return f"{self._code.bind(names, leaf.name)}[{place.raw(name)}]"
        plain = {"DateTime": datetime, "String": str, "Int": int, "Boolean": bool}
        if is_leaf_type(leaf) and plain.get(leaf.name) is kind.kind:  # as it is: nothing can be wrong with it
            return self._completion.may_be_null(place.value(name), kind.nullable and not nullable)
        return self._completion.value(field.type, place.value(name), details, block, name)

    def _sealed(self, field: GraphQLField, details: "Details", name: str, place: RowPlace, block: Block) -> str:
        kind, optional = struct_type(place.table.contents, name)
        leaf, nullable = get_nullable_type(field.type), not is_non_null_type(field.type)
        if is_leaf_type(leaf) and {"String": str, "ID": str, "Date": date}.get(leaf.name) is kind:
            return self._completion.may_be_null(place.sealed(name), optional and not nullable)
        return self._completion.value(field.type, place.sealed(name), details, block, name)

    def _derived(self, field: GraphQLField, details: "Details", source: Derived, place: RowPlace, block: Block) -> str:
        name = details[0].node.name.value
        function = self._code.bind(source.function, "derive_" + name)
        contents = place.contents() if source.sealed else "None"
        if place.list is not None and not (source.columns or source.sealed):  # of every row the same
            same = self._code.fresh(name)
            made = self._completion.value(field.type, f"{function}(ctx, None, None)", details, self._root, name)
            self._root(f"{same} = {made}")
            return same
        made = f"{function}(ctx, {place.obj(source.columns)}, {contents})"
        return self._completion.value(field.type, made, details, block, name)

    def _told(self, field: GraphQLField, details: "Details", source: Told, place: RowPlace, block: Block) -> str:
        name = details[0].node.name.value
        prepare = self._code.bind(source.prepare, name + "_of")
        tell = prepare.lower()
        self._compiler.viewer.home.first(tell, f"{tell} = {prepare}(ctx)")
        given = [place.value(column) for column in source.columns]
        if source.keyed:
            assert isinstance(place, JoinedPlace)
            given.append(place.has_key())
        return self._completion.value(field.type, f"{tell}({', '.join(given)})", details, block, name)

    def _group(self, field: GraphQLField, details: "Details", source: Group, place: RowPlace, block: Block) -> str:
        kind: Any = get_named_type(field.type)
        if not source.of:
            return self._compiler.object(kind, details, place, block)
        answer, within = self._code.fresh(kind.name), Block()
        there = " or ".join(f"{place.sealed(one)} is not None" for one in source.of)
        within(f"{answer} = {self._compiler.object(kind, details, place, within)}")
        block(f"{answer} = None")
        block.nested(f"if {there}:", within)
        return self._completion.may_be_null(answer, is_non_null_type(field.type))

    def _known(
        self, field: GraphQLField, details: "Details", known: Known, place: RowPlace, block: Block
    ) -> str | None:
        """What the row itself knows of what stands beside it; None when more is selected."""
        assert isinstance(place, EachPlace)
        kind: Any = get_named_type(field.type)
        asked = self._compiler.subfields(kind, details)
        if not {name for name, _ in asked.values()} <= known.fields.keys():
            return None
        answer, within, at = self._code.fresh(kind.name), Block(), place.value(known.at)
        parts = [
            f"{key!r}: {self.field(name, kind.fields[name], each, known.fields[name], place, within)}"
            for key, (name, each) in asked.items()
        ]
        since = f"since_{known.at}"
        self._root.first(since, f"{since} = {self._code.bind(known.since, 'since')}(ctx)")
        within(f"{answer} = {{{', '.join(parts)}}}")
        block(f"{answer} = None")
        block.nested(f"if {place.raw(known.at)} is not None and {at} > {since} and {place.has_key()}:", within)
        return answer
