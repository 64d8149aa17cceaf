"""What our own people do: open records with and without a grant, hold, serve the office, decide in twos."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from models.actions.news import NewIssue, issue_news
from models.tables import Approval, Complaint, Hold, RelatedPerson, Review, RightsRequest, Staff
from models.tables.cases import RequestKind, RequestStatus
from tests.factories import Client, StaffClient
from tests.schema.desk import PASSPORT, seen_by
from tests.simulation.model import ACTIVE, CLOSED, GOING, GONE, UNCONFIRMED, Ending, Person
from tests.simulation.moves import move, some
from tests.simulation.town import Town, check, mutation

HOURLY = 25
IDENTIFIED = (RequestKind.COPY, RequestKind.DELETE, RequestKind.RESTORE, RequestKind.UPDATE)
EDITS = (RequestKind.UPDATE, RequestKind.RESTORE)
OPEN = mutation("($c: ID!, $r: GrantReason!)", 'openRecord(customerId: $c, reason: $r, ticket: "SUP-1234")',
                "... on RecordOpened {grant {id}}")  # fmt: skip
CLOSE = mutation("($g: ID!)", "closeRecord(grantId: $g)")
REVEAL = mutation("($g: ID!, $r: [ID!]!)", "reveal(grantId: $g, refs: $r)", "... on Revealed {values {value}}")
NOTE = mutation("($c: ID!, $t: String!)", "addNote(customerId: $c, text: $t)")
SECURE = mutation("($c: ID!)", 'secureAccount(customerId: $c, reason: "They called us.")')
READ = "query($c: ID!) {customer(id: $c) {profile {familyName {ref} email {ref} phoneNumber {ref}}}}"
PLACE = mutation(
    "($c: ID!, $s: [String!]!, $r: Date!, $t: Boolean!)",
    'placeHold(customerId: $c, basis: "Court case 12", scope: $s, reviewBy: $r, tellCustomer: $t)',
    "... on HoldUpdated {hold {id}}",
)
REVIEW_HOLD = mutation("($i: ID!, $r: Date!)", 'reviewHold(id: $i, reviewBy: $r, reason: "It goes on")')
RELEASE = mutation("($i: ID!)", 'releaseHold(id: $i, reason: "Settled")', "... on ApprovalAwaited {approval {id}}")
APPROVE = mutation("($i: ID!)", "approve(id: $i)")
REJECT = mutation("($i: ID!)", 'reject(id: $i, reason: "Not convincing")')
RECEIVE = mutation("($i: ReceiveRequestInput!)", "receiveRequest(input: $i)", "... on RequestUpdated {request {id}}")
FULFIL = mutation("($r: ID!, $i: FulfilInput)", "fulfilRequest(requestId: $r, input: $i)")
DENY = mutation("($r: ID!)", 'denyRequest(requestId: $r, reason: "Somebody else came")')
HAND_OVER = mutation("($r: ID!)", "handOverCopy(requestId: $r)", "... on CopyHandedOver {collectionCode}")
COLLECT = mutation("($c: String!)", "collectCopy(code: $c)", "... on CopyReady {export {downloadUrl}}")
TERMS = mutation("($c: ID!)", 'closeForTerms(customerId: $c, termsClause: "7.2", reason: "It sent spam")')
SERVICE = mutation("($i: RecordServiceInput!)", "recordService(input: $i)")
PUBLISH = mutation("($v: String!, $f: DateTime!)", "publishPolicy(version: $v, validFrom: $f)")
INVITE = mutation("($n: String!, $e: String!)", "inviteStaff(email: $e, name: $n, roles: [SUPPORT])")
FIRE = mutation("($i: ID!)", "deactivateStaff(id: $i)")
ACKNOWLEDGE = mutation("($i: ID!)", "acknowledgeComplaint(id: $i)")
CLOSE_COMPLAINT = mutation("($i: ID!)", 'closeComplaint(id: $i, outcome: "Mended.")')
COMPLETE = mutation("($i: ID!)", 'completeReview(id: $i, outcome: "All is well.")')


async def anybody(town: Town, rng: random.Random, *states: str) -> tuple[StaffClient, Person] | None:
    """One of the team, and a customer."""
    person = some(town, rng, *(states or (ACTIVE, CLOSED, UNCONFIRMED)))
    if person is None or person.id is None:
        return None
    return await town.staff(rng.choice(["officer", "office", "support"])), person


@move(5)
async def open_record(town: Town, rng: random.Random) -> None:
    """With a reason and a ticket; read, revealed, written in, closed."""
    found = await anybody(town, rng)
    town.opened_at = [at for at in town.opened_at if at > town.now - timedelta(hours=1)]
    if found is None or len(town.opened_at) >= HOURLY:
        return
    member, person = found
    town.opened_at.append(town.now)
    customer = town.id_for(member, person)
    answer = await town.ask(member, OPEN, who=person, c=customer, r="CUSTOMER_CONTACT")
    if answer["__typename"] != "RecordOpened":
        return
    record = await member.ok(READ, c=customer)
    refs = [one["ref"] for one in record["profile"].values() if one["ref"]]
    if refs:
        await town.ask(member, REVEAL, g=answer["grant"]["id"], r=refs[:2])
    if rng.random() < 0.3:
        await town.ask(member, NOTE, who=person, c=customer, t=f"Called about {person.token}.")
    if rng.random() < 0.15 and person.state == ACTIVE:

        def secured(one: Person) -> None:
            one.secured, one.pending, one.ended_at = True, None, town.now

        await town.ask(member, SECURE, who=person, effect=secured, c=customer)
    if rng.random() < 0.5:
        await town.ask(member, CLOSE, g=answer["grant"]["id"])


@move(4)
async def pry(town: Town, rng: random.Random) -> None:
    """Without a grant, or about somebody who is gone: nothing."""
    found = await anybody(town, rng, ACTIVE, CLOSED, GONE, GOING)
    if found is None:
        return
    member, person = found
    other = await town.staff("second")
    assert person.id is not None
    customer = seen_by(other, "Customer", person.id)
    answer = await other.answer(READ, c=customer)
    check("errors" not in answer and answer["data"]["customer"] is None, "a record is read without a grant", answer)
    refused = await town.ask(other, NOTE, who=person, c=customer, t="I was never here.")
    check(refused["__typename"] == "Refusal", "a note without a grant")
    if person.state in (GONE, GOING):
        answer = await town.ask(member, OPEN, c=town.id_for(member, person), r="FRAUD")
        check(answer["__typename"] == "Refusal", "a record of somebody who is gone is opened")


# ---- holds ---------------------------------------------------------------------------------------------------------
SCOPES = (["all"], ["sign_in"], ["change", "message"], ["payment_method"], ["related_person"], ["letter", "complaint"])


@move(4)
async def place_hold(town: Town, rng: random.Random) -> None:
    """On all of an account or a part of it; sometimes the customer must not be told."""
    person = some(town, rng, ACTIVE, CLOSED)
    if person is None or len(person.holds) > 1:
        return
    officer, scope = await town.staff("officer"), rng.choice(SCOPES)
    before = set(await Hold.all().values_list("id", flat=True))
    day = (town.now + timedelta(days=rng.randrange(20, 170))).date().isoformat()

    async def learn() -> None:
        """The ids are the database's; what stands is known then."""
        for hold in await Hold.exclude(id__in=list(before)):
            person.holds[hold.id] = tuple(hold.scope)

    try:
        await town.ask(officer, PLACE, c=town.id_for(officer, person), s=scope, r=day, t=rng.random() < 0.8)
    finally:
        await learn()


@move(4)
async def release_hold(town: Town, rng: random.Random) -> None:
    """Reviewed, or proposed to be released and decided by a second person."""
    held = [one for one in town.model.here(ACTIVE, CLOSED) if one.holds]
    if not held:
        return
    person = rng.choice(held)
    hold_id = rng.choice(sorted(person.holds))
    officer = await town.staff("officer")
    node = seen_by(officer, "Hold", hold_id)
    if rng.random() < 0.3:
        day = (town.now + timedelta(days=90)).date().isoformat()
        await town.ask(officer, REVIEW_HOLD, who=person, i=node, r=day)
        return
    await town.ask(officer, RELEASE, who=person, i=node)

    def released(one: Person) -> None:
        one.holds.pop(hold_id, None)

    await decide(town, rng, person, str(hold_id), released)


async def decide(town: Town, rng: random.Random, person: Person, subject: str, effect: Any) -> None:
    """The second person agrees, mostly."""
    waiting = await Approval.filter(subject=subject, decided_at=None).first()
    if waiting is None:
        return
    second = await town.staff("second")
    node = seen_by(second, "Approval", waiting.id)
    if rng.random() < 0.85:
        await town.ask(second, APPROVE, who=person, effect=effect, i=node)
    else:
        await town.ask(second, REJECT, who=person, i=node)


# ---- the end of an account -----------------------------------------------------------------------------------------
@move(2)
async def close_for_terms(town: Town, rng: random.Random) -> None:
    """Two people close an account."""
    person = some(town, rng, ACTIVE)
    if person is None:
        return
    officer = await town.staff("officer")
    await town.ask(officer, TERMS, who=person, c=town.id_for(officer, person))
    rule = town.rule("CLOSED", person)

    def closed(one: Person) -> None:
        now = town.now
        one.state, one.ending = CLOSED, Ending(now, rule.due_at(now), rule.promised_at(now), "STAFF")

    await decide(town, rng, person, str(person.id), closed)


# ---- the office ----------------------------------------------------------------------------------------------------
@move(8)
async def office(town: Town, rng: random.Random) -> None:
    """Somebody comes to the counter, identified or not."""
    person = some(town, rng, ACTIVE, CLOSED)
    if person is None:
        return
    kind = rng.choice(["COPY", "UPDATE", "RESTORE", "DELETE", "DELETE", "RESTORE"])
    member = await town.staff("office")
    given = {
        "customerId": town.id_for(member, person), "kind": kind, "channel": "OFFICE",
        "receivedAt": (town.now - timedelta(minutes=rng.randrange(60))).isoformat(),
        "check": PASSPORT if rng.random() < 0.9 else None,
    }  # fmt: skip
    answer = await town.ask(member, RECEIVE, who=person, i=given)
    if answer["__typename"] != "RequestUpdated":
        return
    if rng.random() < 0.1:
        await town.ask(member, DENY, who=person, r=answer["request"]["id"])
    elif rng.random() < 0.7:
        await serve(town, rng, person, answer["request"]["id"], kind)


@move(5)
async def office_work(town: Town, rng: random.Random) -> None:
    """A request that waits is served, the most urgent first."""
    await serve_one(town, rng)


async def serve_one(town: Town, rng: random.Random) -> None:
    waiting = RightsRequest.filter(status__in=[RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS], copy_ready_at=None)
    row = await waiting.filter(export_id=None).order_by("due_at").first()
    person = row and town.model.by_id().get(row.customer_id)
    if row is None or person is None or not person.here:
        return
    pending = await Approval.filter(subject=str(row.id), decided_at=None).first()
    member = await town.staff("office")
    if pending is not None:
        await decide(town, rng, person, str(row.id), _office_deletion(town, person, row.received_at))
        return
    node = seen_by(member, "StaffRequest", row.id)
    if (
        (row.checked_at is None and row.kind in IDENTIFIED)
        or (person.holds and row.kind is RequestKind.DELETE)
        or (person.restricted and row.kind in EDITS)
    ):
        await town.ask(member, DENY, who=person, effect=_lifted(town, row), r=node)
    else:
        await serve(town, rng, person, node, row.kind.value, row)


def _lifted(town: Town, row: RightsRequest) -> Any:
    def effect(one: Person) -> None:
        if row.kind is RequestKind.RESTRICT:
            one.restricted = False

    return effect


def _office_deletion(town: Town, person: Person, received_at: Any) -> Any:
    rule = town.rule("OFFICE_ERASE", person)

    def effect(one: Person) -> None:
        if one.ending is None:
            one.ending = Ending(town.now, rule.due_at(received_at), rule.promised_at(received_at), "OFFICE")
        else:
            by = min(one.ending.erase_by, rule.promised_at(received_at))
            one.ending = Ending(one.ending.closed_at, rule.due_at(received_at), by, "OFFICE")
        one.state = CLOSED

    return effect


async def serve(
    town: Town, rng: random.Random, person: Person, node: str, kind: str, row: RightsRequest | None = None
) -> None:
    """What the kind says; a deletion waits for a second person."""
    member = await town.staff("office")
    if kind == "DELETE":
        if row is not None and row.related_person_id is not None:
            named = await RelatedPerson.filter(id=row.related_person_id).first()
            keys = await town.world.vault.keys([row.customer_id])
            email = named.opened(keys).email if named else None

            def gone(one: Person) -> None:
                one.related -= {email or ""}

            await town.ask(member, FULFIL, who=person, effect=gone, r=node, i=None)
            return
        answer = await town.ask(member, FULFIL, who=person, r=node, i=None)
        waiting = await Approval.filter(customer_id=person.id, kind="OFFICE_DELETION", decided_at=None).first()
        if answer["__typename"] == "ApprovalAwaited" and waiting and rng.random() < 0.8:
            found = await RightsRequest.get(id=UUID(waiting.subject))
            await decide(town, rng, person, waiting.subject, _office_deletion(town, person, found.received_at))
        return
    new = f"Birojs{person.token}"
    given: dict[str, Any] | None = None
    reset = rng.random() < 0.4
    if kind in ("UPDATE", "RESTORE"):
        given = {"changes": {"givenName": new}, "resetAccess": reset}

    def done(one: Person) -> None:
        if kind in ("UPDATE", "RESTORE"):
            one.given = new
            one.secured = one.secured or reset
            one.ended_at = town.now if reset else one.ended_at
        if kind == "RESTORE" and one.state == CLOSED:
            one.state, one.ending = ACTIVE, None
        if kind == "RESTRICT":
            one.restricted = True
        if kind == "OBJECT":
            one.news = False

    await town.ask(member, FULFIL, who=person, effect=done, r=node, i=given)


@move(2)
async def hand_over(town: Town, rng: random.Random) -> None:
    """A code for a copy that is ready, and the owner fetches it."""
    row = (
        await RightsRequest.filter(kind=RequestKind.COPY).exclude(copy_ready_at=None).order_by("-copy_ready_at").first()
    )
    if row is None:
        return
    member = await town.staff("office")
    answer = await town.ask(member, HAND_OVER, r=seen_by(member, "StaffRequest", row.id))
    if answer["__typename"] == "CopyHandedOver":
        owner = Client(town.house, {})
        fetched = await town.ask(owner, COLLECT, c=answer["collectionCode"])
        if fetched["__typename"] == "CopyReady":
            await owner.http.get(fetched["export"]["downloadUrl"])


@move(2)
async def third_person(town: Town, rng: random.Random) -> None:
    """Somebody whom a customer named asks at the office to be erased."""
    named = [one for one in town.model.here(ACTIVE, CLOSED) if one.related]
    person = rng.choice(named) if named else None
    row = person and await RelatedPerson.filter(customer_id=person.id).first()
    if person is None or row is None:
        return
    member = await town.staff("office")
    given = {"customerId": town.id_for(member, person), "kind": "DELETE", "channel": "OFFICE", "check": PASSPORT,
             "receivedAt": town.now.isoformat(), "relatedPersonId": seen_by(member, "MaskedRelatedPerson", row.id)}  # fmt: skip
    await town.ask(member, RECEIVE, who=person, i=given)


@move(2)
async def record_service(town: Town, rng: random.Random) -> None:
    """A contract; some have ended."""
    person = some(town, rng, ACTIVE)
    if person is None:
        return
    member = await town.staff("support")
    begun = town.now - timedelta(days=rng.randrange(400))
    ended = (begun + timedelta(days=1)).isoformat() if rng.random() < 0.5 else None
    given = {"customerId": town.id_for(member, person), "reference": f"S-{person.phone[4:]}-{rng.randrange(3)}",
             "kind": "DOMAIN", "name": f"{person.token}.lv", "startedAt": begun.isoformat(), "endedAt": ended}  # fmt: skip
    await town.ask(member, SERVICE, who=person, i=given)


# ---- the policy, the news, the team ----------------------------------------------------------------------------------
@move(2)
async def publish(town: Town, rng: random.Random) -> None:
    """A version that was drafted is published by two people, in time for its notices."""
    if not town.world.policy.drafts:
        return
    officer, version = await town.staff("officer"), town.world.policy.drafts[0].name
    valid_from = (town.now + timedelta(days=rng.randrange(20, 60))).isoformat()
    answer = await town.ask(officer, PUBLISH, v=version, f=valid_from)
    waiting = await Approval.filter(kind="POLICY_PUBLICATION", decided_at=None).first()
    if answer["__typename"] == "ApprovalAwaited" and waiting:
        second = await town.staff("second")
        await town.ask(second, APPROVE, i=seen_by(second, "Approval", waiting.id))


@move(2)
async def news(town: Town, rng: random.Random) -> None:
    """An issue for whoever agreed."""
    town.model.tokens += 1
    words = (f"Issue {town.model.tokens}", f"Izdevums {town.model.tokens}")
    await issue_news(town.world, NewIssue(name=f"issue-{town.model.tokens}", headline=words, body=words))


@move(1)
async def hire_or_fire(town: Town, rng: random.Random) -> None:
    """Somebody joins the team, or leaves it: three years later nothing is left of them."""
    email = f"{town.model.token()}@example.com"
    second = await town.staff("second", prove=True)
    await town.ask(second, INVITE, n=f"Jauns{email[:10]}", e=email)
    leaving = await Staff.filter(deactivated_at=None).exclude(id__in=[one.id for one in town.team.values()]).first()
    if leaving and rng.random() < 0.7:
        await town.ask(second, FIRE, i=seen_by(second, "StaffMember", leaving.id))


# ---- the day's chores ----------------------------------------------------------------------------------------------
@move(3)
async def chores(town: Town, rng: random.Random) -> None:
    """Complaints acknowledged and closed, reviews done, holds reviewed in time."""
    officer = await town.staff("officer")
    for row in await Complaint.filter(closed_at=None).order_by("received_at").limit(3):
        node = seen_by(officer, "StaffComplaint", row.id)
        await town.ask(officer, ACKNOWLEDGE if row.acknowledged_at is None else CLOSE_COMPLAINT, i=node)
    for review in await Review.filter(done_at=None, due_at__lte=town.now).limit(3):
        await town.ask(officer, COMPLETE, i=seen_by(officer, "Review", review.id))
    day = (town.now + timedelta(days=170)).date().isoformat()
    for hold in await Hold.filter(released_at=None, review_by__lt=town.now + timedelta(days=10)).limit(3):
        await town.ask(officer, REVIEW_HOLD, i=seen_by(officer, "Hold", hold.id), r=day)
