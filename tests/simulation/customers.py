"""What customers do."""

import io
import json
import random
from typing import Any
from uuid import UUID

from models.actions.import_columns import Lines
from models.actions.import_customers import import_customers
from models.archive.verify import verify
from models.tables import Customer
from models.tables.accounts import State
from tests.factories import PASSWORD, Client
from tests.simulation.model import ACTIVE, CLOSED, GONE, UNCONFIRMED, Ending, Person
from tests.simulation.moves import move, some
from tests.simulation.town import Town, check, mutation

SIGN_UP = mutation("($i: SignUpInput!)", "signUp(input: $i)")
CONFIRM = mutation("($t: String!)", "confirmEmail(token: $t)")
SIGN_IN = mutation(
    "($e: String!, $p: String!)", "signIn(email: $e, password: $p)", "... on AccountClosed {closure {eraseAt}}"
)
EDIT = mutation("($i: EditProfileInput!)", "editProfile(input: $i)")
CHANGE = mutation("($e: String!)", "changeEmail(newEmail: $e)")
CANCEL = mutation("", "cancelEmailChange")
REVERT = mutation("($t: String!)", "revertEmailChange(token: $t)")
RESTORE = mutation("($c: ID!)", "restoreValue(changeId: $c)")
ADD_METHOD = mutation("($i: AddPaymentMethodInput!)", "addPaymentMethod(input: $i)")
REMOVE_METHOD = mutation("($i: ID!)", "removePaymentMethod(id: $i)")
PREFERENCES = mutation("($i: SetPreferencesInput!)", "setPreferences(input: $i)")
ADD_RELATED = mutation("($i: AddRelatedPersonInput!)", "addRelatedPerson(input: $i)")
REMOVE_RELATED = mutation("($b: RelatedPersonReference!)", "removeRelatedPerson(by: $b)")
MESSAGE = mutation("($k: String!, $t: String!)", "sendMessage(idempotencyKey: $k, text: $t)")
COMPLAIN = mutation("($i: FileComplaintInput!)", "fileComplaint(input: $i)")
FILE = mutation("($k: RequestKind!, $t: String!)", "fileRequest(kind: $k, text: $t)")
WITHDRAW = mutation("($i: ID!)", "withdrawRequest(id: $i)")
EXPORT = mutation("", "requestExport")
DELETE = mutation("", "deleteProfile", "... on ProfileDeleted {certificateCode closure {eraseAt eraseBy}}")
REPORT = mutation("($b: SignInReference!)", "reportSignIn(by: $b)")
SIGN_OUT = mutation("", "signOut")
END_OTHERS = mutation("", "endOtherSessions")
ANSWER = mutation("($v: String!, $a: PolicyAnswer!)", "answerPolicy(version: $v, answer: $a)")
CERTIFICATE = "query($c: String!) {erasureCertificate(code: $c) {number closedAt erasedAt verifiedAt}}"


def newcomer(town: Town, rng: random.Random, email: str | None = None) -> Person:
    """Somebody new, all of whose values hold their token; with the address of somebody who is gone, that one's."""
    token = email[:10] if email else town.model.token()
    given, family = f"Anna{token}", f"Zile{token}"
    phone = f"+37126{rng.randrange(10**6):06}"
    person = Person(token, email or f"{token}@example.com", given, family, phone, town.now, password=PASSWORD)
    person.governed, person.used_at = town.world.policy.current(town.now).name, town.now
    return person


async def arrived(town: Town, person: Person) -> None:
    """Find out the id of somebody who came in the last move, if they did."""
    new = await Customer.exclude(id__in=list(town.model.by_id())).values_list("id", flat=True)
    check(len(new) <= 1, "more than one customer came of one sign-up", new)
    if new:
        person.id = UUID(str(new[0]))
        town.model.people.append(person)


@move(8)
async def sign_up(town: Town, rng: random.Random) -> None:
    """A new customer, sometimes with an address that was somebody's who is erased."""
    gone = some(town, rng, GONE)
    free = gone is not None and all(one.token != gone.token or one is gone for one in town.model.people)
    person = newcomer(town, rng, gone.email if gone and free and rng.random() < 0.2 else None)
    client = town.browser(person)
    given = client.sign_up_input(
        email=person.email, givenName=person.given, familyName=person.family, phoneNumber=person.phone,
        identity={"birthdate": f"19{rng.randrange(50, 99)}-0{rng.randrange(1, 9)}-11"}, locale=rng.choice(["EN", "LV"]),
    )  # fmt: skip
    try:
        await town.ask(client, SIGN_UP, i=given)
    finally:
        await arrived(town, person)


@move(2)
async def sign_up_with_a_known_address(town: Town, rng: random.Random) -> None:
    """Answered alike; nobody comes of it, a letter tells the owner."""
    person = some(town, rng, ACTIVE, CLOSED)
    if person is None:
        return
    stranger = newcomer(town, rng)
    given = Client(town.house, {}).sign_up_input(
        email=person.email, givenName=stranger.given, familyName=stranger.family
    )
    await town.ask(Client(town.house, {}), SIGN_UP, i=given)


@move(9)
async def confirm(town: Town, rng: random.Random) -> None:
    """The link of the letter."""
    person = some(town, rng, UNCONFIRMED)
    await town.post()
    token = person and town.link("confirm-email", person.email)
    if person is None or token is None:
        return

    def confirmed(one: Person) -> None:
        one.state = ACTIVE

    await town.ask(Client(town.house, {}), CONFIRM, who=person, effect=confirmed, t=token)


@move(8)
async def sign_in(town: Town, rng: random.Random) -> None:
    """On the usual device, or on a new one."""
    person = some(town, rng, ACTIVE)
    if person is None:
        return
    if rng.random() < 0.5:
        await town.come_in(person)
    elif person.password:
        other = Client(town.house, {"user-agent": f"Browser {rng.randrange(9)}"})
        answer = await town.ask(other, SIGN_IN, e=person.email, p=person.password)
        if answer["__typename"] == "SignedIn":
            person.used_at = town.now


@move(3)
async def sign_in_while_closed(town: Town, rng: random.Random) -> None:
    """Nothing but the closure is shown."""
    person = some(town, rng, CLOSED)
    if person is None or person.password is None:
        return
    answer = await town.ask(Client(town.house, {}), SIGN_IN, e=person.email, p=person.password)
    check(answer["__typename"] in ("AccountClosed", "Refusal"), "a closed account is signed in to", answer)
    if answer["__typename"] == "AccountClosed":
        assert person.ending
        check(answer["closure"]["eraseAt"][:19] == person.ending.erase_at.isoformat()[:19], "another date of erasure")


@move(6)
async def edit(town: Town, rng: random.Random) -> None:
    """A name, a phone number or an address."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    what = rng.choice(["givenName", "familyName", "phoneNumber", "address"])
    number = rng.randrange(26)
    new: Any = {
        "givenName": f"Ilze{chr(97 + number)}{person.token}", "familyName": f"Krasts{chr(97 + number)}{person.token}",
        "phoneNumber": f"+37127{rng.randrange(10**6):06}",
        "address": {"streetAddress": f"{person.token} iela {number}", "locality": "Liepāja", "postalCode": "LV-3401",
                    "country": "LV"},
    }[what]  # fmt: skip
    revision = (await client.ok("{viewer {profile {revision}}}"))["profile"]["revision"] - (rng.random() < 0.1)

    def edited(one: Person) -> None:
        names = {"givenName": "given", "familyName": "family", "phoneNumber": "phone"}
        if what in names:
            setattr(one, names[what], new)

    await town.ask(client, EDIT, who=person, effect=edited, i={"revision": revision, what: new})


@move(5)
async def change_email(town: Town, rng: random.Random) -> None:
    """Asked for; sometimes to an address of somebody else."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    other = some(town, rng, ACTIVE)
    person.edits += 1
    new = f"{person.token}.{person.edits}@example.com"
    if other and other is not person and rng.random() < 0.15:
        new = other.email

    until = town.rule("EMAIL_CHANGE_LINK", person).due_at(town.now)

    def asked(one: Person) -> None:
        one.pending, one.pending_until = new, until

    await town.ask(client, CHANGE, who=person, effect=asked, e=new)


def moved(to: str) -> Any:
    """The effect of an address that is the address now."""

    def effect(one: Person) -> None:
        if one.email not in one.earlier:
            one.earlier.append(one.email)
        one.email, one.pending = to, None

    return effect


@move(6)
async def confirm_email_change(town: Town, rng: random.Random) -> None:
    """The link of the letter to the new address."""
    waiting = [one for one in town.model.here(ACTIVE) if one.pending]
    if not waiting:
        return
    person = rng.choice(waiting)
    await town.post()
    assert person.pending
    token = town.link("confirm-email-change", person.pending)
    if token:
        await town.ask(Client(town.house, {}), CONFIRM, who=person, effect=moved(person.pending), t=token)


@move(1)
async def cancel_email_change(town: Town, rng: random.Random) -> None:
    """They think better of it."""
    waiting = [one for one in town.model.here(ACTIVE) if one.pending]
    person = rng.choice(waiting) if waiting else None
    client = person and await town.come_in(person)
    if person and client:

        def cancelled(one: Person) -> None:
            one.pending = None

        await town.ask(client, CANCEL, who=person, effect=cancelled)


@move(4)
async def revert_email(town: Town, rng: random.Random) -> None:
    """The link of the letter to an old address."""
    changed = [one for one in town.model.here(ACTIVE, CLOSED) if one.earlier]
    if not changed:
        return
    person = rng.choice(changed)
    await town.post()
    to = rng.choice(person.earlier)
    token = town.link("revert-email-change", to)

    def reverted(one: Person) -> None:
        if to != one.email:
            moved(to)(one)
        one.pending, one.secured, one.ended_at = None, True, town.now

    if token:
        answer = await town.ask(Client(town.house, {}), REVERT, who=person, effect=reverted, t=token)
        check(person.state == ACTIVE or answer["__typename"] == "Refusal", "a closed account's address is changed")


@move(4)
async def restore_value(town: Town, rng: random.Random) -> None:
    """An old value back in place."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    changes = (await client.ok("{viewer {changes(first: 20) {nodes {id field oldValue}}}}"))["changes"]["nodes"]
    if not changes:
        return
    change = rng.choice(changes)

    def restored(one: Person) -> None:
        names = {"givenName": "given", "familyName": "family", "phoneNumber": "phone"}
        if change["field"] in names:
            setattr(one, names[change["field"]], change["oldValue"])
        elif change["field"] == "email":
            if change["oldValue"] != one.email:
                moved(change["oldValue"])(one)
            one.pending = None
        elif change["field"] == "paymentMethod":
            one.methods += 1

    await town.ask(client, RESTORE, who=person, effect=restored, c=change["id"])


@move(4)
async def payment_method(town: Town, rng: random.Random) -> None:
    """One more, or one less."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    held = (await client.ok("{viewer {paymentMethods {id}}}"))["paymentMethods"]
    if held and rng.random() < 0.4:

        def removed(one: Person) -> None:
            one.methods -= 1

        await town.ask(client, REMOVE_METHOD, who=person, effect=removed, i=rng.choice(held)["id"])
        return
    person.edits += 1
    paypal = {"payPal": {"email": f"{person.token}.pay{person.edits}@example.com"}}

    def added(one: Person) -> None:
        one.methods += 1

    given = {
        "idempotencyKey": f"key-{person.token}-{person.edits:06}",
        "method": paypal,
        "label": f"Maks {person.token}",
    }
    await town.ask(client, ADD_METHOD, who=person, effect=added, i=given)


@move(3)
async def preferences(town: Town, rng: random.Random) -> None:
    """Consents given and taken back."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person)
    if person and client:
        chosen = {name: rng.random() < 0.5 for name in ("newsByEmail", "personalisedContent", "personalisedAds")}
        cookies = {name: rng.random() < 0.5 for name in ("preferences", "statistics", "advertising")}

        def set_to(one: Person) -> None:
            one.news = chosen["newsByEmail"]

        given = {**chosen, "cookies": cookies, "locale": rng.choice(["EN", "LV"])}
        await town.ask(client, PREFERENCES, who=person, effect=set_to, i=given)


@move(4)
async def related_person(town: Town, rng: random.Random) -> None:
    """Named, and taken back by the customer or by that person's own link."""
    person = some(town, rng, ACTIVE, CLOSED)
    if person is None:
        return
    if person.related and rng.random() < 0.5:
        await town.post()
        email = rng.choice(sorted(person.related))
        token = town.link("related-person-added", email)

        def removed(one: Person) -> None:
            one.related -= {email}

        if token:
            await town.ask(Client(town.house, {}), REMOVE_RELATED, who=person, effect=removed, b={"token": token})
        return
    client = await town.come_in(person) if person.state == ACTIVE else None
    if client is None:
        return
    person.edits += 1
    email = f"{person.token}.rel{person.edits}@example.com"
    given = {
        "givenName": f"Cits{person.token}",
        "familyName": f"Cilvek{person.token}",
        "role": "TECHNICAL",
        "email": email,
    }

    def added(one: Person) -> None:
        one.related |= {email}

    await town.ask(client, ADD_RELATED, who=person, effect=added, i=given)


@move(3)
async def write(town: Town, rng: random.Random) -> None:
    """A message, or a complaint."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person)
    if person is None or client is None:
        return
    person.edits += 1
    text = f"This is about {person.token}."
    if rng.random() < 0.6:
        await town.ask(client, MESSAGE, who=person, k=f"msg-{person.token}-{person.edits:06}", t=text)
    else:
        await town.ask(client, COMPLAIN, who=person, i={"text": text})


@move(1)
async def stranger_complains(town: Town, rng: random.Random) -> None:
    """Somebody who is no customer."""
    token = town.model.token()
    contact = {"name": f"Svesais{token}", "email": f"{token}@example.com"}
    await town.ask(Client(town.house, {}), COMPLAIN, i={"text": f"I am {token}.", "contact": contact})


@move(3)
async def request(town: Town, rng: random.Random) -> None:
    """Restriction or objection asked for, or taken back."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person)
    if person is None or client is None:
        return
    nodes = (await client.ok("{viewer {requests(first: 20, open: true) {nodes {id kind}}}}"))["requests"]["nodes"]
    if nodes and rng.random() < 0.6:
        chosen = rng.choice(nodes)
        restricting = [one for one in nodes if one["kind"] == "RESTRICT" and one is not chosen]

        def withdrawn(one: Person) -> None:
            if chosen["kind"] == "RESTRICT" and not restricting:
                one.restricted = False

        await town.ask(client, WITHDRAW, who=person, effect=withdrawn, i=chosen["id"])
        return
    kind = rng.choice(["RESTRICT", "OBJECT", "UPDATE"])

    def filed(one: Person) -> None:
        one.restricted = one.restricted or kind == "RESTRICT"
        one.news = one.news and kind != "OBJECT"

    await town.ask(client, FILE, who=person, effect=filed, k=kind, t=f"Please, {person.token}.")


@move(4)
async def export(town: Town, rng: random.Random) -> None:
    """A copy asked for, or collected and verified."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    await town.ask(client, EXPORT, who=person)
    if rng.random() < 0.6:
        await town.house.work(only="build-exports")
        for one in (await client.ok("{viewer {exports {status downloadUrl}}}"))["exports"]:
            if one["status"] == "READY" and one["downloadUrl"]:
                answer = await client.http.get(one["downloadUrl"])
                if answer.status_code == 200:
                    verdict = verify(io.BytesIO(answer.content))
                    check(verdict.ok, "an export that does not verify", verdict.problems)


@move(7)
async def delete(town: Town, rng: random.Random) -> None:
    """Closed at once; the dates are the policy's, the code is kept."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    rule = town.rule("CLOSED", person)

    def closed(one: Person) -> None:
        now = town.now
        one.state, one.ending = CLOSED, Ending(now, rule.due_at(now), rule.promised_at(now), "CUSTOMER")

    answer = await town.ask(client, DELETE, who=person, effect=closed)
    if answer["__typename"] == "ProfileDeleted":
        person.codes.append(answer["certificateCode"])
        seen = await client.answer("{viewer {id}}")
        check(seen["data"]["viewer"] is None, "a closed account is still signed in")


@move(3)
async def answer_policy(town: Town, rng: random.Random) -> None:
    """A version that waits is looked at, accepted or declined."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person)
    if person is None or client is None:
        return
    pending = (await client.ok("{viewer {policyStanding {pending {version}}}}"))["policyStanding"]["pending"]
    if pending is None:
        return
    version, answer = pending["version"], rng.choice(["VIEWED", "ACCEPTED", "ACCEPTED", "DECLINED"])

    def answered(one: Person) -> None:
        if answer != "VIEWED":
            one.answers[version] = answer == "ACCEPTED"

    await town.ask(client, ANSWER, who=person, effect=answered, v=version, a=answer)


@move(2)
async def ends_sessions(town: Town, rng: random.Random) -> None:
    """Signs out, or ends the others, or says that a sign-in was not theirs."""
    person = some(town, rng, ACTIVE)
    client = person and await town.come_in(person, prove=True)
    if person is None or client is None:
        return
    how = rng.choice([SIGN_OUT, END_OTHERS, REPORT])
    if how is not REPORT:
        await town.ask(client, how, who=person)
        return
    [latest] = (await client.ok("{viewer {signIns(first: 1) {nodes {id}}}}"))["signIns"]["nodes"]

    def reported(one: Person) -> None:
        one.secured, one.pending, one.ended_at = True, None, town.now

    await town.ask(client, REPORT, who=person, effect=reported, b={"id": latest["id"]})


@move(2)
async def ask_for_certificate(town: Town, rng: random.Random) -> None:
    """Whoever is gone holds a code that opens their certificate, sooner or later."""
    person = some(town, rng, GONE)
    if person and person.codes:
        code = rng.choice(person.codes)
        answer = await Client(town.house, {}).answer(CERTIFICATE, c=code)
        check("errors" not in answer, answer)


async def immigrate(town: Town, rng: random.Random, count: int) -> None:
    """Customers out of a billing panel's list."""
    people = [newcomer(town, rng) for _ in range(count)]
    lines = [
        json.dumps({
            "reference": f"R{one.token}", "given_name": one.given, "family_name": one.family, "birthdate": "1987-04-12",
            "street_address": f"{one.token} iela 1", "locality": "Rīga", "postal_code": "LV-1039", "country": "LV",
            "phone_number": one.phone, "email": one.email,
            "services": [{"reference": f"S{number}", "kind": "DOMAIN", "name": f"{one.token}.lv", "started_at": "2026-01-01"}],
        }) + "\n"
        for number, one in enumerate(people, town.model.tokens * 1_000)
    ]  # fmt: skip
    summary = await import_customers(town.world, Lines(lines, json_lines=True))
    check(summary.imported == count, summary)
    by_email = {}
    known = set(town.model.by_id())
    rows = [row for row in await Customer.filter(state=State.ACTIVE) if row.id not in known]
    keys = await town.world.vault.keys([row.id for row in rows])
    for row in rows:
        by_email[row.opened(keys).email] = row.id
    for one in people:
        one.id, one.state, one.password = by_email[one.email], ACTIVE, None
        town.model.people.append(one)
