"""Signing in. Every attempt leaves one record (clause 1.2); a right proof of a closed account shows its closure only."""

from dataclasses import dataclass
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, Actor, changing
from models.actions.agents import parsed, place_of
from models.actions.finding import DEVICE, account_of_email, entry
from models.actions.origin import Origin, Viewer
from models.actions.sessions import Tokens, begin_session, is_right_password
from models.actions.sign_up import checked_email
from models.actions.tokens import make_link, revoke
from models.checks import Checks
from models.refused import Reason, Refused
from models.tables import Closure, IndexEntry, SignIn, Stranger
from models.tables.accounts import State
from models.tables.credentials import Purpose, SessionKind
from models.tables.events import ActorKind, EventContents, EventKind
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


async def sign_in(
    world: World,
    email: str,
    password: str,
    *,
    kind: SessionKind = SessionKind.BROWSER,
    label: str | None = None,
    origin: Origin,
) -> SignedIn | Closed:
    """Sign in with a password.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS, EMAIL_UNCONFIRMED, RESET_REQUIRED, BUSY).
    """
    address, label = checked_email(world, email), _checked_label(world, label)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    person = await account_of_email(world, address)
    if person is None:
        await _waste(world, address, password)
        raise Refused(Reason.WRONG_CREDENTIALS)
    known = await _knows(world, person, origin.device)
    bucket = (throttle.KNOWN_DEVICE, f"{person}|{origin.device}") if known else (throttle.UNKNOWN_DEVICE, str(person))
    try:
        await throttle.count(world, *bucket)
    except Refused:
        await _record_throttled(world, person, origin, known)
        raise
    right = await is_right_password(world, person, password)
    if right:
        await throttle.forget(world, *bucket)
    attempt = await _decide(world, person, right, kind, label, origin, known)
    if isinstance(attempt, Reason):
        raise Refused(attempt)
    return attempt


async def _decide(
    world: World, person: UUID, right: bool, kind: SessionKind, label: str | None, origin: Origin, known: bool
) -> SignedIn | Closed | Reason:
    """One transaction: the record of the attempt, and what follows from it."""
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        customer = account.customer
        attempt = new_record(account, origin, known)
        answer: SignedIn | Closed | Reason
        if not right:
            attempt.outcome, answer = SignInOutcome.WRONG_CREDENTIALS, Reason.WRONG_CREDENTIALS
        elif customer.state is State.UNCONFIRMED:
            attempt.outcome, answer = SignInOutcome.BLOCKED, Reason.EMAIL_UNCONFIRMED
        elif customer.is_closed:
            attempt.outcome, answer = SignInOutcome.CLOSED, await _closed(account)
        elif customer.secured_at is not None:
            attempt.outcome, answer = SignInOutcome.BLOCKED, Reason.RESET_REQUIRED
            await send_reset_link(account, "account-secured")
        else:
            answer = await _begin(account, attempt, kind, label, origin, known)
        await attempt.save(force_create=True)
        await _event(account, attempt, origin)
    return answer


async def _closed(account: Account) -> Closed | Reason:
    closure = await Closure.filter(customer_id=account.id).first()
    return Closed(account.id) if closure else Reason.WRONG_CREDENTIALS


async def _begin(
    account: Account, attempt: SignIn, kind: SessionKind, label: str | None, origin: Origin, known: bool
) -> SignedIn:
    world, customer = account.world, account.customer
    session, secret, tokens = await begin_session(account, kind, label, origin)
    attempt.session_id = session.id
    device = origin.device if known and origin.device else world.new_secret()
    if not known:
        seen = entry(world, account.id, DEVICE, _device_value(account.id, device))
        seen.until = account.until("SIGN_IN")
        await IndexEntry.bulk_create([seen])
        if customer.last_sign_in_at is not None:
            await _tell_of_new_device(account, attempt, origin)
    customer.last_sign_in_at = account.now
    await customer.save(update_fields=["last_sign_in_at"])
    return SignedIn(Viewer(customer, session), secret, tokens, device)


def new_record(account: Account, origin: Origin, known: bool) -> SignIn:
    """The record of an attempt: IP, time, place as estimated now, parsed user agent, new-device mark."""
    agent, place = parsed(origin.agent), place_of(account.world, origin)
    record = SignIn(
        id=account.world.new_id(),
        customer_id=account.id,
        at=account.now,
        outcome=SignInOutcome.SUCCEEDED,
        method=SignInMethod.PASSWORD,
        ip_precision=IpPrecision.FULL,
        is_new_device=not known,
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


async def _record_throttled(world: World, person: UUID, origin: Origin, known: bool) -> None:
    """One record per customer, network and minute, with a count (clause 1.2.1)."""
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        minute = account.now.replace(second=0, microsecond=0).isoformat()
        key = world.vault.index("throttled", f"{person}|{throttle.network_of(origin.ip)}|{minute}")
        again = await SignIn.filter(minute_key=key).first()
        if again is not None:
            again.count += 1
            await again.save(update_fields=["count"])
            return
        record = new_record(account, origin, known)
        record.outcome, record.minute_key = SignInOutcome.THROTTLED, key
        await record.save(force_create=True)


async def _event(account: Account, attempt: SignIn, origin: Origin) -> None:
    place = place_of(account.world, origin)
    details = EventContents(ip=origin.ip, country=place.country, region=place.region, city=place.city)
    name = "sign-in." + attempt.outcome.value.lower().replace("_", "-")
    await account.event(EventKind.AUTHENTICATION, name, details=details)


async def _tell_of_new_device(account: Account, attempt: SignIn, origin: Origin) -> None:
    agent, place = parsed(origin.agent), place_of(account.world, origin)
    expires = account.until("REPORT_LINK")
    link = await make_link(account, Purpose.REPORT_SIGN_IN, expires, subject=attempt.id)
    await account.letter(
        "new-device",
        at=account.now,
        ip_network=throttle.network_of(origin.ip),
        place=", ".join(part for part in (place.city, place.country) if part) or None,
        browser=agent.browser,
        os=agent.os,
        link=link,
    )


async def send_reset_link(account: Account, template: str, *, to: str | None = None) -> None:
    """A letter with a fresh link to set the password anew; earlier links stop working."""
    await revoke(account, Purpose.RESET_PASSWORD)
    expires = account.until("RESET_LINK")
    link = await make_link(account, Purpose.RESET_PASSWORD, expires)
    await account.letter(template, to=to, link=link, expires_at=expires)


def _checked_label(world: World, label: str | None) -> str | None:
    if label is None:
        return None
    checks = Checks(today=world.today())
    label = checks.line("label", label, "label")
    checks.done()
    return label


def _device_value(person: UUID, device: str) -> str:
    return f"{person}|{device}"


async def _knows(world: World, person: UUID, device: str | None) -> bool:
    """Whether this device signed in to this account before."""
    if device is None:
        return False
    digest = world.vault.index(DEVICE, _device_value(person, device))
    return await IndexEntry.filter(digest=digest, field=DEVICE, person_id=person).exists()


async def _waste(world: World, address: str, password: str) -> None:
    """An unknown address costs the same time, and leaves only a keyed hash for a day."""
    await world.vault.keys([UUID(int=0)])
    await throttle.count(world, throttle.UNKNOWN_DEVICE, "stranger|" + address)
    await world.passwords.waste(password)
    await Stranger.create(id=world.new_id(), digest=world.vault.index("stranger", address), at=world.now())
