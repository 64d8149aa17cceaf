"""Natural persons whose data a customer gave us (clause 4.1.5): told of it, and gone when either of the two asks."""

from dataclasses import dataclass
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.finding import entry
from models.actions.holds import refuse_held
from models.actions.origin import Viewer
from models.actions.tokens import make_link
from models.checks import Checks
from models.checks.emails import email_key
from models.policy import limits
from models.refused import Reason, Refused
from models.tables import ActionToken, IndexEntry, Letter, Message, RelatedPerson
from models.tables.credentials import Purpose
from models.tables.events import ActorKind, EventKind
from models.tables.related_persons import RelatedPersonContents, RelatedPersonRole
from models.world import World

AT_MOST = limits.most("related persons").most
RELATED_EMAIL = "related_email"
TOLD = "related-person-added"
STRANGERS_TOLD = limits.throttle("strangers told")
Opened = tuple[RelatedPerson, RelatedPersonContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGiven:
    """What the customer says of them."""

    given_name: str
    family_name: str
    role: RelatedPersonRole
    email: str | None = None
    phone_number: str | None = None


async def add_related_person(world: World, viewer: Viewer, given: PersonGiven) -> Opened:
    """Add a person; a letter tells them, with a link to be removed again.

    Raises Refused(INVALID_INPUT, LIMIT_REACHED, TOO_MANY_ATTEMPTS).
    """
    contents = _checked(world, given)
    if contents.email is not None:
        await throttle.count(world, STRANGERS_TOLD, str(viewer.customer.id))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if await RelatedPerson.filter(customer_id=account.id).count() >= AT_MOST:
            raise Refused(Reason.LIMIT_REACHED)
        person = RelatedPerson(id=world.new_id(), customer_id=account.id, role=given.role, added_at=account.now)
        person.seal(account.keys, contents)
        await person.save(force_create=True)
        await _tell(account, person, contents)
        await account.event(EventKind.CREATE, "related-person.added", fields=["relatedPersons"])
    return person, contents


async def edit_related_person(world: World, viewer: Viewer, person_id: UUID, given: PersonGiven) -> Opened:
    """Say it anew; a new address is told. Raises Refused(INVALID_INPUT, NOT_FOUND, TOO_MANY_ATTEMPTS)."""
    contents = _checked(world, given)
    if contents.email is not None:
        await throttle.count(world, STRANGERS_TOLD, str(viewer.customer.id))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        person = await _owned(account, person_id)
        before: RelatedPersonContents = person.opened(account.keys)
        person.role = given.role
        person.seal(account.keys, contents)
        await person.save(update_fields=["role", "sealed"])
        if _key(before.email) != _key(contents.email):
            await _forget_address(account, person, before)
            await _tell(account, person, contents)
        await account.event(EventKind.MODIFY, "related-person.edited", fields=["relatedPersons"])
    return person, contents


async def remove_related_person(world: World, viewer: Viewer, person_id: UUID) -> UUID:
    """The customer takes a person back. Raises Refused(NOT_FOUND, ON_HOLD)."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        person = await _owned(account, person_id)
        await refuse_held(account, "related_person")
        await erase_related_person(account, person)
        await account.event(EventKind.REMOVE, "related-person.removed", fields=["relatedPersons"])
    return person_id


async def remove_by_letter(world: World, token: str) -> UUID:
    """That person asks to be erased, from the link of their letter; works signed out. Raises Refused(EXPIRED_TOKEN, ON_HOLD).

    Works while the account is closed, too, whose closing ended every other link: they need not wait for its erasure.
    """
    found = await ActionToken.filter(digest=world.vault.digest(token), purpose=Purpose.REMOVE_RELATED_PERSON).first()
    if found is None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    async with changing(world, found.customer_id, by=Actor(ActorKind.SYSTEM), closed_too=True) as account:
        person = await RelatedPerson.filter(id=found.subject_id, customer_id=account.id).first()
        if person is None:
            raise Refused(Reason.EXPIRED_TOKEN)
        await refuse_held(account, "related_person")
        await erase_related_person(account, person)
        await account.event(EventKind.REMOVE, "related-person.removed-themselves", fields=["relatedPersons"])
    return person.id


def _checked(world: World, given: PersonGiven) -> RelatedPersonContents:
    checks = Checks(today=world.today())
    contents = RelatedPersonContents(
        given_name=checks.name("givenName", given.given_name),
        family_name=checks.name("familyName", given.family_name),
        email=checks.optional(checks.email, "email", given.email),
        phone_number=checks.optional(checks.phone, "phoneNumber", given.phone_number),
    )
    checks.done()
    return contents


async def _owned(account: Account, person_id: UUID) -> RelatedPerson:
    found = await RelatedPerson.filter(id=person_id, customer_id=account.id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


def _key(email: str | None) -> str | None:
    return None if email is None else email_key(email)


async def _tell(account: Account, person: RelatedPerson, contents: RelatedPersonContents) -> None:
    """A letter to the address that was given, if any; from now on the person is found by it."""
    if contents.email is None:
        return
    await IndexEntry.bulk_create([entry(account.world, account.id, RELATED_EMAIL, email_key(contents.email))])
    expires = account.until("RELATED_PERSON_LINK")
    link = await make_link(account, Purpose.REMOVE_RELATED_PERSON, expires, subject=person.id)
    await account.letter(TOLD, to=contents.email, name=contents.given_name, by_company=account.profile.name, link=link)


async def erase_related_person(account: Account, person: RelatedPerson, *, owed_already: bool = False) -> None:
    """Their row and every copy of it; measured as the obligation that it is (within two days), since they asked at the office."""
    await _forget_address(account, person, person.opened(account.keys))
    if not owed_already:
        await account.owe("RELATED_PERSON", subject=person.id)
    await person.delete()
    await account.fulfil("RELATED_PERSON", subject=person.id)


async def _forget_address(account: Account, person: RelatedPerson, contents: RelatedPersonContents) -> None:
    """What went out to the address, and how it was found, go too."""
    links = ActionToken.filter(customer_id=account.id, purpose=Purpose.REMOVE_RELATED_PERSON, subject_id=person.id)
    await links.delete()
    if contents.email is None:
        return
    digest = account.world.vault.index(RELATED_EMAIL, email_key(contents.email))
    known = await IndexEntry.filter(person_id=account.id, field=RELATED_EMAIL, digest=digest).first()
    if known is not None:
        await known.delete()
    letters = await Letter.filter(customer_id=account.id, template=TOLD)
    ids = [letter.id for letter in letters if letter.opened(account.keys).to == contents.email]
    await Letter.filter(id__in=ids).delete()
    await Message.filter(id__in=ids).delete()  # a letter's copy in the conversation has the letter's id
