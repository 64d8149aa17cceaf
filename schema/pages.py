"""Connections: how a page of rows looks to a client (GraphQL Cursor Connections, forwards)."""

from collections.abc import Callable
from typing import Any, Self

import strawberry

from models.tables.paging import Page


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """The contract's PageInfo."""

    has_next_page: bool = strawberry.field(description="More rows follow.")
    has_previous_page: bool = strawberry.field(description="Rows came before.")
    start_cursor: str | None = strawberry.field(description="The first row's cursor.")
    end_cursor: str | None = strawberry.field(description="The last row's cursor: `after` for the next page.")


def connection(name: str, node: Any, *, counted: bool = False) -> tuple[Any, Any]:
    """The connection and edge types of a node type. ``Connection.of(page, build)`` makes one from a page of rows.

    ``counted``: it has a totalCount, ``Connection.of(page, build, total)``.
    """

    class Edge:
        cursor: str
        node: Any

    Edge.__annotations__ = {"cursor": str, "node": node}
    edge: Any = strawberry.type(Edge, name=name + "Edge", description="One row of the list and its cursor.")

    class Connection:
        edges: Any
        nodes: Any
        page_info: PageInfo

        @classmethod
        def of(cls, page: Page, build: Callable[[Any], Any], total: int | None = None) -> Self:
            nodes = [build(row) for row in page.rows]
            edges = [edge(cursor=page.cursor(row), node=one) for row, one in zip(page.rows, nodes, strict=True)]
            info = PageInfo(
                has_next_page=page.more,
                has_previous_page=page.after,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            )
            counts = {"total_count": total} if counted else {}
            return cls(edges=edges, nodes=nodes, page_info=info, **counts)  # type: ignore[call-arg]

    Connection.__annotations__ = {"edges": list[edge], "nodes": list[node], "page_info": PageInfo}
    if counted:
        Connection.__annotations__["total_count"] = int
    return strawberry.type(Connection, name=name + "Connection", description="A page of a list."), edge
