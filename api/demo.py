"""Made-up people with plausible histories, for development: they act through the real actions, at times gone by."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from api.as_of import alone
from api.demo_staff import employ, publish_next_policy, staff_sign_ins
from models.actions.attempts import SignedIn
from models.actions.delete_profile import delete_profile
from models.actions.edit_profile import ProfileChanges, edit_profile
from models.actions.finding import SERVICE, entry, owner_of_email
from models.actions.messages import NewMessage, send_message
from models.actions.origin import Origin, Viewer
from models.actions.payment_methods import NewPaymentMethod, add_payment_method
from models.actions.preferences import CookieChoice, PreferenceChanges, set_preferences
from models.actions.proving import Proof
from models.actions.related_persons import PersonGiven, add_related_person
from models.actions.sessions import sign_out
from models.actions.sign_in import sign_in
from models.actions.sign_up import NewCustomer, confirm_new_address, sign_up
from models.actions.step_up import step_up
from models.database import transaction
from models.refused import Refused
from models.tables import Customer, Letter, Message, Service, Session
from models.tables.accounts import Address, State
from models.tables.letters import LetterContents, MessageContents, MessageKind
from models.tables.payment_methods import PaymentKind
from models.tables.preferences import AdTopic, Locale
from models.tables.related_persons import RelatedPersonRole
from models.tables.services import ServiceContents, ServiceKind
from models.tables.sign_ins import SignInMethod
from models.world import World

PLAIN = str.maketrans("āčēģīķļņšūž", "acegiklnsuz")
PASSWORD = "violet-kettle-orbit-93"  # the same for all of them: nobody is behind it
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does not exist. ``joined`` and ``visits`` are days ago, in the order they happened."""

    name: tuple[str, str]
    address: Address
    phone: str
    joined: int
    visits: tuple[int, ...] = ()
    born: date | None = None
    code: str | None = None
    locale: Locale = Locale.EN
    pays: tuple[tuple[PaymentKind, str], ...] = ()
    services: tuple[tuple[ServiceKind, str], ...] = ()
    moved_to: Address | None = None
    names: tuple[str, str] | None = None
    wants: PreferenceChanges | None = None
    asked: str | None = None
    answered: str | None = None
    guessed: bool = False
    left: bool = False

    @property
    def email(self) -> str:
        return f"{self.name[0]}.{self.name[1]}@example.com".lower().translate(PLAIN)


def _uk(street: str, town: str, code: str) -> Address:
    return Address(street_address=street, locality=town, postal_code=code, country="GB")


def _lv(street: str, town: str, code: str) -> Address:
    return Address(street_address=street, locality=town, postal_code=code, country="LV")


PEOPLE = (
    Person(
        name=("Olivia", "Bennett"), born=date(1984, 3, 9), phone="+442079460101", joined=410,
        visits=(400, 210, 96, 30, 6, 1), address=_uk("12 Harbour Lane", "Bristol", "BS1 5TY"),
        moved_to=_uk("4 Orchard Close", "Bath", "BA1 2LR"),
        pays=((PaymentKind.BANK_ACCOUNT, "GB33BUKB20201555555555"), (PaymentKind.PAYPAL, "olivia.pays@example.com")),
        services=((ServiceKind.HOSTING, "Hosting M"), (ServiceKind.DOMAIN, "bennett-ceramics.example")),
        names=("Tom", "Bennett"), guessed=True,
        wants=PreferenceChanges(
            news_by_email=True, ad_topics=[AdTopic.HOSTING, AdTopic.DOMAINS],
            cookies=CookieChoice(preferences=True, statistics=False, advertising=False),
        ),
        asked="Which name servers should my domain use?",
        answered="Those in your welcome letter; we have set them for you.",
    ),
    Person(
        name=("Jānis", "Ozoliņš"), code="161175-19997", phone="+37120000101", joined=300, visits=(290, 120, 14, 2),
        address=_lv("Brīvības iela 100 - 5", "Rīga", "LV-1001"), locale=Locale.LV,
        pays=((PaymentKind.BANK_ACCOUNT, "LV80BANK0000435195001"),),
        services=((ServiceKind.EMAIL, "Pasts 10"), (ServiceKind.DOMAIN, "ozolins.example")),
        wants=PreferenceChanges(cookies=CookieChoice(preferences=False, statistics=False, advertising=False)),
        asked="Vai varu saņemt rēķinu latviski?", answered="Jā, turpmāk sūtīsim latviski.",
    ),
    Person(
        name=("Līga", "Kalniņa"), born=date(1991, 11, 23), phone="+37120000102", joined=150, visits=(150, 61, 9),
        address=_lv("Lielā iela 3", "Jelgava", "LV-3001"), locale=Locale.LV,
        pays=((PaymentKind.PHONE_BILL, "+37120000102"),), services=((ServiceKind.HOSTING, "Hosting S"),),
    ),
    Person(
        name=("Samuel", "Okafor"), born=date(1978, 7, 1), phone="+442079460102", joined=380, visits=(380, 200, 45),
        address=_uk("88 Mill Road", "Cambridge", "CB1 2AS"), pays=((PaymentKind.PAYPAL, "samuel.okafor@example.com"),),
        services=((ServiceKind.DOMAIN, "okafor-running.example"),), guessed=True,
    ),
    Person(
        name=("Grace", "Hughes"), born=date(2001, 1, 30), phone="+442079460103", joined=40, visits=(40, 20, 4),
        address=_uk("7 Castle Street", "Cardiff", "CF10 1BT"),
        services=((ServiceKind.INFORMATION_REQUEST, "Cloud servers"),),
        wants=PreferenceChanges(news_by_email=True, personalised_content=True),
    ),
    Person(
        name=("Mārtiņš", "Liepa"), born=date(1969, 5, 17), phone="+37120000103", joined=500, visits=(500, 364, 80),
        address=_lv("Rožu iela 21", "Liepāja", "LV-3401"), pays=((PaymentKind.BANK_ACCOUNT, "LV80BANK0000435195001"),),
        services=((ServiceKind.HOSTING, "Hosting L"),),
    ),
    Person(
        name=("Emily", "Stone"), born=date(1995, 9, 12), phone="+442079460104", joined=200, visits=(200, 31),
        address=_uk("3 Abbey Walk", "York", "YO1 7HH"), left=True,
    ),
    Person(
        name=("Daniel", "Reed"), born=date(1988, 12, 5), phone="+442079460105", joined=1,
        address=_uk("15 Queen Street", "Leeds", "LS1 2TW"),
    ),
)  # fmt: skip


async def load_demo(world: World) -> list[str]:
    """Those who are not there yet move in; how to sign in as each. Safe to run again.

    Workers wait: a session of last year is long over by their clock. Raises NotHere.
    """
    async with alone(world) as go_on:
        for number, person in enumerate(PEOPLE):
            if await owner_of_email(world, person.email) is None:
                await _Life(world, person, f"198.18.{number}.20").live()
            await go_on()
        await employ(world)
        await publish_next_policy(world)
    return await sign_ins(world)


async def sign_ins(world: World) -> list[str]:
    """The demonstration's people who are there now, staff last: address, password, and what is special about them."""
    found = []
    for person in PEOPLE:
        owner = await owner_of_email(world, person.email)
        customer = await Customer.get_or_none(id=owner.person_id) if owner else None
        if customer is not None:
            special = "" if customer.state is State.ACTIVE else f" ({customer.state.value.lower()})"
            found.append(f"{person.email} / {PASSWORD}{special}")
    return [*found, *await staff_sign_ins(world)]


class _Life:
    """One person's history, told in order. ``world`` is the world of the moment that is told."""

    def __init__(self, world: World, person: Person, ip: str) -> None:
        self._today, self.world, self.person, self._ip = world, world, person, ip
        self._device: str | None = None
        self.id = UUID(int=0)

    async def live(self) -> None:
        """From signing up to the last visit."""
        person = self.person
        self._go(person.joined, hours=1)
        await self._join()
        if not person.visits:
            return
        await confirm_new_address(self.world, await self._token())
        await self._contract()
        for number, days in enumerate(person.visits):
            self._go(days)
            await self._visit(number, is_last=number == len(person.visits) - 1)

    def _go(self, days: int, hours: int = 0) -> None:
        """The clock stands so many days before the real one, and goes on from there."""
        behind = timedelta(days=days, hours=hours, minutes=self.person.joined % 50)
        self.world = replace(self._today, now=lambda: self._today.now() - behind)

    async def _join(self) -> None:
        person = self.person
        given = NewCustomer(
            given_name=person.name[0],
            family_name=person.name[1],
            address=person.address,
            phone_number=person.phone,
            email=person.email,
            password=PASSWORD,
            accepted_policy=self.world.policy.current(self.world.now()).name,
            birthdate=person.born,
            personal_code=("LV", person.code) if person.code else None,
            locale=person.locale,
        )
        await sign_up(self.world, given, origin=self._from(DESKTOP))
        if (owner := await owner_of_email(self.world, person.email)) is not None:
            self.id = owner.person_id

    async def _token(self) -> str:
        """What the newest letter's link carries: the person reads their mail."""
        keys = await self.world.vault.keys([self.id])
        letter: LetterContents = (await Letter.filter(customer_id=self.id).order_by("-id").first()).opened(keys)  # type: ignore[union-attr]
        return parse_qs(urlsplit(str(letter.params["link"])).query)["token"][0]

    async def _contract(self) -> None:
        """What the billing panel would bring: services, found by their names."""
        keys = await self.world.vault.keys([self.id])
        async with transaction():
            for number, (kind, name) in enumerate(self.person.services):
                service = Service(
                    id=self.world.new_id(),
                    customer_id=self.id,
                    reference=f"DEMO-{self.id.hex[-8:]}-{number}",
                    kind=kind,
                    started_at=self.world.now(),
                )
                service.seal(keys, ServiceContents(name=name))
                await service.save(force_create=True)
                await entry(self.world, self.id, SERVICE, name.casefold()).save(force_create=True)

    async def _visit(self, number: int, *, is_last: bool) -> None:
        person = self.person
        if person.guessed and is_last:
            await self._somebody_guesses()
        viewer = await self._sign_in(PHONE if number % 3 == 2 else DESKTOP)
        if number == 0:
            await self._settle_in(viewer)
        if person.moved_to and number == len(person.visits) // 2:
            revision = (await Customer.get(id=self.id)).revision
            await edit_profile(self.world, viewer, ProfileChanges(revision=revision, address=person.moved_to))
        if is_last:
            await self._talk(viewer)
        if is_last and person.left:
            await delete_profile(self.world, await self._proven(viewer))
        elif not is_last:
            await sign_out(self.world, viewer)

    async def _sign_in(self, agent: str) -> Viewer:
        signed_in = await sign_in(self.world, self.person.email, PASSWORD, origin=self._from(agent))
        if not isinstance(signed_in, SignedIn):
            raise TypeError("a closed account's owner does not visit")
        self._device = signed_in.device
        return signed_in.viewer

    async def _somebody_guesses(self) -> None:
        stranger = Origin(self._ip.replace("198.18", "198.19"), PHONE)
        for guess in ("letmein123456789", "octopus-octopus-1"):
            with suppress(Refused):
                await sign_in(self.world, self.person.email, guess, origin=stranger)

    async def _settle_in(self, viewer: Viewer) -> None:
        """What one does at the first visit."""
        person, viewer = self.person, await self._proven(viewer)
        for number, (kind, reference) in enumerate(person.pays):
            new = NewPaymentMethod(idempotency_key=f"demo-payment-{number:04}", kind=kind, reference=reference)
            await add_payment_method(self.world, viewer, new)
        if person.wants:
            await set_preferences(self.world, viewer, person.wants)
        if person.names:
            given_name, family_name = person.names
            role = RelatedPersonRole.TECHNICAL
            await add_related_person(
                self.world, viewer, PersonGiven(given_name=given_name, family_name=family_name, role=role)
            )

    async def _proven(self, viewer: Viewer) -> Viewer:
        await step_up(self.world, viewer, Proof(SignInMethod.PASSWORD, PASSWORD))
        return Viewer(viewer.customer, await Session.get(id=viewer.session.id))

    async def _talk(self, viewer: Viewer) -> None:
        """A question to support, and its answer."""
        if not self.person.asked:
            return
        question = NewMessage(idempotency_key="demo-question-0001", text=self.person.asked)
        await send_message(self.world, viewer, question)
        answer = Message(
            id=self.world.new_id(),
            customer_id=self.id,
            kind=MessageKind.FROM_SUPPORT,
            at=self.world.now() + timedelta(hours=3),
        )
        answer.seal(await self.world.vault.keys([self.id]), MessageContents(text=self.person.answered or ""))
        await answer.save(force_create=True)

    def _from(self, agent: str) -> Origin:
        return Origin(self._ip, agent, self._device)
