"""Clauses 1.1: what is held of a person, checked again as it stands. The latest changed profiles are looked at."""

from collections.abc import Callable
from datetime import date

from models.checks import Checks
from models.database import reader
from models.retention.evidence.register import evidence
from models.retention.measures import Measure, Period, of_counts
from models.tables import Customer
from models.tables.accounts import ProfileContents, State
from models.world import World

LOOKED_AT = 500


async def _profiles(world: World, holds: Callable[[ProfileContents, date], bool]) -> Measure:
    latest = Customer.filter(state__in=[State.ACTIVE, State.CLOSED]).using_db(reader()).order_by("-updated_at")
    rows = await latest.limit(LOOKED_AT)
    keys = await world.vault.keys([row.id for row in rows])
    here = [row.opened(keys) for row in rows if row.id in keys]
    return of_counts(len(rows), len(rows) - sum(holds(profile, world.today()) for profile in here))


def _passes(today: date, ask: Callable[[Checks], object]) -> bool:
    checks = Checks(today=today)
    ask(checks)
    return not checks.problems


@evidence
async def profiles_with_given_name(world: World, period: Period) -> Measure:
    """1.1.1"""
    return await _profiles(
        world, lambda one, today: _passes(today, lambda checks: checks.name("givenName", one.given_name))
    )


@evidence
async def profiles_with_family_name(world: World, period: Period) -> Measure:
    """1.1.2"""
    return await _profiles(
        world, lambda one, today: _passes(today, lambda checks: checks.name("familyName", one.family_name))
    )


@evidence
async def profiles_with_one_identity(world: World, period: Period) -> Measure:
    """1.1.3: exactly one of the two."""
    return await _profiles(world, lambda one, _: (one.birthdate is None) != (one.personal_code is None))


@evidence
async def profiles_with_valid_address(world: World, period: Period) -> Measure:
    """1.1.4"""
    return await _profiles(
        world, lambda one, today: _passes(today, lambda checks: checks.address("address", one.address))
    )


@evidence
async def profiles_with_valid_phone_number(world: World, period: Period) -> Measure:
    """1.1.5"""
    return await _profiles(
        world, lambda one, today: _passes(today, lambda checks: checks.phone("phone", one.phone_number))
    )


@evidence
async def profiles_with_confirmed_email(world: World, period: Period) -> Measure:
    """1.1.6: an active account's address was confirmed, or came with an import."""
    active = Customer.filter(state=State.ACTIVE).using_db(reader())
    return of_counts(
        await active.count(), await active.filter(email_verified_at=None, last_sign_in_at__isnull=False).count()
    )
