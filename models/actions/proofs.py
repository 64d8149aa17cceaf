"""Whether a second factor's proof is right: time-based codes (RFC 6238), recovery codes, passkeys (WebAuthn Level 3).

Pure, and the same for customers and staff: nothing is read or written here. Each check answers what a right proof leaves
behind, or None for a wrong one. The caller counts the try (``throttle``), and stores in one transaction what was left
behind, so that nothing works twice: the spent time step, the used code, the passkey's new counter.
"""

import base64
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import pyotp

from models.world import World

ISSUER: Final = "Octopus Telecom"
STEP: Final = 30  # seconds, RFC 6238 5.2
DIGITS: Final = 6  # RFC 4226 5.3
DRIFT: Final = 1  # steps before and after the current one, RFC 6238 5.2
SEED: Final = 20  # bytes, RFC 4226 4 (R6)
RECOVERY_CODES: Final = 10
CODE_LENGTH: Final = 24  # characters of five bits each: 120 bits, so that a plain hash would do (OWASP ASVS 6.5.2)
GROUP: Final = 6  # characters between hyphens
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
READ_AS: Final = str.maketrans("oil", "011", "- \u2010\u2011\u2013")
LONGEST_ID: Final = 1023  # bytes, WebAuthn 4 (Credential ID)


# ---- time-based codes ------------------------------------------------------------------------------------------------
def new_seed(world: World) -> str:
    """The shared secret of an authenticator app: 160 random bits, base32."""
    return base64.b32encode(world.vault.random(SEED)).decode()


def totp_uri(seed: str, account: str) -> str:
    """The ``otpauth://`` address that an authenticator app reads as a QR code; ``account`` is the e-mail address."""
    return pyotp.TOTP(seed, name=account, issuer=ISSUER).provisioning_uri()


def totp_step(seed: str, code: str, now: datetime, *, last_step: int) -> int | None:
    """The time step that a code belongs to, one step of drift allowed; None for a wrong code or one used before.

    Store it as the new ``last_step``: no code of that step or an earlier one is taken again (RFC 6238 5.2).
    """
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    app, current, found = pyotp.TOTP(seed), int(now.timestamp()) // STEP, None
    for step in range(max(0, current - DRIFT), current + DRIFT + 1):
        if hmac.compare_digest(app.generate_otp(step), given) and step > last_step:
            found = step
    return found


# ---- recovery codes --------------------------------------------------------------------------------------------------
def new_recovery_codes(world: World) -> list[str]:
    """Ten codes of 120 random bits, as they are shown, once, in four groups. Store their ``recovery_digest`` only."""
    codes = []
    for _ in range(RECOVERY_CODES):
        code = "".join(ALPHABET[byte % len(ALPHABET)] for byte in world.vault.random(CODE_LENGTH))
        codes.append("-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP)))
    return codes


def recovery_digest(world: World, person: UUID, code: str) -> bytes | None:
    """The keyed hash to find a person's code by, however it is typed (letter case, hyphens, o for 0, i and l for 1).

    None for what cannot be a code. A code is one person's: another's equal code has another digest.
    """
    read = code.lower().translate(READ_AS)
    if len(read) != CODE_LENGTH or not set(read) <= set(ALPHABET):
        return None
    return world.vault.index("recovery_code", f"{person}|{read}")


# ---- passkeys --------------------------------------------------------------------------------------------------------
# Their library comes with CBOR, ASN.1 and X.509, all of it megabytes: it is loaded when the first passkey is.


@dataclass(frozen=True, slots=True)
class Begun:
    """What starts a ceremony. ``challenge`` is kept for the check; ``options`` go to the browser as JSON."""

    challenge: bytes
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """One that is enrolled: what a browser is told so that it finds it."""

    credential_id: bytes
    transports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A registration that was right: what to store. ``public_key`` is COSE (RFC 9052)."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    backed_up: bool


@dataclass(frozen=True, slots=True)
class UsedPasskey:
    """An assertion that was right: what to store. A counter that went back was refused: the key may have been copied."""

    sign_count: int
    backed_up: bool


def relying_party(world: World) -> str:
    """The host that passkeys are bound to: the configured base URL's, never the request's."""
    return urlsplit(world.base_url).hostname or ""


def web_origin(world: World) -> str:
    """The one origin whose pages may use them (RFC 6454 6.2: a scheme's usual port is left out)."""
    parts = urlsplit(world.base_url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" if parts.port in (None, usual) else f"{parts.scheme}://{host}:{parts.port}"


def begin_registration(
    world: World, person: UUID, *, account: str, name: str, known: Iterable[KnownPasskey] = ()
) -> Begun:
    """Options for ``navigator.credentials.create()``: discoverable, user verified, on none of the ``known`` ones' devices.

    ``account`` (the e-mail address) and ``name`` are what the device shows beside the passkey; they stay there.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    challenge = world.vault.random(32)
    options = generate_registration_options(
        rp_id=relying_party(world),
        rp_name=ISSUER,
        user_id=person.bytes,
        user_name=account,
        user_display_name=name,
        challenge=challenge,
        timeout=_timeout(world),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return Begun(challenge, options_to_json_dict(options))


def verify_registration(world: World, credential: Any, challenge: bytes) -> NewPasskey | None:
    """What ``create()`` answered, as JSON; None unless challenge, origin, host, presence and verification are right.

    Attestation is not asked for: only ``none`` and a device's own ``packed`` are read at all.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_attestation_object, parse_registration_credential_json
    from webauthn.helpers.structs import AttestationFormat

    try:
        parsed = parse_registration_credential_json(credential)
        attested = parse_attestation_object(parsed.response.attestation_object).fmt
        if attested not in (AttestationFormat.NONE, AttestationFormat.PACKED):
            return None
        found = verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=relying_party(world),
            expected_origin=web_origin(world),
            require_user_verification=True,
        )
        if len(found.credential_id) > LONGEST_ID:
            return None
    except Exception:  # whatever its parsers stumble over (CBOR, ASN.1, curves): only what was verified passes
        return None
    transports = sorted({one.value for one in parsed.response.transports or ()})
    return NewPasskey(
        found.credential_id, found.credential_public_key, found.sign_count, transports, found.credential_backed_up
    )


def begin_assertion(world: World, known: Iterable[KnownPasskey] = ()) -> Begun:
    """Options for ``navigator.credentials.get()``: with one of the ``known`` passkeys, or with any for signing in by it alone."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    challenge = world.vault.random(32)
    options = generate_authentication_options(
        rp_id=relying_party(world),
        challenge=challenge,
        timeout=_timeout(world),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Begun(challenge, options_to_json_dict(options))


def credential_of(credential: Any) -> tuple[bytes, UUID | None] | None:
    """The credential's id and whose it claims to be (user handle), before anything is verified: where to look it up."""
    from webauthn.helpers import parse_authentication_credential_json

    try:
        parsed = parse_authentication_credential_json(credential)
        handle = parsed.response.user_handle
        return parsed.raw_id, UUID(bytes=handle) if handle else None
    except Exception:  # see verify_registration
        return None


def verify_assertion(
    world: World,
    credential: Any,
    challenge: bytes,
    *,
    person: UUID,
    known: KnownPasskey,
    public_key: bytes,
    sign_count: int,
) -> UsedPasskey | None:
    """What ``get()`` answered, as JSON; None unless it is this ``person``'s ``known`` passkey that signed.

    Challenge, origin, host, presence, verification, signature and counter have to be right (WebAuthn 7.2).
    """
    from webauthn import verify_authentication_response

    claimed = credential_of(credential)
    if claimed is None or claimed[0] != known.credential_id or claimed[1] not in (None, person):
        return None
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=relying_party(world),
            expected_origin=web_origin(world),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:  # see verify_registration
        return None
    return UsedPasskey(found.new_sign_count, found.credential_backed_up)


def _descriptors(known: Iterable[KnownPasskey]) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    ways = {one.value: one for one in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=one.credential_id, transports=[ways[name] for name in one.transports if name in ways] or None
        )
        for one in known
    ]


def _timeout(world: World) -> int:
    """Milliseconds that a browser waits: as long as the challenge lives."""
    return int(world.rule("CHALLENGE").span.total_seconds() * 1000)
