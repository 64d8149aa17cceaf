"""Personal values planted in a whole journey, on both databases, are in no log line, no metric and no error's answer."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from api import logs
from api.as_of import run_until_done
from api.settings import Settings
from tests.factories import Client, House
from tests.schema.test_subjects import EXAMPLES, asking, no, yes

IP, AGENT = "198.51.100.77", "CanaryBrowser/7.7"
VALUES = {
    "givenName": "Canarija", "familyName": "Putniņa-Canary", "email": "canary.bird@example.com", "phoneNumber": "+37129876543",
    "password": "canary sings in the coal mine", "holder": "Canary Holder", "iban": "LV80BANK0000435195001",
    "street": "Canary Street 77", "message": "My canary escaped", "related": "related.canary@example.com",
    "new": "new.canary@example.com", "label": "Canary's laptop", "code": "161175-19997", "ip": IP, "agent": AGENT,
}  # fmt: skip


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The process's log, libraries included, goes here, and back where it was afterwards."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn.access")
    before, handlers, level, disabled = logs._process.log, root.handlers[:], root.level, uvicorn.disabled
    out = io.StringIO()
    logs.configure("debug", "production", out)
    yield out
    logs._process.log, root.handlers[:], uvicorn.disabled = before, handlers, disabled
    root.setLevel(level)


@dataclass
class Watched:
    """Everything that was answered with an error, and the secrets that were handed out on the way."""

    errors: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    async def note(self, answer: httpx.Response) -> None:
        await answer.aread()
        self.secrets |= {one.value for one in answer.cookies.jar if one.value}
        if answer.status_code >= 400 or '"errors"' in answer.text:
            self.errors.append(answer.text)


def browser(house: House, watched: Watched) -> Client:
    """Somebody with an address and a browser of their own."""
    person = house.client()
    transport = httpx.ASGITransport(app=house.app, client=(IP, 7777), raise_app_exceptions=False)
    headers, hooks = {"User-Agent": AGENT}, {"response": [watched.note]}
    person.http = httpx.AsyncClient(
        transport=transport, base_url="http://localhost:8000", headers=headers, event_hooks=hooks
    )
    person.email, person.password = VALUES["email"], VALUES["password"]
    return person


async def journey(house: House, person: Client, watched: Watched) -> None:
    """Come, look, change, write, take a copy, go wrong everywhere, leave."""
    names = {name: VALUES[name] for name in ("givenName", "familyName", "email", "phoneNumber", "password")}
    address = {"streetAddress": VALUES["street"], "locality": "Rīga", "country": "LV"}
    await person.sign_up(**names, address=address)
    await house.work(only="post-letters")
    await yes(person, "confirmEmail", token=keep(watched, house.token("confirm-email")))
    await no(person, "signIn", email=person.email, password=person.password + "!")
    native = await yes(person, "signIn", "... on SignedIn {tokens {accessToken refreshToken}}", email=person.email,
                       password=person.password, kind="NATIVE", label=VALUES["label"])  # fmt: skip
    watched.secrets |= set(native["tokens"].values())
    await person.sign_in()
    await person.step_up()
    method = {"bankAccount": {"iban": VALUES["iban"], "holder": VALUES["holder"]}}
    await yes(person, "addPaymentMethod", input=EXAMPLES["addPaymentMethod"]["input"] | {"method": method})
    related = {"givenName": "Canarija", "familyName": "Putniņa-Canary", "role": "TECHNICAL", "email": VALUES["related"]}
    await yes(person, "addRelatedPerson", input=related)
    await yes(person, "sendMessage", text=VALUES["message"], about=None)
    await yes(person, "requestExport")
    await house.work()
    [ready] = (await person.ok("{viewer {exports {downloadUrl}}}"))["exports"]
    assert (await person.http.get(ready["downloadUrl"])).status_code == 200
    await yes(
        person,
        "editProfile",
        input={"revision": 1, "identity": {"personalCode": {"country": "LV", "code": VALUES["code"]}}},
    )
    await yes(person, "changeEmail", newEmail=VALUES["new"])
    await yes(person, "requestPasswordReset", email=person.email)
    await house.work()
    for template in ("confirm-email-change", "reset-password", "related-person-added"):
        keep(watched, house.token(template))
    await wrong(person)
    deleted = await yes(person, "deleteProfile", "... on ProfileDeleted {certificateCode}")
    keep(watched, deleted["certificateCode"])
    await person.answer(asking("signIn", EXAMPLES["signIn"], ""), email=person.email, password=person.password)


def keep(watched: Watched, secret: str) -> str:
    watched.secrets.add(secret)
    return secret


async def wrong(person: Client) -> None:
    """What is malformed, hostile or of the wrong type, with the values in every place."""
    headers = {
        "X-Octopus-Client": VALUES["label"].encode().decode("ascii", "ignore"),
        "Referer": f"http://x/{VALUES['email']}",
    }
    said = VALUES["email"]
    for query in (
        f'{{node(id: "{said}") {{id {said}}}}}',
        f'{{policy(version: 5, x: "{said}") {{version}}}}',
        f'{{"{said}"',
    ):
        await person.http.post("/graphql", json={"query": query}, headers=headers)
    for name in ("editProfile", "signUp", "addPaymentMethod"):
        await person.answer(
            asking(name, EXAMPLES[name], ""), input={"revision": said, "email": [VALUES["phoneNumber"]]}
        )
    for content in (f'{{"query": "{said}', f'["{said}"]', f'{{"query": "{{viewer {{id}}}}", "variables": "{said}"}}'):
        await person.http.post("/graphql", content=content, headers=headers | {"Content-Type": "application/json"})
    for path in (f"/exports/{said}?token={said}", f"/{said}", f"/graphql?query={said}", f"/metrics?{said}"):
        await person.http.get(path, headers=headers)
    credentials = {"Cookie": f"session={said}", "Authorization": f"Bearer {IP}"}
    await person.http.request("CANARY", "/graphql", headers=headers | credentials)


class BrokenPost:
    """A mail server's client whose faults are full of values."""

    async def send(self, letter_id: Any, to: str, template: str, locale: str, params: Any) -> None:
        raise RuntimeError(f"{to} {template} {params}")


def broken(house: House) -> House:
    """The same house with a table of places and a post that fail as real ones do: with what they were given in their text."""

    def locate(ip: str) -> Any:
        raise ValueError(f"no place for {ip}, {VALUES['email']}")

    return House(replace(house.world, locate=locate, post=BrokenPost()), house.clock, house.folder)


@pytest.mark.asvs("16.2.5")
@pytest.mark.asvs("14.2.1")
async def test_no_planted_value_is_logged_counted_or_told_in_an_error(house: House, stream: io.StringIO) -> None:
    """Sign-up to closing, faults, hostile requests and a failing worker; every line, number and error's answer is searched."""
    watched, whole = Watched(), House(replace(house.world, log=logs.log), house.clock, house.folder)
    person = browser(whole, watched)
    await journey(whole, person, watched)
    failing = broken(whole)
    unlucky = browser(failing, watched)
    try:
        answer = await unlucky.answer(
            asking("signIn", EXAMPLES["signIn"], ""), email=person.email, password=person.password
        )
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
        await run_until_done(failing.world, Settings(data_dir=house.folder))
        metrics = (await house.client().http.get("/metrics")).text
        whole_metrics = (await whole.client().http.get("/metrics")).text
    finally:
        for one in (*whole.clients, *failing.clients):
            await one.http.aclose()

    written = stream.getvalue()
    assert "requests" in whole_metrics
    assert written.count('"event":"request"') > 30
    assert '"event":"fault"' in written
    assert len(watched.errors) > 8
    assert len(watched.secrets) > 6
    for value in {*VALUES.values(), *watched.secrets, VALUES["phoneNumber"][4:], "1987-04-12"}:
        for where, text in {
            "log": written,
            "metrics": metrics + whole_metrics,
            "error": "\n".join(watched.errors),
        }.items():
            assert value not in text, (where, value, [line for line in text.splitlines() if value in line][:2])
