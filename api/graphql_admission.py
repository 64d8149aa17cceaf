"""Whether a request will be run: it is well-formed and not forged, who asks is known, and they may spend what it costs."""

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import NamedTuple, Self

from api.allowances import Allowance, Allowances, UsedUp, caller_of
from api.callers import Caller, locale
from api.cookies import CookiePort
from api.documents import Library, Prepared, over_limit
from api.graphql_answer import JSON, RESPONSE, HttpRefusal, Outage, negotiate, outage
from api.graphql_request import Params, refuse_forged, refuse_others_than_json
from api.heads import Head, Scope, headers
from api.limits import Operation, OverLimit
from api.logs import Request
from api.settings import Settings
from models.actions.origin import Colleague
from models.actions.publish_policy import know_publications
from models.rows import Reading
from models.world import World
from schema.access import Context
from schema.plan.plans import Found


class Seen(NamedTuple):
    """What a request's head says, whoever asks whatever: the media type to answer in, the language, who wants a page of ours, and
    why nothing is answered at all."""

    media: str | None
    locale: str
    wants_page: bool
    refusal: HttpRefusal | None


class Wanted(NamedTuple):
    """What a body asks for, and what that costs."""

    params: Params
    prepared: Prepared
    operation: Operation
    cost: int

    @classmethod
    def of(cls, params: Params, library: Library) -> Self:
        """Raises RequestErrors."""
        prepared = library.find(params.document_id, params.query)
        operation = prepared.operation(params.operation_name)
        try:
            return cls(params, prepared, operation, operation.cost(params.variables))
        except OverLimit as over:
            raise over_limit(over) from None

    @property
    def always(self) -> bool:
        """Whether the same body asks for the same at any time."""
        return self.prepared.trusted and not self.params.variables


class Asked(NamedTuple):
    """One request that will be run."""

    wanted: Wanted
    context: Context
    record: Request
    plan: Found | None
    db: Reading | None


class Admission:
    """To one schema's endpoint. ``caller`` tells who asks."""

    def __init__(self, settings: Settings, world: World, caller: Caller, allowances: Allowances) -> None:
        self._settings, self._world, self._caller, self._allowances = settings, world, caller, allowances
        self._see = self._seen  # bound once: a look-up less for each request

    def see(self, head: Head) -> Seen:
        """What the head says."""
        return head.once(self._see)

    def _seen(self, scope: Scope) -> Seen:
        sent, refusal = headers(scope), None
        accepted, media = sent.get(b"accept"), negotiate(sent.get(b"accept"))
        try:
            self._refuse(scope, media)
        except HttpRefusal as no:
            refusal = replace(no)  # which came through nothing yet, and holds nothing of this request
        wants_page = scope["method"] == "GET" and b"text/html" in (accepted or b"")
        return Seen(media, locale(sent.get(b"accept-language")), wants_page, refusal)

    def _refuse(self, scope: Scope, media: str | None) -> None:
        method = scope["method"]
        if method != "POST" and (method != "GET" or self._settings.is_production):
            raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Operations are sent with POST.", [(b"allow", b"POST")])
        refuse_forged(scope, self._settings)
        if media is None:
            raise HttpRefusal(406, "NOT_ACCEPTABLE", f"Answers are {RESPONSE} or {JSON}, in UTF-8.")
        if method == "POST":
            refuse_others_than_json(scope)

    async def context(self, scope: Scope, seen: Seen, cost: int, port: CookiePort, db: Reading | None) -> Context:
        """Who asks, from where, and what they have left. Raises HttpRefusal, Outage."""
        try:
            await know_publications(self._world)
            who, origin = await self._caller(scope, self._world, self._settings, db)
        except HttpRefusal:
            raise
        except Exception as fault:
            raise _down(fault) from fault
        allowance = self._spend(caller_of(who, origin), cost)
        context = Context(self._world, origin, port, locale=seen.locale, allowance=allowance)
        if not isinstance(who, Colleague):
            context.viewer = who
        elif who.enrolled:
            context.colleague = who
        else:
            context.newcomer = who
        return context

    def _spend(self, caller: Hashable, cost: int) -> Allowance:
        try:
            return self._allowances.spend(caller, cost)
        except UsedUp as no:
            seconds = max(1, math.ceil((no.reset_at - self._world.now()).total_seconds()))
            message = f"You have asked for too much within a minute. Try again in {seconds} seconds."
            raise HttpRefusal(429, "TOO_MANY_ATTEMPTS", message, [(b"retry-after", b"%d" % seconds)]) from None


def _down(fault: Exception) -> Exception:
    code = outage(fault)
    return Outage(code) if code else fault
