"""The company's people: who they are, and what an ADMIN does with them, after a fresh proof and without seeing a secret."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import staff as employing
from models.actions.powers import Power, powers_of
from models.actions.staff_factors import second_factors
from models.policy import Role
from models.tables.sign_ins import SignInMethod
from schema.access import context, staff
from schema.nodes import Node, given_id, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed


def factors(contents: Any) -> list[SignInMethod]:
    """What somebody can sign in with."""
    return [*second_factors(contents), *([SignInMethod.PASSWORD] if contents.encoded else [])]


@strawberry.type(description="A member of staff.")
class StaffMember(Node, FromRow):
    """The contract's StaffMember."""

    id: strawberry.ID = node_id("StaffMember")
    name: str = sealed()
    email: str = sealed(description="Their address at work.")
    roles: list[Role] = derived(lambda _, row, __: [Role(one) for one in row.roles], columns=("roles",))
    powers: list[Power] = derived(
        lambda ctx, row, _: powers_of(ctx.world, [Role(one) for one in row.roles]),
        columns=("roles",),
        description="What their roles allow.",
    )
    last_sign_in_at: datetime | None = column()
    active: bool = derived(lambda _, row, __: row.active, columns=("deactivated_at",))
    invited_at: datetime | None = column()
    locked_at: datetime | None = column(description="Stopped for reading too much; inviting them again lifts it.")
    factors: list[SignInMethod] = derived(
        lambda _, __, contents: factors(contents),
        sealed=("passkeys", "totp_confirmed", "recovery_digests", "encoded"),
        description="What they can sign in with, strongest first.",
    )


@strawberry.type(description="As the member of staff is now.")
class StaffUpdated:
    """The contract's StaffUpdated."""

    staff: StaffMember


StaffResult = Annotated[StaffUpdated | Refusal, result("StaffResult")]


@strawberry.type
class StaffQueries:
    """Who works here."""

    @strawberry.field(description="The signed-in member of staff; null when nobody is signed in.")
    def viewer(self, info: Info[Any, Any]) -> StaffMember | None:
        ctx = context(info)
        return StaffMember.of(ctx, ctx.colleague.staff, ctx.colleague.contents) if ctx.colleague else None

    @strawberry.field(description="Everybody who works here, and who did; by name.")
    async def staff(self, info: Info[Any, Any]) -> list[StaffMember]:
        ctx = context(info)
        staff(info)
        return [StaffMember.of(ctx, row, contents) for row, contents in await employing.everybody(ctx.world)]


@strawberry.type
class StaffMutations:
    """By an ADMIN, who sees no customer's data; the last one who can sign in stays."""

    @strawberry.mutation(
        description="A letter with a link. Again to a known address: sessions end, a new password and factor are set."
    )
    async def invite_staff(self, info: Info[Any, Any], email: str, name: str, roles: list[Role]) -> StaffResult:
        ctx, by = context(info), staff(info, Role.ADMIN)
        member, contents, _ = await employing.invite_staff(
            ctx.world, name=name, email=email, roles=roles, by=by, locale=ctx.locale
        )
        return StaffUpdated(staff=StaffMember.of(ctx, member, contents))

    @strawberry.mutation(description="Takes effect at once: their sessions end. Nobody changes their own roles.")
    async def set_staff_roles(self, info: Info[Any, Any], id: strawberry.ID, roles: list[Role]) -> StaffResult:
        ctx, by = context(info), staff(info, Role.ADMIN)
        found = await employing.set_staff_roles(ctx.world, given_id(ctx, id, "StaffMember"), roles, by=by)
        return StaffUpdated(staff=StaffMember.of(ctx, *found))

    @strawberry.mutation(description="Somebody leaves: signed out at once, no proof of theirs counts any more.")
    async def deactivate_staff(self, info: Info[Any, Any], id: strawberry.ID) -> StaffResult:
        ctx, by = context(info), staff(info, Role.ADMIN)
        found = await employing.deactivate_staff(ctx.world, given_id(ctx, id, "StaffMember"), by=by)
        return StaffUpdated(staff=StaffMember.of(ctx, *found))
