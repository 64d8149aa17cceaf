"""ASVS chapter V6: passwords as people type them, no questions, time from our own clock, and pages that let managers help."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pyotp
import pytest
from graphql import build_schema, is_input_object_type, is_object_type

from api.commands.schema import Which, printed
from models.checks.guessing import COMMONEST
from models.checks.limits import LIMITS
from models.policy import Role
from models.tables.credentials import Password, PasswordContents
from models.tables.staff import StaffContents
from tests.enrolled import CONFIRM_TOTP, complete, same_person, sign_in, with_totp
from tests.factories import PASSWORD, House
from tests.schema.test_records import SECURE, hit
from tests.schema.test_subjects import no, yes
from tests.security.pages import FRONTEND, sources
from tests.security.readme import rows, section
from tests.security.source import calls, imports


# ---- passwords -------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.2.8", "6.2.9")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_password_is_compared_whole_and_as_typed(house: House) -> None:
    """Blanks at the ends, letter case and the last of 128 signs count; only the way a keyboard composes letters does not."""
    blanks, accented = "  Ūdens kaķis mēness zvans ", "vQ7#kZ2!mWx9pLt4" * 7 + "abcdefghijklmnoR"
    assert len(accented) == LIMITS["password"]
    for password in (blanks, accented):
        person = house.client()
        person.password = password
        await person.sign_up()
        await house.work(only="post-letters")
        await yes(house.client(), "confirmEmail", token=house.token("confirm-email", person.email))
        for wrong in (
            password.strip() + "x",
            password[:-1],
            password[:72] + "?",
            password.swapcase(),
            password.lower(),
            password + " ",
        ):
            other = same_person(person)
            other.password = wrong
            assert (await sign_in(other))["code"] == "WRONG_CREDENTIALS", wrong
            house.clock.advance(minutes=10)
        other = same_person(person)
        other.password = password.replace("Ū", "U\u0304").replace("ķ", "k\u0327")
        assert (await sign_in(other))["__typename"] == "SignedIn"
    assert "Passwords are compared in NFC, otherwise as typed, whole." in section("models", "Ways in").replace(
        "\n", " "
    )


@pytest.mark.asvs("6.2.2", "6.2.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_password_is_changed_with_the_one_before(house: House) -> None:
    """Without it, or with a wrong one, nothing is; then the new one signs in and the old one does not."""
    person = await house.customer()
    new = "another " + PASSWORD
    await person.step_up()
    for wrong in ("", "wrong", PASSWORD.upper()):
        assert (await no(person, "changePassword", currentPassword=wrong, newPassword=new))[
            "code"
        ] == "WRONG_CREDENTIALS"
    await yes(person, "changePassword", currentPassword=PASSWORD, newPassword=new)
    other = same_person(person)
    assert (await sign_in(other))["code"] == "WRONG_CREDENTIALS"
    other.password = new
    assert (await sign_in(other))["__typename"] == "SignedIn"


@pytest.mark.asvs("6.2.1", "6.2.4", "6.2.5", "6.2.11", "6.2.12")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_a_new_password_is_held_to(house: House) -> None:
    """Length, the commonest, the person's own words; no digit, capital or sign is asked for. At every way to set one."""
    person = await house.customer(givenName="Aleksandrina", familyName="Zvaigznīte")
    await person.step_up()
    common = next(word for word in sorted(COMMONEST) if len(word) >= 15)
    wrong = {
        "x" * 14: "TOO_SHORT", "zwqk vbtr mlpx": "TOO_SHORT", common: "BREACHED_PASSWORD",
        "aleksandrinazvaigznite": "BREACHED_PASSWORD", person.email: "BREACHED_PASSWORD",
        "octopustelecomhosting": "BREACHED_PASSWORD", "v" * 129: "TOO_LONG",
    }  # fmt: skip
    await yes(house.client(), "requestPasswordReset", email=person.email)
    await house.work(only="post-letters")
    token = house.token("reset-password", person.email)
    for password, code in wrong.items():
        ways = [
            await no(person, "changePassword", currentPassword=PASSWORD, newPassword=password),
            await no(house.client(), "resetPassword", token=token, newPassword=password),
        ]
        for refused in ways:
            assert refused["problems"] == [{"field": ["newPassword"], "code": code}], (password, refused)
    await yes(person, "changePassword", currentPassword=PASSWORD, newPassword="plum tart under glass")


@pytest.mark.asvs("6.2.10")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_password_never_expires(house: House) -> None:
    """No date to change it by is kept, and after ten years it signs in."""
    stored = {*PasswordContents.__struct_fields__, *Password._meta.fields_map, *StaffContents.__struct_fields__}
    assert not [name for name in stored if re.search(r"expir|rotat|change_by|valid_until", name)]
    person = await house.customer()
    await Password.all().update(changed_at=house.clock.now - timedelta(days=3650))
    other = same_person(person)
    assert (await sign_in(other))["__typename"] == "SignedIn"
    assert issubclass(PasswordContents, msgspec.Struct)


# ---- no questions, no secrets for staff ------------------------------------------------------------------------------
@pytest.mark.asvs("6.4.2")
def test_nobody_is_asked_a_question() -> None:
    """No hint and no secret question has a field or an argument in either schema, and no proof is a fact about a person."""
    asked = re.compile(
        r"hint|secretquestion|securityquestion|maiden|mothersname|(?:^|_)pet|favou?rite|reminder", re.IGNORECASE
    )
    for which in Which:
        schema = build_schema(printed(which))
        for kind in schema.type_map.values():
            if (is_object_type(kind) or is_input_object_type(kind)) and not kind.name.startswith("__"):
                assert not [name for name in kind.fields if asked.search(name)], kind.name
        proof = schema.type_map["FactorProof"]
        assert is_input_object_type(proof)
        assert set(proof.fields) == {"passkey", "password", "recoveryCode", "totp"}
    assert len(rows("models", "Ways in")) >= 8


@pytest.mark.asvs("6.4.6", "7.4.5")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_staff_begin_a_reset_and_neither_choose_nor_see_it(house: House) -> None:
    """The customer's sessions end, the link goes to the customer's mailbox; nothing in the answer opens anything."""
    person, colleague = await house.customer(), await house.colleague(Role.SENIOR_SUPPORT)
    customer = await hit(colleague, person)
    opening = 'mutation($c: ID!) {openRecord(customerId: $c, reason: FRAUD, ticket: "SUP-1") {__typename ...R}} '
    await colleague.ok(opening + "fragment R on Refusal {code}", c=customer)
    await colleague.step_up()
    answer = await colleague.answer(SECURE + " fragment R on Refusal {code}", c=customer, r="Somebody called.")
    await house.work(only="post-letters")

    assert answer["data"]["secureAccount"]["sessionsEnded"] == 1
    assert await person.ok("{viewer {id}}") is None
    token = house.token("account-secured", person.email)
    assert token not in str(answer)
    support = build_schema(printed(Which.support))
    assert support.mutation_type is not None
    others = {
        argument
        for name, field in support.mutation_type.fields.items()
        for argument in field.args
        if re.search(r"[pP]assword|[sS]eed|[cC]ode$", argument)
        and name not in ("signIn", "acceptInvitation", "changePassword", "confirmTotp")
    }
    assert others == set(), "no mutation of staff sets somebody's password or factor"


# ---- one-time codes --------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.5.8", "6.5.5")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_codes_are_of_our_own_clock(house: House) -> None:
    """Whatever a client says the time is; a code of another half minute than now's neighbours is wrong."""
    person, app = await with_totp(house)
    house.clock.advance(hours=3)
    other = same_person(person, Date="Thu, 01 Jan 1970 00:00:00 GMT")
    asked = await sign_in(other)
    for away in (-timedelta(minutes=2), timedelta(minutes=2), -timedelta(hours=3)):
        code = pyotp.TOTP(app.seed).at(house.clock.now + away)
        assert (await complete(other, asked["challenge"], totp=code))["code"] == "WRONG_CREDENTIALS", away
    assert (await complete(other, asked["challenge"], totp=app.code()))["__typename"] == "SignedIn"
    assert {path for path, name in imports() if name.startswith("pyotp")} == {
        "models/actions/proofs.py",
        "api/demo_staff.py",
    }
    assert not [
        name for path, name, _ in calls() if path == "models/actions/proofs.py" and name.endswith((".now", ".verify"))
    ]


@pytest.mark.asvs("6.6.2", "6.5.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_an_answer_belongs_to_its_question(house: House) -> None:
    """A code opens its own account's challenge, a link serves its one purpose, a seed counts for whoever began it."""
    first, app = await with_totp(house)
    second, other_app = await with_totp(house)
    one, two = same_person(first), same_person(second)
    asked, asked_too = await sign_in(one), await sign_in(two)
    assert (await complete(two, asked_too["challenge"], totp=app.code()))["code"] == "WRONG_CREDENTIALS"
    assert (await complete(one, asked["challenge"], totp=other_app.code()))["code"] == "WRONG_CREDENTIALS"
    await house.work(only="post-letters")
    undo = house.token("factor-changed", first.email)
    for name in ("confirmEmail", "resetPassword", "revertEmailChange", "removeLostFactors", "unsubscribe"):
        assert (await no(house.client(), name, token=undo))["code"] == "EXPIRED_TOKEN", name
    third = await house.customer()
    await third.step_up()
    begun = await third.ok("mutation {beginTotp {... on TotpBegun {secret}}}")
    fourth = await house.customer()
    await fourth.step_up()
    code = pyotp.TOTP(begun["secret"]).at(house.clock.now)
    assert (await fourth.answer(CONFIRM_TOTP, c=code))["data"]["confirmTotp"]["code"] == "NOT_FOUND"


# ---- the pages -------------------------------------------------------------------------------------------------------
def inputs(text: str, tag: str) -> list[str]:
    """Every use of a component, with its attributes."""
    return re.findall(rf"<{tag}\b[^>]*?/?>", text)


@pytest.mark.asvs("6.2.6", "6.2.7")
def test_passwords_are_typed_into_fields_that_managers_fill() -> None:
    """Hidden unless asked to be shown, named for a manager, and nothing refuses what is pasted; in every page."""
    written = {path: text for path, text in sources().items() if "src" in path.parts and ".test." not in path.name}
    everything = "\n".join(written.values())
    assert not re.search(
        r"onPaste|onCopy|onDrop=|addEventListener\(\s*['\"](?:paste|copy|drop)|user-select:\s*none[^}]*input",
        everything,
    )
    fields = [one for text in written.values() for one in inputs(text, "PasswordField")]
    for one in fields:
        assert re.search(r'autoComplete="(?:current|new)-password"', one), one
    for path, text in written.items():
        for one in inputs(text, "(?:Field|input)"):
            if re.search(r'name="[^"]*[pP]assword"', one):
                assert re.search(r'type="password"', one), (path.name, one)
    if fields:
        assert re.search(r"PasswordField[\s\S]{0,400}type=\{shown \? 'text' : 'password'\}", everything)


@pytest.mark.asvs("7.4.4")
def test_every_page_of_somebody_signed_in_has_a_way_out() -> None:
    """The frame that all of them share has a button that says so and calls signOut, in both languages."""
    shells = {path: text for path, text in sources().items() if "signOut" in text and path.suffix == ".tsx"}
    assert shells, "no page signs out"
    for path, text in shells.items():
        assert re.search(r"<Trans>Sign out</Trans>|t`Sign out`", text), path
    words = [path for path in catalogues() if 'msgid "Sign out"' in path.read_text("utf-8")]
    assert words
    for path in words:
        assert re.search(r'msgid "Sign out"\nmsgstr "[^"]', path.read_text("utf-8")) or path.name.startswith("en"), path


def catalogues() -> list[Path]:
    """The catalogues of translations."""
    return [path for path in FRONTEND.rglob("*.po") if "node_modules" not in path.parts]
