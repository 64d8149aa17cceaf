"""The support schema: staff only. So far it says who is asking; records, office desk and queue come with their step."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from models.policy import Role
from models.refused import Reason, Refused
from models.tables.sign_ins import SignInMethod
from schema.nodes import Node
from schema.refusal import Refusal, RefusedHandler, result
from schema.scalars import JSON, SCALARS

strawberry.enum(Role, description="What a member of staff may do.")


@strawberry.type(description="A member of staff.")
class StaffMember(Node):
    """The contract's StaffMember."""

    id: strawberry.ID
    name: str
    email: str
    roles: list[Role]
    last_sign_in_at: datetime | None
    active: bool
    invited_at: datetime | None
    locked_at: datetime | None
    factors: list[SignInMethod]


@strawberry.type(description="A member of staff is signed in.")
class StaffSignedIn:
    """The contract's StaffSignedIn."""

    staff: StaffMember


@strawberry.type(name="SecondFactorRequired", description="The password was right; a second factor is needed.")
class StaffSecondFactorRequired:
    """The contract's SecondFactorRequired."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: JSON | None = None


StaffSignInResult = Annotated[
    StaffSignedIn | StaffSecondFactorRequired | Refusal, result("StaffSignInResult")
]

SINGLE = frozenset({"signIn"})


@strawberry.type(description="What staff can ask.")
class Query:
    """What staff can ask."""

    @strawberry.field(description="The signed-in member of staff; null when nobody is signed in.")
    def viewer(self) -> StaffMember | None:
        return None


@strawberry.type(description="What staff can do.")
class Mutation:
    """What staff can do."""

    @strawberry.mutation(description="Staff sign in with a second factor, always; that is not offered yet.")
    def sign_in(self, info: Info[Any, Any], email: str, password: str) -> StaffSignInResult:
        raise Refused(Reason.NOT_READY)


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    exception_handlers=[RefusedHandler()],
    config=StrawberryConfig(scalar_map=SCALARS),
)
