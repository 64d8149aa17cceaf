"""Payment references (clause 1.4), through GraphQL: added once, masked, replaced, removed and brought back."""

from typing import Any

import pytest

from models.tables import Customer, PaymentMethod, Service
from models.tables.services import ServiceContents, ServiceKind
from tests.factories import Client, House

IBAN = "LV80BANK0000435195001"
ADD = """mutation($i: AddPaymentMethodInput!) {addPaymentMethod(input: $i) {__typename ...R ... on PaymentMethodAdded {
    paymentMethod {__typename id label isDefault masked ... on BankAccount {country holder}}}}}"""
REMOVE = """mutation($id: ID!, $by: ID) {removePaymentMethod(id: $id, replacementId: $by) {__typename ...R
    ... on PaymentMethodRemoved {removedId}}}"""
LIST = "{viewer {paymentMethods {__typename id label isDefault masked}}}"
PLAIN = " fragment R on Refusal {code}"


def given(number: int = 1, **method: Any) -> dict[str, Any]:
    """An input with a key of its own; a bank account unless said."""
    return {"idempotencyKey": f"a-key-of-mine-{number:04}", "method": method or {"bankAccount": {"iban": IBAN}}}


async def added(person: Client, number: int = 1, **method: Any) -> dict[str, Any]:
    """A payment method that is held now."""
    answer = await person.ok(ADD + PLAIN, i=given(number, **method))
    return answer["paymentMethod"]  # type: ignore[no-any-return]


@pytest.fixture
async def person(house: House) -> Client:
    """Somebody with a fresh proof."""
    person = await house.customer()
    await person.step_up()
    return person


async def service(house: House, paid_by: str | None = None) -> Service:
    """A running service of the only customer."""
    world, customer = house.world, await Customer.get()
    method = await PaymentMethod.filter(customer_id=customer.id).first() if paid_by else None
    row = Service(
        id=world.new_id(), customer_id=customer.id, reference="S-1", kind=ServiceKind.HOSTING,
        started_at=house.clock.now, payment_method_id=method.id if method else None,
    )  # fmt: skip
    row.seal(await world.vault.keys([customer.id]), ServiceContents(name="ozolina.example"))
    await row.save(force_create=True)
    return row


async def test_a_bank_account_is_masked_and_the_first_is_the_default(person: Client) -> None:
    """Nobody sees the whole number again, its owner included."""
    method = await added(person, bankAccount={"iban": "lv80 bank 0000 4351 9500 1", "holder": "Līga Ozoliņa"})

    assert method["__typename"] == "BankAccount"
    assert method["masked"] == method["label"] == "LV••••5001"
    assert method["isDefault"]
    assert (method["country"], method["holder"]) == ("LV", "Līga Ozoliņa")


async def test_the_same_key_again_adds_nothing(person: Client) -> None:
    """A lost answer may be asked for again."""
    first, again = await added(person), await added(person)

    assert first == again
    assert len((await person.ok(LIST))["paymentMethods"]) == 1


async def test_a_fresh_proof_is_needed(house: House) -> None:
    """Payment methods are among the sensitive things."""
    person = await house.customer()

    assert (await person.refused(ADD, i=given()))["code"] == "STEP_UP_REQUIRED"


async def test_the_same_reference_twice_is_a_duplicate(person: Client) -> None:
    """Whatever the case of a PayPal address."""
    await added(person, payPal={"email": "liga@example.com"})

    refused = await person.refused(ADD, i=given(2, payPal={"email": "Liga@Example.com"}))

    assert refused["code"] == "INVALID_INPUT"
    assert refused["problems"] == [{"field": ["method", "payPal", "email"], "code": "DUPLICATE"}]


async def test_ten_are_as_many_as_one_account_holds(person: Client) -> None:
    """The eleventh is refused."""
    for number in range(10):
        await added(person, number, payPal={"email": f"liga{number}@example.com"})

    refused = await person.refused(ADD, i=given(10, payPal={"email": "liga10@example.com"}))

    assert refused["code"] == "LIMIT_REACHED"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"label": "4111 1111 1111 1111"}, ["label"]),
        (
            {"method": {"bankAccount": {"iban": IBAN, "holder": "4111111111111111"}}},
            ["method", "bankAccount", "holder"],
        ),
    ],
)
async def test_a_card_number_is_refused_wherever_it_is_written(
    person: Client, change: dict[str, Any], path: list[str]
) -> None:
    """Clause 1.4: no card number is stored."""
    refused = await person.refused(ADD, i=given() | change)

    assert refused["problems"] == [{"field": path, "code": "CARD_NUMBER"}]


async def test_another_default_is_chosen(person: Client) -> None:
    """There is always exactly one."""
    await added(person)
    second = await added(person, 2, phoneBill={"phoneNumber": "+371 21234567"})
    query = "mutation($id: ID!) {setDefaultPaymentMethod(id: $id) {__typename}}"

    await person.ok(query, id=second["id"])

    assert [one["isDefault"] for one in (await person.ok(LIST))["paymentMethods"]] == [False, True]


@pytest.mark.parametrize("paid_by", [None, "named"])
async def test_what_pays_for_a_running_service_needs_a_replacement(
    house: House, person: Client, paid_by: str | None
) -> None:
    """Named by the service or its default: the replacement takes over."""
    first = await added(person)
    row = await service(house, paid_by)

    assert (await person.refused(REMOVE, id=first["id"]))["code"] == "IN_USE"

    second = await added(person, 2, payPal={"email": "liga@example.com"})
    await person.ok(REMOVE + PLAIN, id=first["id"], by=second["id"])
    held = (await person.ok(LIST))["paymentMethods"]
    row = await Service.get(id=row.id)

    assert [(one["id"], one["isDefault"]) for one in held] == [(second["id"], True)]
    assert (row.payment_method_id is None) == (paid_by is None)


async def test_a_removed_one_can_be_restored(house: House, person: Client) -> None:
    """Clause 4.1.4: for ninety days, shown masked; a letter tells of it."""
    method = await added(person)
    await person.ok(REMOVE + PLAIN, id=method["id"])
    changes = "{viewer {changes {nodes {id field title oldValue newValue}}}}"
    change = (await person.ok(changes))["changes"]["nodes"][0]
    await person.ok("mutation($id: ID!) {restoreValue(changeId: $id) {__typename}}", id=change["id"])
    await house.work(only="post-letters")

    assert change == {
        "id": change["id"], "field": "paymentMethod", "title": "Payment method",
        "oldValue": "LV••••5001", "newValue": None,
    }  # fmt: skip
    assert (await person.ok(LIST))["paymentMethods"] == [
        {
            "__typename": "BankAccount",
            "id": method["id"],
            "label": "LV••••5001",
            "isDefault": True,
            "masked": "LV••••5001",
        }
    ]
    assert [one.template for one in house.letters].count("contact-changed") == 2


async def test_a_stranger_cannot_remove_it(house: House, person: Client) -> None:
    """Somebody else's id and a made-up one look the same."""
    method = await added(person)
    stranger = await house.customer()
    await stranger.step_up()

    assert (await stranger.refused(REMOVE, id=method["id"]))["code"] == "NOT_FOUND"
    assert (await stranger.refused(REMOVE, id="bm9uZQ=="))["code"] == "NOT_FOUND"


async def test_it_is_renamed_without_a_proof(house: House) -> None:
    """A name of one's own is nothing sensitive; a session has one, too."""
    person = await house.customer()
    await person.step_up()
    method = await added(person)
    house.clock.advance(minutes=6)
    session = (await person.ok("{viewer {sessions {id}}}"))["sessions"][0]
    query = """mutation($id: ID!, $label: String!) {rename(id: $id, label: $label) {__typename ...R
        ... on Renamed {node {
        id ... on BankAccount {label} ... on Session {name: label}}}}}"""

    renamed = await person.ok(query + PLAIN, id=method["id"], label="  Household ")
    laptop = await person.ok(query + PLAIN, id=session["id"], label="Laptop")

    assert renamed["node"] == {"id": method["id"], "label": "Household"}
    assert laptop["node"] == {"id": session["id"], "name": "Laptop"}
    assert (await person.refused(query, id=method["id"], label="4111111111111111"))["code"] == "INVALID_INPUT"
    assert (await person.refused(query, id="bm9uZQ==", label="x"))["code"] == "NOT_FOUND"
