"""Becoming a customer: the same answer whether or not the address is known; a letter tells its owner which it was."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.actions import throttle
from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.finding import email_digest, email_entry, owner_of_email, profile_entries
from models.actions.origin import Origin
from models.actions.tokens import find_token, make_link, revoke, spend
from models.checks import Checks
from models.checks.addresses import AddressGiven
from models.database import transaction
from models.keys import KeyAbsent, Keys
from models.refused import ProblemCode, Reason, Refused
from models.tables import Customer, IndexEntry, Password, PolicyAcceptance, Preferences
from models.tables.accounts import Address, IndexUse, PersonalCode, ProfileContents, State
from models.tables.credentials import PasswordContents, Purpose
from models.tables.events import ActorKind, EventKind
from models.tables.policy import AcceptanceEvent
from models.tables.preferences import Locale
from models.world import World

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to confuse on the telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """What somebody fills in to become a customer; exactly one of birthdate and personal_code (country, code)."""

    given_name: str
    family_name: str
    address: AddressGiven
    phone_number: str
    email: str
    password: str
    accepted_policy: str
    birthdate: date | None = None
    personal_code: tuple[str, str] | None = None
    locale: Locale = Locale.EN


async def sign_up(world: World, given: NewCustomer, *, origin: Origin) -> None:
    """Take a new customer in, unconfirmed. Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS, BUSY)."""
    profile, password = checked(world, given)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    encoded = await world.passwords.hash(password)
    person = world.new_id()
    keys = await world.vault.create([person])
    known = await owner_of_email(world, profile.email)
    if known is not None and known.claim is not None:
        await world.vault.destroy([person])
        await _tell_the_owner(world, known.person_id, profile.email)
        return
    async with transaction():
        account = await create(world, person, keys, profile, locale=given.locale, state=State.UNCONFIRMED)
        await set_password(account, encoded, new=True)
        await IndexEntry.bulk_create([email_entry(world, person, profile.email, IndexUse.PENDING)])
        await PolicyAcceptance.create(
            id=world.new_id(),
            customer_id=person,
            version=given.accepted_policy,
            event=AcceptanceEvent.ACCEPTED,
            at=account.now,
        )
        await account.event(EventKind.CREATE, "account.signed-up")
        await _ask_to_confirm(account)


def checked(world: World, given: NewCustomer) -> tuple[ProfileContents, str]:
    """The profile in canonical form, and the password. Raises Refused(INVALID_INPUT) with every problem at once."""
    checks = Checks(today=world.today())
    given_name = checks.name("givenName", given.given_name)
    family_name = checks.name("familyName", given.family_name)
    address = checks.address("address", given.address)
    phone = checks.phone("phoneNumber", given.phone_number)
    email = checks.email("email", given.email)
    birthdate = code = None
    if given.birthdate is not None:
        birthdate = checks.birthdate(("identity", "birthdate"), given.birthdate)
    elif given.personal_code is not None:
        held = checks.personal_code(("identity", "personalCode"), *given.personal_code)
        code = PersonalCode(country=held.country, code=held.code)
    else:
        checks.problem("identity", ProblemCode.REQUIRED)
    words = [given.given_name, given.family_name, given.email]
    password = checks.password("password", given.password, own_words=words, second_factor=False)
    if given.accepted_policy != world.policy.current(world.now()).name:
        checks.problem("acceptedPolicy", ProblemCode.NOT_ALLOWED)
    checks.done()
    profile = ProfileContents(
        given_name=given_name,
        family_name=family_name,
        address=sealed_address(address),
        phone_number=phone,
        email=email,
        alias=world.new_id().bytes,
        birthdate=birthdate,
        personal_code=code,
    )
    return profile, password


def sealed_address(given: AddressGiven) -> Address:
    """A checked address as the profile keeps it."""
    return Address(
        street_address=given.street_address,
        locality=given.locality,
        region=given.region,
        postal_code=given.postal_code,
        country=given.country,
    )


async def create(
    world: World, person: UUID, keys: Keys, profile: ProfileContents, *, locale: Locale, state: State
) -> Account:
    """The rows that every account has, inside the caller's transaction."""
    now = world.now()
    customer = Customer(
        id=person,
        number=customer_number(person),
        state=state,
        created_at=now,
        updated_at=now,
        governed_by=world.policy.current(now).name,
    )
    customer.seal(keys, profile)
    await customer.save(force_create=True)
    await Preferences.create(
        id=person, customer_id=person, locale=locale, time_zone=usual_time_zone(profile), updated_at=now
    )
    await IndexEntry.bulk_create(profile_entries(world, person, profile))
    return Account(world, customer, keys, profile, customer_actor(customer), now)


def usual_time_zone(profile: ProfileContents) -> str:
    """Of where somebody lives, until they choose another."""
    return "Europe/Riga" if profile.address.country == "LV" else "Europe/London"


def customer_number(person: UUID) -> str:
    """``C`` and eight signs of the id's random end."""
    bits = person.int & (2**40 - 1)
    return "C" + "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


async def set_password(account: Account, encoded: str, *, new: bool = False, alone: bool = True) -> None:
    """Keep a password's argon2id string, sealed under the person's key. Not ``alone``: too short without a second factor."""
    stored = None if new else await Password.filter(customer_id=account.id).first()
    password = stored or Password(id=account.world.new_id(), customer_id=account.id)
    password.changed_at = account.now
    password.seal(account.keys, PasswordContents(encoded=encoded, alone=alone))
    await password.save(force_create=stored is None)


async def resend_confirmation(world: World, email: str, *, origin: Origin) -> None:
    """Another confirmation letter, if the address waits for one; the same answer if not.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS).
    """
    address = checked_email(world, email)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    await throttle.count(world, throttle.LETTERS, address)
    known = await owner_of_email(world, address)
    if known is None or known.claim is not None:
        return
    by = Actor(ActorKind.CUSTOMER, known.person_id)
    async with changing(world, known.person_id, by=by, closed_too=True) as account:  # no answer of its own for those
        if account.customer.state is State.UNCONFIRMED:
            await revoke(account, Purpose.CONFIRM_EMAIL)
            await _ask_to_confirm(account)


def checked_email(world: World, email: str, field: str = "email") -> str:
    """One address in canonical form. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    address = checks.email(field, email)
    checks.done()
    return address


async def confirm_new_address(world: World, token: str) -> UUID:
    """The letter's link was opened: the account is active. Raises Refused(EXPIRED_TOKEN)."""
    found = await find_token(world, token, Purpose.CONFIRM_EMAIL)
    try:
        async with changing(world, found.customer_id, by=Actor(ActorKind.CUSTOMER, found.customer_id)) as account:
            await spend(account, found)
            digest = email_digest(world, account.profile.email)
            await IndexEntry.filter(person_id=account.id, use=IndexUse.PENDING, digest=digest).update(
                use=IndexUse.CONFIRMED, claim=digest
            )
            account.customer.state = State.ACTIVE
            account.customer.email_verified_at = account.now
            await account.save()
            await account.event(EventKind.MODIFY, "account.confirmed", fields=["email"])
    except IntegrityError:  # somebody else confirmed the same address first
        raise Refused(Reason.EXPIRED_TOKEN) from None
    return account.id


async def _ask_to_confirm(account: Account) -> None:
    expires = account.until("CONFIRM_LINK")
    link = await make_link(account, Purpose.CONFIRM_EMAIL, expires)
    await account.letter("confirm-email", link=link, expires_at=expires)


async def _tell_the_owner(world: World, person: UUID, email: str) -> None:
    base = world.base_url
    with suppress(Refused, KeyAbsent):  # being erased just now: there is nobody to tell, and nothing to give away
        async with changing(world, person, by=Actor(ActorKind.SYSTEM), closed_too=True) as account:
            await account.letter(
                "already-registered", to=email, sign_in_link=f"{base}/sign-in", reset_link=f"{base}/reset"
            )
