"""The usual way: strawberry's own ASGI endpoint over Tortoise models, a query for each thing that is asked."""

import base64
import os
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import strawberry
import uvicorn
from starlette.applications import Starlette
from strawberry.asgi import GraphQL
from tortoise import Tortoise, fields
from tortoise.models import Model


class CustomerRow(Model):
    id = fields.UUIDField(primary_key=True)
    number = fields.TextField()
    state = fields.TextField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    revision = fields.IntField()
    given_name = fields.TextField()
    family_name = fields.TextField()
    birthdate = fields.DateField()
    street_address = fields.TextField()
    locality = fields.TextField()
    postal_code = fields.TextField()
    country = fields.TextField()
    phone_number = fields.TextField()
    email = fields.TextField()

    class Meta:
        table, schema = "customer", "plain"


class SignInRow(Model):
    id = fields.UUIDField(primary_key=True)
    customer_id = fields.UUIDField()
    at = fields.DatetimeField()
    outcome = fields.TextField()
    method = fields.TextField()
    is_new_device = fields.BooleanField()
    ip = fields.TextField()
    country = fields.TextField()
    city = fields.TextField()
    browser = fields.TextField()

    class Meta:
        table, schema = "sign_in", "plain"


class RequestRow(Model):
    id = fields.UUIDField(primary_key=True)
    customer_id = fields.UUIDField()
    number = fields.TextField()
    kind = fields.TextField()
    status = fields.TextField()
    received_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    open = fields.BooleanField()

    class Meta:
        table, schema = "request", "plain"


class EventRow(Model):
    id = fields.UUIDField(primary_key=True)
    request_id = fields.UUIDField()
    at = fields.DatetimeField()
    action = fields.TextField()
    title = fields.TextField()

    class Meta:
        table, schema = "event", "plain"


class PaymentMethodRow(Model):
    id = fields.UUIDField(primary_key=True)
    customer_id = fields.UUIDField()
    label = fields.TextField()
    masked = fields.TextField()
    added_at = fields.DatetimeField()

    class Meta:
        table, schema = "payment_method", "plain"


class PreferencesRow(Model):
    customer_id = fields.UUIDField(primary_key=True)
    locale = fields.TextField()
    time_zone = fields.TextField()
    theme = fields.TextField()
    news_by_email = fields.BooleanField()
    cookies_decided_at = fields.DatetimeField(null=True)

    class Meta:
        table, schema = "preferences", "plain"


@strawberry.type
class Address:
    street_address: str
    locality: str
    postal_code: str
    country: str


@strawberry.type
class Profile:
    given_name: str
    family_name: str
    birthdate: date | None
    phone_number: str
    email: str
    revision: int
    updated_at: datetime
    address: Address


@strawberry.type
class Place:
    country: str | None
    city: str | None


@strawberry.type
class UserAgent:
    browser: str | None


@strawberry.type
class SignIn:
    id: strawberry.ID
    at: datetime
    outcome: str
    method: str
    ip: str | None
    is_new_device: bool
    place: Place
    user_agent: UserAgent


@strawberry.type
class SignInEdge:
    cursor: str
    node: SignIn


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class SignInConnection:
    edges: list[SignInEdge]
    page_info: PageInfo

    @strawberry.field
    def nodes(self) -> list[SignIn]:
        return [edge.node for edge in self.edges]


@strawberry.type
class PaymentMethod:
    id: strawberry.ID
    label: str
    masked: str


@strawberry.type
class Cookies:
    decided_at: datetime | None


@strawberry.type
class Preferences:
    locale: str
    time_zone: str
    theme: str
    news_by_email: bool
    cookies: Cookies


@strawberry.type
class Customer:
    id: strawberry.ID
    number: str
    state: str
    created_at: datetime
    profile: Profile

    @strawberry.field
    async def sign_ins(self, first: int = 20) -> SignInConnection:
        rows = await SignInRow.filter(customer_id=self.id).order_by("-at", "-id").limit(first + 1)
        edges = [SignInEdge(cursor=_cursor(row), node=_sign_in(row)) for row in rows[:first]]
        page = PageInfo(has_next_page=len(rows) > first, end_cursor=edges[-1].cursor if edges else None)
        return SignInConnection(edges=edges, page_info=page)

    @strawberry.field
    async def payment_methods(self) -> list[PaymentMethod]:
        rows = await PaymentMethodRow.filter(customer_id=self.id).order_by("added_at", "id")
        return [PaymentMethod(id=strawberry.ID(str(row.id)), label=row.label, masked=row.masked) for row in rows]

    @strawberry.field
    async def preferences(self) -> Preferences:
        row = await PreferencesRow.get(customer_id=self.id)
        return Preferences(
            locale=row.locale, time_zone=row.time_zone, theme=row.theme, news_by_email=row.news_by_email,
            cookies=Cookies(decided_at=row.cookies_decided_at),
        )  # fmt: skip


@strawberry.type
class CustomerHit:
    id: strawberry.ID
    number: str
    state: str
    masked_name: str = "•••"
    masked_email: str = "•••@•••"


@strawberry.type
class Event:
    at: datetime
    action: str
    title: str


@strawberry.type
class Request:
    id: strawberry.ID
    customer_id: strawberry.Private[UUID]
    number: str
    kind: str
    status: str
    received_at: datetime
    due_at: datetime
    overdue: bool

    @strawberry.field
    async def customer(self) -> CustomerHit:
        row = await CustomerRow.get(id=self.customer_id)
        return CustomerHit(id=strawberry.ID(str(row.id)), number=row.number, state=row.state)

    @strawberry.field
    async def latest_event(self) -> Event | None:
        row = await EventRow.filter(request_id=self.id).order_by("-at").first()
        return Event(at=row.at, action=row.action, title=row.title) if row else None


@strawberry.type
class RequestConnection:
    nodes: list[Request]
    page_info: PageInfo


@strawberry.type
class Query:
    @strawberry.field
    async def requests(self, first: int = 20) -> RequestConnection:
        rows, now = await RequestRow.filter(open=True).order_by("due_at", "id").limit(first + 1), datetime.now(UTC)
        nodes = [
            Request(
                id=strawberry.ID(str(row.id)), customer_id=row.customer_id, number=row.number, kind=row.kind,
                status=row.status, received_at=row.received_at, due_at=row.due_at, overdue=row.due_at <= now,
            )
            for row in rows[:first]
        ]  # fmt: skip
        end = base64.urlsafe_b64encode(f"{nodes[-1].due_at.isoformat()}|{nodes[-1].id}".encode()).decode()
        return RequestConnection(nodes=nodes, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end))

    @strawberry.field
    async def customer(self, id: strawberry.ID) -> Customer | None:
        row = await CustomerRow.get_or_none(id=id)
        if row is None:
            return None
        address = Address(
            street_address=row.street_address, locality=row.locality, postal_code=row.postal_code, country=row.country
        )
        profile = Profile(
            given_name=row.given_name, family_name=row.family_name, birthdate=row.birthdate, email=row.email,
            phone_number=row.phone_number, revision=row.revision, updated_at=row.updated_at, address=address,
        )  # fmt: skip
        return Customer(
            id=strawberry.ID(str(row.id)),
            number=row.number,
            state=row.state,
            created_at=row.created_at,
            profile=profile,
        )


def _cursor(row: SignInRow) -> str:
    return base64.urlsafe_b64encode(f"{row.at.isoformat()}|{row.id}".encode()).decode()


def _sign_in(row: SignInRow) -> SignIn:
    return SignIn(
        id=strawberry.ID(str(row.id)), at=row.at, outcome=row.outcome, method=row.method, ip=row.ip,
        is_new_device=row.is_new_device, place=Place(country=row.country, city=row.city),
        user_agent=UserAgent(browser=row.browser),
    )  # fmt: skip


@asynccontextmanager
async def lifespan(app: Starlette):
    url = os.environ["DATABASE_URL"] + "?minsize=1&maxsize=10"
    await Tortoise.init(db_url=url, modules={"models": [__name__]}, _enable_global_fallback=True)
    yield
    await Tortoise.close_connections()


if __name__ == "__main__":
    app = Starlette(lifespan=lifespan)
    app.mount("/graphql", GraphQL(strawberry.Schema(Query)))
    app.add_route("/graphql", GraphQL(strawberry.Schema(Query)))
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
