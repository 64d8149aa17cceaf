"""How a customer is found: by blind indexes of exact values. There is no substring search, by design."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from models.actions.account import Account
from models.checks.emails import email_key
from models.tables import Customer, IndexEntry
from models.tables.accounts import IndexUse, ProfileContents, State
from models.world import World

EMAIL, PHONE, PERSONAL_CODE, NAME, SERVICE, DEVICE = (
    "email",
    "phone",
    "personal_code",
    "name_birthdate",
    "service",
    "device",
)


def email_digest(world: World, email: str) -> bytes:
    """The blind index of an address; letter case does not matter."""
    return world.vault.index(EMAIL, email_key(email))


def name_key(family_name: str, birthdate: date) -> str:
    """Family name and birthdate, as one value to find by."""
    return f"{family_name.casefold()}|{birthdate.isoformat()}"


def profile_values(profile: ProfileContents) -> Iterator[tuple[str, str]]:
    """The values of a profile that can be found by, its e-mail address aside."""
    yield PHONE, profile.phone_number
    if profile.personal_code is not None:
        yield PERSONAL_CODE, f"{profile.personal_code.country}|{profile.personal_code.code}"
    if profile.birthdate is not None:
        yield NAME, name_key(profile.family_name, profile.birthdate)


def profile_entries(world: World, person: UUID, profile: ProfileContents) -> list[IndexEntry]:
    """Index rows for a profile, its e-mail address aside."""
    return [entry(world, person, field, value) for field, value in profile_values(profile)]


def entry(world: World, person: UUID, field: str, value: str) -> IndexEntry:
    """One index row that claims nothing."""
    return IndexEntry(id=world.new_id(), person_id=person, field=field, digest=world.vault.index(field, value))


def email_entry(world: World, person: UUID, email: str, use: IndexUse) -> IndexEntry:
    """An address's index row; CONFIRMED and HELD ones claim it, so that nobody else can have it."""
    digest = email_digest(world, email)
    claim = None if use is IndexUse.PENDING else digest
    return IndexEntry(id=world.new_id(), person_id=person, field=EMAIL, digest=digest, use=use, claim=claim)


async def owner_of_email(world: World, email: str) -> IndexEntry | None:
    """Whose address it is: the one that claims it, or else the newest that waits for its confirmation."""
    found = await IndexEntry.filter(digest=email_digest(world, email), field=EMAIL)
    return max(found, key=lambda one: (one.claim is not None, one.id), default=None)


async def account_of_email(world: World, email: str) -> UUID | None:
    """Who signs in with this address: its confirmed owner, or the newest sign-up that waits for its confirmation.

    An old address that is only held, or a new one that has not answered yet, signs nobody in.
    """
    found = await owner_of_email(world, email)
    if found is None or found.use is IndexUse.HELD:
        return None
    if (
        found.use is IndexUse.PENDING
        and not await Customer.filter(id=found.person_id, state=State.UNCONFIRMED).exists()
    ):
        return None
    return found.person_id


async def index_again(account: Account) -> None:
    """The profile changed: its index rows say what it is now."""
    old = IndexEntry.filter(person_id=account.id, field__in=[PHONE, PERSONAL_CODE, NAME])
    await old.delete()
    await IndexEntry.bulk_create(profile_entries(account.world, account.id, account.profile))
