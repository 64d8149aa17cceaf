"""How an attempt to sign in ends: one record (clause 1.2), an event, and what follows from a right proof."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.actions import devices, throttle
from models.actions.account import Account, Actor, changing
from models.actions.agents import parsed, place_of, seen_from
from models.actions.factor_recovery import cancel_recovery
from models.actions.origin import Origin, Viewer
from models.actions.sessions import Tokens, begin_session
from models.actions.tokens import make_link, send_reset_link
from models.checks import Checks
from models.refused import Reason, Refused
from models.tables import ActionToken, Closure, SignIn
from models.tables.accounts import State
from models.tables.credentials import Purpose, SessionKind
from models.tables.events import ActorKind, EventKind
from models.tables.sign_ins import IpPrecision, SignInContents, SignInMethod, SignInOutcome
from models.world import World


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session begun: the browser's secret, or an app's tokens; and a token that makes this device a known one."""

    viewer: Viewer
    secret: str
    tokens: Tokens | None
    device: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The right proof of a closed account: what its owner may still see."""

    customer_id: UUID


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries: from where, on a device the account knows or not, with what, for which kind of session."""

    origin: Origin
    known: bool
    method: SignInMethod
    kind: SessionKind = SessionKind.BROWSER
    label: str | None = None


async def admit(world: World, person: UUID, attempt: Attempt) -> None:
    """Count one try at this account before any work is done for it. Raises Refused(TOO_MANY_ATTEMPTS)."""
    second = attempt.method is not SignInMethod.PASSWORD
    try:
        await throttle.count(world, *devices.bucket(person, attempt.origin, known=attempt.known, second=second))
    except Refused:
        await _record_throttled(world, person, attempt)
        raise


async def forgive(world: World, person: UUID, attempt: Attempt) -> None:
    """A right proof: what was counted against this device is forgotten."""
    for second in (False, True):
        await throttle.forget(world, *devices.bucket(person, attempt.origin, known=attempt.known, second=second))


async def succeed(account: Account, attempt: Attempt) -> SignedIn | Closed | Reason:
    """Everything asked for was right: a session, in the caller's transaction, or why there is none."""
    customer, record = account.customer, new_record(account, attempt)
    answer: SignedIn | Closed | Reason
    if customer.state is State.UNCONFIRMED:
        record.outcome, answer = SignInOutcome.BLOCKED, Reason.EMAIL_UNCONFIRMED
    elif customer.is_closed:
        record.outcome, answer = SignInOutcome.CLOSED, await _closed(account)
    elif customer.secured_at is not None:
        record.outcome, answer = SignInOutcome.BLOCKED, Reason.RESET_REQUIRED
        await _bring_reset_link(account)
    else:
        answer = await _begin(account, record, attempt)
    await record.save(force_create=True)
    await _event(account, record, attempt.origin)
    return answer


async def fail(account: Account, attempt: Attempt, outcome: SignInOutcome) -> None:
    """Something was wrong: the record of it, in the caller's transaction."""
    record = new_record(account, attempt)
    record.outcome = outcome
    await record.save(force_create=True)
    await _event(account, record, attempt.origin)


async def _closed(account: Account) -> Closed | Reason:
    closure = await Closure.filter(customer_id=account.id).first()
    return Closed(account.id) if closure else Reason.WRONG_CREDENTIALS


async def _bring_reset_link(account: Account) -> None:
    """One letter at a time: who knows the old password neither floods the owner nor makes a link stop working."""
    open_ones = ActionToken.filter(customer_id=account.id, purpose=Purpose.RESET_PASSWORD, used_at=None)
    if not await open_ones.filter(expires_at__gt=account.now).exists():
        await send_reset_link(account, "account-secured")


async def _begin(account: Account, record: SignIn, attempt: Attempt) -> SignedIn:
    customer = account.customer
    session, secret, tokens = await begin_session(account, attempt.kind, attempt.label, attempt.origin)
    record.session_id = session.id
    until = account.until("SIGN_IN")
    device = await devices.remember(account.world, account.id, attempt.origin, known=attempt.known, until=until)
    if not attempt.known and customer.last_sign_in_at is not None:
        await _tell_of_new_device(account, record, attempt.origin)
    if attempt.method is not SignInMethod.PASSWORD:
        await cancel_recovery(account)
    if (
        customer.last_sign_in_at is None
        or customer.last_sign_in_at <= account.now - account.rule("DORMANT").stage("write").at
    ):
        await account.fulfil("DORMANT")  # the first visit in two years calls the closing off (clause 4.1.3)
    customer.last_sign_in_at = account.now
    await customer.save(update_fields=["last_sign_in_at"])
    return SignedIn(Viewer(customer, session), secret, tokens, device)


def new_record(account: Account, attempt: Attempt) -> SignIn:
    """The record of an attempt: IP, time, place as estimated now, parsed user agent, new-device mark."""
    origin = attempt.origin
    agent, place = parsed(origin.agent), place_of(account.world, origin)
    record = SignIn(
        id=account.world.new_id(),
        customer_id=account.id,
        at=account.now,
        outcome=SignInOutcome.SUCCEEDED,
        method=attempt.method,
        ip_precision=IpPrecision.FULL,
        is_new_device=not attempt.known,
    )
    record.seal(
        account.keys,
        SignInContents(
            ip=origin.ip, agent=origin.agent, browser=agent.browser, os=agent.os, device=agent.device,
            country=place.country, region=place.region, city=place.city,
            latitude=place.latitude, longitude=place.longitude, place_source=place.source,
        ),
    )  # fmt: skip
    return record


async def _record_throttled(world: World, person: UUID, attempt: Attempt) -> None:
    """One record per customer, network and minute, with a count (clause 1.2.1)."""
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        minute = account.now.replace(second=0, microsecond=0).isoformat()
        key = world.vault.index("throttled", f"{person}|{throttle.network_of(attempt.origin.ip)}|{minute}")
        again = await SignIn.filter(minute_key=key).first()
        if again is not None:
            again.count += 1
            await again.save(update_fields=["count"])
            return
        record = new_record(account, attempt)
        record.outcome, record.minute_key = SignInOutcome.THROTTLED, key
        await record.save(force_create=True)


async def _event(account: Account, record: SignIn, origin: Origin) -> None:
    name = "sign-in." + record.outcome.value.lower().replace("_", "-")
    await account.event(EventKind.AUTHENTICATION, name, details=seen_from(account.world, origin))


async def _tell_of_new_device(account: Account, record: SignIn, origin: Origin) -> None:
    expires = account.until("REPORT_LINK")
    link = await make_link(account, Purpose.REPORT_SIGN_IN, expires, subject=record.id)
    await account.letter("new-device", link=link, **_seen(account, origin))


async def tell_of_guessing(account: Account, origin: Origin) -> None:
    """Somebody knows the password and not the second step; in the caller's transaction."""
    await account.letter("second-factor-failed", reset_link=f"{account.world.base_url}/reset", **_seen(account, origin))


def _seen(account: Account, origin: Origin) -> dict[str, Any]:
    """Who it was, as far as a letter may say."""
    agent, place = parsed(origin.agent), place_of(account.world, origin)
    return {
        "at": account.now,
        "ip_network": throttle.network_of(origin.ip),
        "place": ", ".join(part for part in (place.city, place.country) if part) or None,
        "browser": agent.browser,
        "os": agent.os,
    }


def checked_label(world: World, label: str | None) -> str | None:
    """A session's name as it was given, checked. Raises Refused(INVALID_INPUT)."""
    if label is None:
        return None
    checks = Checks(today=world.today())
    label = checks.line("label", label, "label")
    checks.done()
    return label
