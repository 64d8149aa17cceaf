"""A proof is right or it is not: time-based codes, recovery codes, passkeys of a software authenticator."""

import base64
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
import pytest

from models.actions import proofs
from models.actions.proofs import KnownPasskey
from models.world import World
from tests.authenticator import PRESENT, Authenticator, b64
from tests.factories import START, Clock, make_world

SEED = base64.b32encode(b"12345678901234567890").decode()
ANNA, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world without databases."""
    return make_world(tmp_path, Clock())


# ---- time-based codes ------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.5.5")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B (SHA-1), the last six of its eight digits."""
    now = datetime.fromtimestamp(seconds, UTC)

    assert proofs.totp_step(SEED, code, now, last_step=0) == seconds // 30
    assert proofs.totp_step(SEED, f" {code[:3]} {code[3:]} ", now, last_step=0) == seconds // 30


def test_a_code_lives_for_one_step_more_and_no_longer() -> None:
    """A clock may be thirty seconds off, either way."""
    code = pyotp.TOTP(SEED).at(START)

    for off, right in ((-60, False), (-30, True), (30, True), (60, False)):
        found = proofs.totp_step(SEED, code, START + timedelta(seconds=off), last_step=0)
        assert (found is not None) is right, off


@pytest.mark.asvs("6.5.1")
def test_a_code_works_once() -> None:
    """Neither the same code nor an earlier step's is taken after it."""
    app = pyotp.TOTP(SEED)
    step = proofs.totp_step(SEED, app.at(START), START, last_step=0)
    assert step is not None

    assert proofs.totp_step(SEED, app.at(START), START, last_step=step) is None
    assert proofs.totp_step(SEED, app.at(START - timedelta(seconds=30)), START, last_step=step) is None
    after = START + timedelta(seconds=30)
    assert proofs.totp_step(SEED, app.at(after), after, last_step=step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٢٨٧٠٨٢", "28708²", "287 08", "-28708"])
def test_what_is_not_six_digits_is_no_code(code: str) -> None:
    """ASCII digits only."""
    assert proofs.totp_step(SEED, code, datetime.fromtimestamp(59, UTC), last_step=0) is None


@pytest.mark.asvs("11.5.1")
def test_a_seed_is_160_bits_and_an_app_can_read_it(world: World) -> None:
    """Base32, in an otpauth address that names us and the account."""
    seed, other = proofs.new_seed(world), proofs.new_seed(world)
    read = pyotp.parse_uri(proofs.totp_uri(seed, "anna@example.com"))

    assert len(base64.b32decode(seed)) == 20
    assert seed != other
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.issuer, read.name) == (seed, "Octopus Telecom", "anna@example.com")


# ---- recovery codes --------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.5.2")
@pytest.mark.asvs("6.5.3")
def test_ten_recovery_codes_are_all_different(world: World) -> None:
    """120 random bits each (112 are asked for), without letters that look like digits."""
    codes = proofs.new_recovery_codes(world)

    assert len(set(codes)) == 10
    for code in codes:
        assert [len(part) for part in code.split("-")] == [6, 6, 6, 6]
        assert len(code.replace("-", "")) * math.log2(len(proofs.ALPHABET)) >= 112
        assert not set("iloOIL") & set(code)


def test_a_recovery_code_is_read_however_it_is_typed(world: World) -> None:
    """Letter case, hyphens, spaces and look-alikes do not matter; the person does."""
    digest = proofs.recovery_digest(world, ANNA, "ab01c1-defghj-kmnpqr-stvwxy")

    for typed in (
        "AB01C1-DEFGHJ-KMNPQR-STVWXY",
        "ab01c1defghjkmnpqrstvwxy",
        " abo1cl - defghj kmnpqr-stvwxy ",
        "ABOICL\u2013DEFGHJKMNPQRSTVWXY",
    ):
        assert proofs.recovery_digest(world, ANNA, typed) == digest, typed
    assert proofs.recovery_digest(world, OTHER, "ab01c1-defghj-kmnpqr-stvwxy") != digest
    assert proofs.recovery_digest(world, ANNA, "ab01c1-defghj-kmnpqr-stvwxz") != digest


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab01c1-defghj-kmnpqr-stvwx",
        "ab01c1-defghj-kmnpqr-stvwxyz",
        "ab01c1-defghj-kmnpqr-stvwxu",
        "ab01c1_defghj-kmnpqr-stvwxy",
        "ā" * 24,
    ],
)
def test_what_cannot_be_a_recovery_code_has_no_digest(typed: str, world: World) -> None:
    """Too short, too long, or with signs that codes do not have."""
    assert proofs.recovery_digest(world, ANNA, typed) is None


# ---- passkeys --------------------------------------------------------------------------------------------------------
def enrolled(world: World, device: Authenticator) -> proofs.NewPasskey:
    """A passkey registered from start to end."""
    begun = proofs.begin_registration(world, ANNA, account="anna@example.com", name="Anna")
    found = proofs.verify_registration(world, device.create(begun.options), begun.challenge)
    assert found is not None
    return found


def asserted(world: World, answer: Any, challenge: bytes, held: proofs.NewPasskey, **other: Any) -> Any:
    """The check of an assertion; ``other`` replaces what it is held against."""
    against: dict[str, Any] = {
        "person": ANNA, "known": KnownPasskey(held.credential_id), "public_key": held.public_key,
        "sign_count": held.sign_count,
    }  # fmt: skip
    return proofs.verify_assertion(world, answer, challenge, **(against | other))


def test_the_options_ask_for_a_discoverable_credential_and_a_verified_user(world: World) -> None:
    """Bound to the configured host; devices that have one already are left out; the challenge is 256 random bits."""
    begun = proofs.begin_registration(
        world, ANNA, account="anna@example.com", name="Anna", known=[KnownPasskey(b"held", ["usb", "made-up"])]
    )
    again = proofs.begin_assertion(world, [KnownPasskey(b"held", ["usb"])])

    assert begun.options["rp"] == {"name": "Octopus Telecom", "id": "localhost"}
    assert begun.options["user"]["id"] == b64(ANNA.bytes)
    chosen = begun.options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert begun.options["attestation"] == "none"
    assert begun.options["excludeCredentials"] == [{"id": b64(b"held"), "type": "public-key", "transports": ["usb"]}]
    assert len(begun.challenge) == 32
    assert begun.options["challenge"] == b64(begun.challenge)
    assert begun.options["timeout"] == again.options["timeout"] == 300_000
    assert again.options["userVerification"] == "required"
    assert again.options["allowCredentials"] == [{"id": b64(b"held"), "type": "public-key", "transports": ["usb"]}]
    assert again.challenge != begun.challenge


def test_host_and_origin_are_the_base_urls(world: World) -> None:
    """A browser leaves the usual port out of its origin."""
    for url, host, origin in (
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("https://accounts.example.com", "accounts.example.com", "https://accounts.example.com"),
        ("https://Accounts.example.com:443/", "accounts.example.com", "https://accounts.example.com"),
        ("https://accounts.example.com:8443", "accounts.example.com", "https://accounts.example.com:8443"),
    ):
        there = replace(world, base_url=url)
        assert (proofs.relying_party(there), proofs.web_origin(there)) == (host, origin)


@pytest.mark.asvs("6.5.7")
def test_a_passkey_is_registered_and_proves_who_is_there(world: World) -> None:
    """The counter it says is what to store."""
    device = Authenticator()
    held = enrolled(world, device)
    begun = proofs.begin_assertion(world)

    answer = device.get(begun.options)

    assert (held.credential_id, held.sign_count, held.transports) == (device.credential_id, 0, ["hybrid", "internal"])
    assert proofs.credential_of(answer) == (device.credential_id, ANNA)
    assert asserted(world, answer, begun.challenge, held) == proofs.UsedPasskey(sign_count=1, backed_up=False)


def test_an_answer_to_another_challenge_is_wrong(world: World) -> None:
    """Neither registers nor proves."""
    device, begun = Authenticator(), proofs.begin_registration(world, ANNA, account="a", name="A")
    assert proofs.verify_registration(world, device.create(begun.options), b"another" * 5) is None

    held, asked = enrolled(world, device), proofs.begin_assertion(world)
    assert asserted(world, device.get(asked.options), proofs.begin_assertion(world).challenge, held) is None


@pytest.mark.parametrize("origin", ["https://evil.example.com", "http://localhost:8001", "http://localhost"])
def test_an_answer_given_to_another_page_is_wrong(origin: str, world: World) -> None:
    """A page that looks like ours gets nothing that works here (phishing)."""
    device, begun = Authenticator(origin=origin), proofs.begin_registration(world, ANNA, account="a", name="A")
    assert proofs.verify_registration(world, device.create(begun.options), begun.challenge) is None

    held, asked = (
        enrolled(world, Authenticator(credential_id=device.credential_id, key=device.key)),
        proofs.begin_assertion(world),
    )
    assert asserted(world, device.get(asked.options), asked.challenge, held) is None


@pytest.mark.parametrize("lie", [{"host": "evil.example.com"}, {"flags": PRESENT}, {"flags": 0x04}])
def test_another_host_and_an_unverified_user_are_refused(lie: dict[str, Any], world: World) -> None:
    """The authenticator's own word on host, presence and verification counts."""
    honest = Authenticator()
    device, begun = replace(honest, **lie), proofs.begin_registration(world, ANNA, account="a", name="A")
    assert proofs.verify_registration(world, device.create(begun.options), begun.challenge) is None

    held, asked = enrolled(world, honest), proofs.begin_assertion(world)
    assert asserted(world, device.get(asked.options), asked.challenge, held) is None


def test_a_counter_that_goes_back_is_refused(world: World) -> None:
    """The key may have been copied; the same answer a second time is no proof either."""
    device = Authenticator(count=10)
    held, begun = enrolled(world, device), proofs.begin_assertion(world)
    answer = device.get(begun.options)
    assert asserted(world, answer, begun.challenge, held) == proofs.UsedPasskey(sign_count=11, backed_up=False)

    assert asserted(world, answer, begun.challenge, held, sign_count=11) is None
    device.count = 3
    assert asserted(world, device.get(begun.options), begun.challenge, held, sign_count=11) is None


def test_another_key_another_person_and_another_kind_of_answer_are_wrong(world: World) -> None:
    """Signed by another key, said to be somebody else's, under another id, or made for the other ceremony."""
    device, thief = Authenticator(), Authenticator()
    held, begun = enrolled(world, device), proofs.begin_assertion(world)
    thief.credential_id, thief.user = device.credential_id, device.user

    assert asserted(world, thief.get(begun.options), begun.challenge, held) is None
    answer = device.get(begun.options)
    assert asserted(world, answer, begun.challenge, held, person=OTHER) is None
    assert asserted(world, answer, begun.challenge, held, known=KnownPasskey(b"another")) is None
    wrong_kind = device.get(begun.options, type="webauthn.create")
    assert asserted(world, wrong_kind, begun.challenge, held) is None
    assert asserted(world, answer, begun.challenge, held) is not None


@pytest.mark.parametrize(
    "nonsense",
    [
        None, 1, "x", "{}", [], {}, {"id": 1}, {"id": "a", "rawId": "a", "type": "public-key", "response": {}},
        {"id": "YQ", "rawId": "YQ", "type": "public-key",
         "response": {"clientDataJSON": "e30", "attestationObject": "gIAA", "authenticatorData": "AA", "signature": "AA"}},
        {"id": "YQ", "rawId": "YQ", "type": "public-key",
         "response": {"clientDataJSON": "W" * 4000, "attestationObject": "gYGBgYGB" * 4000,
                      "authenticatorData": "!", "signature": "AA", "userHandle": "AA"}},
    ],
)  # fmt: skip
def test_nonsense_is_wrong_and_no_fault(nonsense: Any, world: World) -> None:
    """Whatever JSON a client sends, and however deep its CBOR."""
    held = enrolled(world, Authenticator())

    assert proofs.verify_registration(world, nonsense, b"c" * 32) is None
    assert asserted(world, nonsense, b"c" * 32, held) is None
    assert proofs.credential_of(nonsense) in (None, (b"a", None))


def test_only_attestations_that_nobody_vouches_for_are_read(world: World) -> None:
    """We ask for none: certificates of strangers are not parsed."""
    begun = proofs.begin_registration(world, ANNA, account="a", name="A")
    answer = Authenticator().create(begun.options)
    forged = base64.urlsafe_b64decode(answer["response"]["attestationObject"] + "==").replace(b"dnone", b"ctpm", 1)
    answer["response"]["attestationObject"] = b64(forged)

    assert proofs.verify_registration(world, answer, begun.challenge) is None
