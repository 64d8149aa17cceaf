"""What a customer can prove who they are with: what is enrolled, and whether a proof is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.actions import proofs
from models.actions.account import Account
from models.actions.proofs import KnownPasskey
from models.keys import Keys
from models.tables import Challenge, Passkey, Password, RecoveryCode, Totp
from models.tables.credentials import PasswordContents
from models.tables.factors import PasskeyContents
from models.tables.sign_ins import SignInMethod
from models.world import World


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody offers: the method, and its text; for a passkey the challenge and what the browser answered."""

    method: SignInMethod
    text: str = ""
    challenge: str = ""
    credential: Any = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an account has besides its password; ``codes``: unused recovery codes."""

    totp: Totp | None
    passkeys: list[Passkey]
    codes: int

    @property
    def any(self) -> bool:
        """Whether a password alone does not sign in. Recovery codes stand in for a factor and are none by themselves."""
        return self.totp is not None or bool(self.passkeys)

    @property
    def strongest(self) -> SignInMethod:
        """What a step-up takes: a passkey before an authenticator app before the password."""
        if self.passkeys:
            return SignInMethod.PASSKEY
        return SignInMethod.TOTP if self.totp else SignInMethod.PASSWORD

    @property
    def second_steps(self) -> list[SignInMethod]:
        """What completes a sign-in after the password, the strongest first."""
        found = [SignInMethod.PASSKEY] if self.passkeys else []
        found += [SignInMethod.TOTP] if self.totp else []
        return found + ([SignInMethod.RECOVERY_CODE] if self.codes else [])

    def known(self, keys: Keys) -> list[KnownPasskey]:
        """What a browser is told of the passkeys."""
        opened: list[PasskeyContents] = [one.opened(keys) for one in self.passkeys]
        return [KnownPasskey(one.credential_id, one.transports) for one in opened]


async def enrolled(customer_id: UUID) -> Enrolled:
    """What counts now; an authenticator app only once it was confirmed."""
    totp = await Totp.filter(customer_id=customer_id, confirmed_at__isnull=False).first()
    passkeys = await Passkey.filter(customer_id=customer_id).order_by("created_at", "id")
    codes = await RecoveryCode.filter(customer_id=customer_id, used_at=None).count()
    return Enrolled(totp, passkeys, codes)


# ---- passwords, verified before the transaction ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RightPassword:
    """It was right for the password set at this time; ``anew``: the same hashed with today's parameters, if they changed."""

    set_at: datetime
    anew: str | None = None


async def right_password(world: World, customer_id: UUID, password: str) -> RightPassword | None:
    """Verify off the event loop; the same time is spent when there is no password. Raises Refused(BUSY)."""
    keys = await world.vault.keys([customer_id])
    stored = await Password.filter(customer_id=customer_id).first()
    if stored is None or customer_id not in keys:  # without a key they are being erased just now
        await world.passwords.waste(password)
        return None
    encoded = stored.opened(keys).encoded
    if not await world.passwords.verify(encoded, password):
        return None
    anew = await world.passwords.hash(password) if world.passwords.outdated(encoded) else None
    return RightPassword(stored.changed_at, anew)


async def still_right(account: Account, right: RightPassword | None) -> bool:
    """Whether that password is still the one, now that the account is locked: a reset may have come between."""
    if right is None:
        return False
    stored = await Password.filter(customer_id=account.id, changed_at=right.set_at).first()
    if stored is None:
        return False
    if right.anew is not None:
        contents: PasswordContents = stored.opened(account.keys)
        contents.encoded = right.anew
        stored.seal(account.keys, contents)
        await stored.save(update_fields=["sealed"])
    return True


# ---- second factors, verified and used up in the transaction ---------------------------------------------------------
async def is_right(account: Account, proof: Proof, asked: Challenge | None) -> bool:
    """Whether a factor's proof is right; nothing works twice. ``asked`` is the challenge that a passkey had to sign."""
    if proof.method is SignInMethod.TOTP:
        return await _totp(account, proof.text)
    if proof.method is SignInMethod.RECOVERY_CODE:
        return await _recovery_code(account, proof.text)
    return asked is not None and await use_passkey(account, proof.credential, asked) is not None


async def _totp(account: Account, code: str) -> bool:
    app = await Totp.filter(customer_id=account.id, confirmed_at__isnull=False).first()
    if app is None:
        return False
    step = proofs.totp_step(app.opened(account.keys).seed, code, account.now, last_step=app.last_step)
    if step is None:
        return False
    return bool(await Totp.filter(id=app.id, last_step__lt=step).update(last_step=step))


async def _recovery_code(account: Account, code: str) -> bool:
    digest = proofs.recovery_digest(account.world, account.id, code)
    if digest is None:
        return False
    unused = RecoveryCode.filter(customer_id=account.id, digest=digest, used_at=None)
    return bool(await unused.update(used_at=account.now))


async def use_passkey(account: Account, credential: Any, asked: Challenge) -> Passkey | None:
    """The account's passkey that signed the challenge, its counter written on; None for anything else."""
    claimed = proofs.credential_of(credential)
    if claimed is None or asked.webauthn is None:
        return None
    passkey = await Passkey.filter(
        customer_id=account.id, credential_digest=credential_digest(account.world, claimed[0])
    ).first()
    if passkey is None:
        return None
    held: PasskeyContents = passkey.opened(account.keys)
    used = proofs.verify_assertion(
        account.world, credential, bytes(asked.webauthn), person=account.id,
        known=KnownPasskey(held.credential_id, held.transports), public_key=held.public_key, sign_count=passkey.sign_count,
    )  # fmt: skip
    if used is None:
        return None
    passkey.sign_count, passkey.backed_up, passkey.last_used_at = used.sign_count, used.backed_up, account.now
    await passkey.save(update_fields=["sign_count", "backed_up", "last_used_at"])
    return passkey


def credential_digest(world: World, credential_id: bytes) -> bytes:
    """The blind index that a passkey is found by."""
    return world.vault.index("credential", credential_id.hex())
