"""Clause 1.4: bank accounts, PayPal accounts and phone bills; a payment card number is refused wherever it is typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, build_schema, get_named_type

from api.commands.schema import Which, printed
from models.policy import Role
from models.tables import Approval, Complaint, Customer, Hold, Message, Review, RightsRequest
from models.tables.letters import MessageContents, MessageKind
from tests.factories import ADDRESS, Client, House
from tests.promises.kept import kept
from tests.schema.desk import PASSPORT, received, row, seen_by
from tests.schema.test_inputs import COMPARED, EXAMPLES, SECRETS, WRITTEN, no, somebody, spoilt

CARDS = ["4111 1111-1111 1111", "４１１１１１１１１１１１１１１１"]
SUPPORT, CUSTOMER = build_schema(printed(Which.support)), build_schema(printed(Which.customer))
NOT_KEPT = {"token", "challenge", "newPassword", "currentPassword", "totp", "recoveryCode", "password", "code"}
"""Compared, or kept as a digest only."""


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_no_text_of_a_customer_may_hold_one(house: House) -> None:
    """Every text of every mutation, walked from the schema, with spaces and dashes, and in digits that are not ASCII."""
    person, right = await somebody(house)
    looked_at = 0
    for name, paths in WRITTEN.items():
        base = {**EXAMPLES[name], **right.get(name, {})}
        for path in paths:
            if path[-1] in SECRETS or (name, *path) in COMPARED or path[-1] in ("password", "newPassword"):
                continue
            for card in CARDS:
                refused = await no(person, name, **spoilt(name, base, path, card))
                if refused["code"] == "NOT_READY":  # a passkey's name, which is looked at with the passkey
                    continue
                at = list(path[1:] if path[0] == "input" else path)
                assert refused["code"] == "INVALID_INPUT", (name, path, refused)
                assert at in [one["field"] for one in refused["problems"]], (name, path, refused)
                looked_at += 1
    assert looked_at > 60


def texts(name: str) -> Iterator[tuple[str, ...]]:
    """The paths of all texts that a mutation of the support schema keeps."""
    mutations = SUPPORT.mutation_type
    assert mutations is not None

    def inside(type_: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        named = get_named_type(type_)
        if isinstance(named, GraphQLInputObjectType):
            for key, field in named.fields.items():
                yield from inside(field.type, (*path, key))
        elif named.name == "String" and not (NOT_KEPT & {path[-1]} and "personalCode" not in path):
            yield path

    for key, argument in mutations.fields[name].args.items():
        yield from inside(argument.type, (key,))


KEEPING = {name: list(texts(name)) for name in (SUPPORT.mutation_type or {}).fields if list(texts(name))}  # type: ignore[union-attr]
UNLIKE = {"signIn", "publishPolicy", "addPasskey"}
"""Find by an address and by a version's name; a passkey's name is looked at with the passkey (test_staff_coming_in.py)."""


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_no_text_of_staff_may_hold_one(house: House) -> None:
    """Notes, reasons, outcomes, references, names: every text of every mutation of the support schema."""
    member, base = await at_work(house)
    assert set(base) == set(KEEPING) - UNLIKE, "a new text of staff has its case here"
    for name, paths in KEEPING.items():
        for path in paths if name in base else ():
            for card in CARDS:
                await refuses(member, name, base[name], path, card)


async def at_work(house: House) -> tuple[Client, dict[str, dict[str, Any]]]:
    """A member of staff with every role and a fresh proof, and right arguments for every mutation that keeps a text."""
    person = await house.customer()
    member = await house.colleague(*Role)
    other = await house.colleague(Role.PRIVACY_OFFICER, Role.SUPPORT)
    await house.work(only="plan-reviews")
    mine = seen_by(member, "Customer", (await row(person)).id)
    await member.step_up()
    await person.ok('mutation {fileComplaint(input: {text: "Nobody answers."}) {__typename}}')
    await member.ok(f'mutation {{openRecord(customerId: "{mine}", reason: FRAUD, ticket: "SUP-1") {{__typename}}}}')
    theirs = seen_by(other, "Customer", (await row(person)).id)
    await other.ok(
        f'mutation {{closeForTerms(customerId: "{theirs}", reason: "Spam", termsClause: "7") {{__typename}}}}'
    )
    hold = f'placeHold(customerId: "{theirs}", basis: "Court", scope: ["all"], reviewBy: "2027-01-10")'
    await other.ok(f"mutation {{{hold} {{__typename}}}}")
    await received(member, person, "UPDATE")
    request, complaint = await RightsRequest.get(), await Complaint.get()
    approval, review = await Approval.get(), await Review.filter(done_at=None).first()
    assert review is not None
    now = house.clock.now.isoformat()
    request_id = seen_by(member, "StaffRequest", request.id)
    complaint_id, hold_id = (
        seen_by(member, "StaffComplaint", complaint.id),
        seen_by(member, "Hold", (await Hold.get()).id),
    )
    return member, {
        "addNote": {"customerId": mine, "text": "t"},
        "closeComplaint": {"id": complaint_id, "outcome": "o"},
        "closeForTerms": {"customerId": mine, "reason": "r", "termsClause": "7"},
        "completeReview": {"id": seen_by(member, "Review", review.id), "outcome": "o"},
        "denyRequest": {"requestId": request_id, "reason": "r"},
        "fulfilRequest": {"requestId": request_id, "input": {"changes": {"familyName": "Liepa", "address": ADDRESS}}},
        "identify": {"requestId": request_id, "check": PASSPORT},
        "inviteStaff": {"email": "new@example.com", "name": "Zane", "roles": ["SUPPORT"]},
        "openRecord": {"customerId": mine, "reason": "FRAUD", "ticket": "SUP-1"},
        "placeHold": {"customerId": mine, "basis": "b", "scope": ["all"], "reviewBy": "2027-01-10"},
        "receiveComplaint": {"input": {"channel": "OFFICE", "receivedAt": now, "text": "t",
                                       "contact": {"name": "Zane", "email": "zane@example.com"}}},
        "receiveRequest": {"input": {"customerId": mine, "kind": "UPDATE", "channel": "OFFICE", "receivedAt": now,
                                     "check": PASSPORT, "text": "t"}},
        "recordService": {"input": {"customerId": mine, "kind": "HOSTING", "name": "n", "reference": "H-1", "startedAt": now}},
        "referComplaint": {"id": complaint_id, "authority": "Datu valsts inspekcija", "reference": "D-1"},
        "reject": {"id": seen_by(member, "Approval", approval.id), "reason": "r"},
        "releaseHold": {"id": hold_id, "reason": "r"},
        "reviewHold": {"id": hold_id, "reason": "r", "reviewBy": "2027-01-11"},
        "secureAccount": {"customerId": mine, "reason": "r"},
        "sendMessage": {"customerId": mine, "idempotencyKey": "a-key-of-mine-0001", "text": "t"},
    }  # fmt: skip


async def refuses(member: Client, name: str, base: dict[str, Any], path: tuple[str, ...], card: str) -> None:
    """The mutation with a card number at this path is refused for it."""
    mutations = SUPPORT.mutation_type
    assert mutations is not None
    values = put(base, path, card)
    declared = ", ".join(f"${key}: {mutations.fields[name].args[key].type}" for key in values)
    passed = ", ".join(f"{key}: ${key}" for key in values)
    refused = await member.refused(f"mutation({declared}) {{{name}({passed}) {{__typename ...R}}}}", **values)
    wrong = [".".join(one["field"]) for one in refused["problems"]]
    assert refused["code"] == "INVALID_INPUT", (name, path, refused)
    at = ".".join(path).removeprefix("input.")
    assert at in wrong or f"input.{at}" in wrong, (name, path, refused)


def put(base: Any, path: tuple[str, ...], value: str) -> Any:
    """The arguments with one text replaced; a list of texts holds it alone."""
    if not path:
        return [value] if isinstance(base, list) else value
    inside = {"country": "LV", "code": "120487-11118"} if path[0] == "personalCode" else (base or {}).get(path[0])
    choice = path[0] == "identity"
    return {**({} if base is None or (choice and path[0] not in base) else base), path[0]: put(inside, path[1:], value)}


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_only_looks_like_one_is_taken(house: House) -> None:
    """An IBAN, a phone number, an order number; and there is no card to choose among the ways to pay."""
    person = await house.customer()
    send = "mutation($t: String!, $k: String!) {sendMessage(idempotencyKey: $k, text: $t) {__typename}}"
    for number, text in enumerate(("Pay to DE89 3704 0044 0532 0130 00", "Call +37121234567", "Order 2026112300017")):
        await person.ok(send, t=text, k=f"a-key-of-mine-{number:04}")

    choices = CUSTOMER.type_map["PaymentMethodInput"].fields  # type: ignore[attr-defined]

    assert set(choices) == {"bankAccount", "payPal", "phoneBill"}


async def test_a_stored_one_would_be_found(house: House) -> None:
    """None is; one that came in behind the software's back is counted as a promise broken."""
    person = await house.customer()
    await person.ok('mutation {sendMessage(idempotencyKey: "a-key-of-mine-0001", text: "Hello?") {__typename}}')
    line = await kept(house, "card_numbers_stored")
    assert line.measured > 0
    assert line.broken == 0

    customer = await Customer.get()
    row_ = Message(id=house.world.new_id(), customer_id=customer.id, kind=MessageKind.FROM_CUSTOMER, at=house.clock.now)
    row_.seal(await house.world.vault.keys([customer.id]), MessageContents(text=f"My card is {CARDS[0]}"))
    await row_.save(force_create=True)

    assert (await kept(house, "card_numbers_stored")).broken == 1
