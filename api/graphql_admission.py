"""Whether a request will be run: it is well-formed and not forged, who asks is known, and they may spend what it costs."""

import math
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from starlette.types import Receive

from api.allowances import Allowance, Allowances, UsedUp, caller_of
from api.callers import Caller, Scope, TwoCredentials, credential, headers, locale, staff_credential
from api.cookies import CookiePort
from api.documents import Prepared, over_limit
from api.graphql_answer import JSON, RESPONSE, HttpRefusal, Outage, outage
from api.graphql_request import Params, read_get, read_post, refuse_forged
from api.limits import Operation, OverLimit
from api.logs import Request
from api.settings import Settings
from models.actions.origin import Colleague
from models.actions.publish_policy import know_publications
from models.rows import Reading
from models.world import World
from schema.access import Context
from schema.plan.plans import Found


class Asked(NamedTuple):
    """One request that will be run."""

    prepared: Prepared
    operation: Operation
    variables: Mapping[str, Any]
    context: Context
    record: Request
    plan: Found | None
    db: Reading | None


class Admission:
    """To one schema's endpoint. ``caller`` tells who asks."""

    def __init__(
        self, settings: Settings, world: World, caller: Caller, allowances: Allowances, *, for_staff: bool
    ) -> None:
        self._settings, self._world, self._caller, self._allowances = settings, world, caller, allowances
        self._credential = staff_credential if for_staff else credential

    async def read(self, scope: Scope, receive: Receive, media: str | None) -> Params:
        """The parameters. Raises HttpRefusal, ClientGone."""
        method = scope["method"]
        if method != "POST" and (method != "GET" or self._settings.is_production):
            raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Operations are sent with POST.", [(b"allow", b"POST")])
        refuse_forged(scope, self._settings)
        if media is None:
            raise HttpRefusal(406, "NOT_ACCEPTABLE", f"Answers are {RESPONSE} or {JSON}, in UTF-8.")
        try:
            self._credential(scope, self._settings)
        except TwoCredentials:
            message = "Send a session cookie or a bearer token, not both."
            raise HttpRefusal(400, "TWO_CREDENTIALS", message) from None
        return read_get(scope) if method == "GET" else await read_post(scope, receive, self._settings.body_limit)

    async def context(self, scope: Scope, cost: int, port: CookiePort, db: Reading | None) -> Context:
        """Who asks, from where, and what they have left. Raises HttpRefusal, Outage."""
        try:
            await know_publications(self._world)
            who, origin = await self._caller(scope, self._world, self._settings, db)
        except Exception as fault:
            raise _down(fault) from fault
        allowance = self._spend(caller_of(who, origin), cost)
        return Context(
            world=self._world,
            origin=origin,
            port=port,
            viewer=None if isinstance(who, Colleague) else who,
            colleague=who if isinstance(who, Colleague) and who.enrolled else None,
            newcomer=who if isinstance(who, Colleague) and not who.enrolled else None,
            locale=locale(headers(scope).get(b"accept-language")),
            allowance=allowance,
        )

    def _spend(self, caller: Hashable, cost: int) -> Allowance:
        try:
            return self._allowances.spend(caller, cost)
        except UsedUp as no:
            seconds = max(1, math.ceil((no.reset_at - self._world.now()).total_seconds()))
            message = f"You have asked for too much within a minute. Try again in {seconds} seconds."
            raise HttpRefusal(429, "TOO_MANY_ATTEMPTS", message, [(b"retry-after", b"%d" % seconds)]) from None


def cost_of(operation: Operation, params: Params) -> int:
    """What it costs with these variables. Raises RequestErrors."""
    try:
        return operation.cost(params.variables)
    except OverLimit as over:
        raise over_limit(over) from None


def _down(fault: Exception) -> Exception:
    code = outage(fault)
    return Outage(code) if code else fault
