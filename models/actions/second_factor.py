"""The second step of signing in, and passkeys, which need no other. Each ends the attempt with its record (clause 1.2)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from models.actions import attempts, challenges, devices, proofs, throttle
from models.actions.account import Account, Actor, changing
from models.actions.agents import seen_from
from models.actions.attempts import Attempt, Closed, SignedIn
from models.actions.factor_changes import tell_of_code
from models.actions.origin import Origin
from models.actions.proving import Enrolled, Proof, credential_digest, is_right, use_passkey
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Challenge, Passkey
from models.tables.credentials import SessionKind
from models.tables.events import ActorKind, EventKind
from models.tables.factors import ChallengeUse
from models.tables.sign_ins import SignInMethod, SignInOutcome
from models.world import World


@dataclass(frozen=True, slots=True)
class NextStep:
    """The password was right: with what to go on, the strongest first."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What a browser needs to sign in with a passkey."""

    challenge: str
    options: dict[str, Any]


async def ask_for_factor(account: Account, attempt: Attempt, held: Enrolled) -> NextStep:
    """A right password where more is enrolled, in the caller's transaction. Its record is written when the attempt ends."""
    world = account.world
    begun, options = challenges.passkey_options(world, held.known(account.keys))
    row = world.new_id()
    secret = await challenges.ask(
        world, ChallengeUse.SECOND_FACTOR, id=row, person=account.id, begun=begun, kind=attempt.kind,
        label=challenges.seal_label(account.keys, account.id, row, attempt.label),
    )  # fmt: skip
    details = seen_from(world, attempt.origin)
    await account.event(EventKind.AUTHENTICATION, "sign-in.second-factor-asked", details=details)
    return NextStep(secret, held.second_steps, options)


async def complete_sign_in(world: World, challenge: str, proof: Proof, *, origin: Origin) -> SignedIn | Closed:
    """The second factor. Five tries a challenge, and few at a time for all challenges of an account.

    Raises Refused(INVALID_INPUT for a password, TOO_MANY_ATTEMPTS, EXPIRED_TOKEN, WRONG_CREDENTIALS, RESET_REQUIRED).
    """
    if proof.method is SignInMethod.PASSWORD:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("proof", "password"), ProblemCode.NOT_ALLOWED)])
    asked = await challenges.find(world, challenge, ChallengeUse.SECOND_FACTOR)
    person = asked.person_id
    if person is None or (proof.method is SignInMethod.PASSKEY and proof.challenge != challenge):
        raise Refused(Reason.EXPIRED_TOKEN)
    known = await devices.knows(world, person, origin.device)
    attempt = Attempt(origin, known, proof.method, SessionKind(asked.kind or SessionKind.BROWSER))
    await attempts.admit(world, person, attempt)
    answer = await _decide(world, person, asked, proof, attempt)
    if answer is not Reason.WRONG_CREDENTIALS:
        await attempts.forgive(world, person, attempt)
    if isinstance(answer, Reason):
        raise Refused(answer)
    return answer


async def _decide(
    world: World, person: UUID, asked: Challenge, proof: Proof, attempt: Attempt
) -> SignedIn | Closed | Reason:
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        if not await is_right(account, proof, asked):
            left = await challenges.fail(account, asked)
            await attempts.fail(account, attempt, SignInOutcome.SECOND_FACTOR_FAILED)
            if not left:
                await attempts.tell_of_guessing(account, attempt.origin)
            return Reason.WRONG_CREDENTIALS
        await challenges.spend(account, asked)
        answer = await attempts.succeed(account, replace(attempt, label=challenges.label_of(account, asked)))
        if proof.method is SignInMethod.RECOVERY_CODE and isinstance(answer, SignedIn):
            await tell_of_code(account)
        return answer


# ---- a passkey alone -------------------------------------------------------------------------------------------------
async def begin_passkey_sign_in(world: World, *, origin: Origin) -> PasskeyAsked:
    """A challenge for whichever passkey the browser has. Raises Refused(TOO_MANY_ATTEMPTS)."""
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    begun = proofs.begin_assertion(world)
    return PasskeyAsked(await challenges.ask(world, ChallengeUse.PASSKEY_SIGN_IN, begun=begun), begun.options)


async def sign_in_with_passkey(
    world: World,
    challenge: str,
    credential: Any,
    *,
    kind: SessionKind = SessionKind.BROWSER,
    label: str | None = None,
    origin: Origin,
) -> SignedIn | Closed:
    """A passkey signs in by itself: the device verified its user. It cannot be guessed, so only networks are counted.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS, EXPIRED_TOKEN, WRONG_CREDENTIALS, RESET_REQUIRED).
    """
    label = attempts.checked_label(world, label)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    asked = await challenges.find(world, challenge, ChallengeUse.PASSKEY_SIGN_IN)
    claimed = proofs.credential_of(credential)
    found = await Passkey.filter(credential_digest=credential_digest(world, claimed[0])).first() if claimed else None
    if found is None:
        raise Refused(Reason.WRONG_CREDENTIALS)
    person = found.customer_id
    known = await devices.knows(world, person, origin.device)
    attempt = Attempt(origin, known, SignInMethod.PASSKEY, kind, label)
    answer = await _decide_passkey(world, person, asked, credential, attempt)
    if isinstance(answer, Reason):
        raise Refused(answer)
    return answer


async def _decide_passkey(
    world: World, person: UUID, asked: Challenge, credential: Any, attempt: Attempt
) -> SignedIn | Closed | Reason:
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        if await use_passkey(account, credential, asked) is None:
            await challenges.fail(account, asked)
            await attempts.fail(account, attempt, SignInOutcome.WRONG_CREDENTIALS)
            return Reason.WRONG_CREDENTIALS
        await challenges.spend(account, asked)
        return await attempts.succeed(account, attempt)
