"""What attackers do: guess, come with a stolen session, open old links. None of it changes anything."""

import random

import httpx

from tests.factories import Client
from tests.simulation.customers import CONFIRM, REVERT, SIGN_IN
from tests.simulation.model import ACTIVE, CLOSED, GOING, GONE, UNCONFIRMED
from tests.simulation.moves import move, some
from tests.simulation.town import RESET, Town, check, mutation

NOT_ME = mutation("($t: String!)", "reportSignIn(by: {token: $t})")
LINKS = {"confirm-email": CONFIRM, "confirm-email-change": CONFIRM, "revert-email-change": REVERT, "new-device": NOT_ME,
         "reset-password": RESET, "account-secured": RESET}  # fmt: skip


@move(4)
async def guess(town: Town, rng: random.Random) -> None:
    """Passwords for somebody who is here, who is gone, who never was."""
    person = some(town, rng, ACTIVE, CLOSED, GONE, GOING)
    email = person.email if person and rng.random() < 0.8 else "nobody@example.com"
    thief = Client(town.house, {"user-agent": "Guesser"})
    for number in range(rng.randrange(1, 5)):
        answer = await town.ask(thief, SIGN_IN, e=email, p=f"guess number {number} of many")
        check(answer["__typename"] == "Refusal", "a guess is let in", email)


@move(3)
async def steal_a_session(town: Town, rng: random.Random) -> None:
    """The cookies of somebody who is signed in are copied."""
    person = some(town, rng, ACTIVE)
    if person is None:
        return
    thief = Client(town.house, {})
    thief.http.cookies = httpx.Cookies(town.browser(person).http.cookies)
    town.stolen.append((person, thief, town.now))
    for _, old, _ in town.stolen[:-40]:
        await old.http.aclose()
    del town.stolen[:-40]


@move(4, mortal=False)
async def use_a_stolen_session(town: Town, rng: random.Random) -> None:
    """It opens nothing of an account that is closed or gone, nor where every session was ended since."""
    if not town.stolen:
        return
    person, thief, stolen_at = rng.choice(town.stolen)
    seen = (await thief.answer("{viewer {id profile {email}}}"))["data"]["viewer"]
    current = next((one for one in town.model.people if one.id == person.id), None)
    if seen is not None:
        check(current and current.state == ACTIVE, "a stolen session opens", person.token, current and current.state)
        assert current
        check(not current.ended_at or current.ended_at <= stolen_at, "a stolen session outlives a reset:", person.token)


@move(4)
async def use_an_old_link(town: Town, rng: random.Random) -> None:
    """Of somebody who is closed or gone: it does nothing any more."""
    dead = {one.token for one in town.model.here(CLOSED, GOING, GONE)} - {
        one.token for one in town.model.here(ACTIVE, UNCONFIRMED)
    }
    links = [(kind, token) for kind, to, token in town.links if to[:10] in dead and kind in LINKS]
    if not links:
        return
    kind, token = rng.choice(links)
    more = {"p": "the thief's own password"} if LINKS[kind] is RESET else {}
    answer = await town.ask(Client(town.house, {}), LINKS[kind], t=token, **more)
    check(answer["__typename"] == "Refusal", "an old link works:", kind)
