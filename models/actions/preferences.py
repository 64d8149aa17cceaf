"""How a customer wants to be treated, and what they consent to (clauses 1.6, 2). Refusing is as easy as accepting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.actions.account import Account, Actor, changing, customer_actor
from models.actions.origin import Viewer
from models.checks import Checks
from models.database import reader
from models.refused import Reason, Refused
from models.tables import ActionToken, Consent, Customer, Preferences
from models.tables.credentials import Purpose
from models.tables.events import ActorKind, EventKind
from models.tables.preferences import AdTopic, ConsentDecision, ConsentPurpose, Locale, Theme
from models.world import World

CONSENTS = {
    "news_by_email": ConsentPurpose.NEWS_BY_EMAIL,
    "personalised_content": ConsentPurpose.PERSONALISED_CONTENT,
    "personalised_ads": ConsentPurpose.PERSONALISED_ADS,
    "preference_cookies": ConsentPurpose.PREFERENCE_COOKIES,
    "statistics_cookies": ConsentPurpose.STATISTICS_COOKIES,
    "advertising_cookies": ConsentPurpose.ADVERTISING_COOKIES,
}
OBJECTED = ("news_by_email", "personalised_content", "personalised_ads", "advertising_cookies")
NAMES = {
    "time_zone": "timeZone",
    "news_by_email": "newsByEmail",
    "personalised_content": "personalisedContent",
    "personalised_ads": "personalisedAds",
    "ad_topics": "adTopics",
    "preference_cookies": "cookies",
    "statistics_cookies": "cookies",
    "advertising_cookies": "cookies",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieChoice:
    """What may be kept in the browser besides what is needed: chosen together."""

    preferences: bool
    statistics: bool
    advertising: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanges:
    """What to set; None leaves a thing as it is."""

    locale: Locale | None = None
    time_zone: str | None = None
    theme: Theme | None = None
    news_by_email: bool | None = None
    personalised_content: bool | None = None
    personalised_ads: bool | None = None
    ad_topics: list[AdTopic] | None = None
    cookies: CookieChoice | None = None


async def preferences_of(customer_id: UUID) -> Preferences:
    """A customer's preferences. One statement."""
    return await Preferences.all().using_db(reader()).get(id=customer_id)


async def set_preferences(world: World, viewer: Viewer, changes: PreferenceChanges) -> Preferences:
    """Set preferences; each consent decided anew leaves a record of its own. Raises Refused(INVALID_INPUT)."""
    values = _checked(world, changes)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        held = await Preferences.get(id=account.id)
        named = {NAMES.get(name, name) for name, value in values.items() if getattr(held, name) != value}
        decided = await _decide(account, {name: values[name] for name in CONSENTS if name in values})
        if changes.cookies is not None:
            held.cookies_decided_at = account.now
            named.add("cookies")
        if named or decided:
            held.update_from_dict(values)
            held.updated_at = account.now
            await held.save()
            await account.event(EventKind.MODIFY, "preferences.changed", fields=named | decided)
    return held


async def unsubscribe(world: World, token: str) -> datetime:
    """From the foot of a marketing letter, signed out: no more news, at once. The link may be used again harmlessly.

    Raises Refused(EXPIRED_TOKEN).
    """
    found = await ActionToken.filter(digest=world.vault.digest(token), purpose=Purpose.UNSUBSCRIBE).first()
    if found is None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    customer = await Customer.get_or_none(id=found.customer_id)
    if customer is None or customer.is_closed:  # no news goes to a closed account
        return world.now()
    async with changing(world, found.customer_id, by=Actor(ActorKind.CUSTOMER, found.customer_id)) as account:
        held = await Preferences.get(id=account.id)
        decided = await _decide(account, {"news_by_email": False})
        if held.news_by_email or decided:
            held.news_by_email, held.updated_at = False, account.now
            await held.save()
            await account.event(EventKind.MODIFY, "preferences.unsubscribed", fields=["newsByEmail"])
    return account.now


async def object_to_all(account: Account) -> set[str]:
    """An objection: marketing and personalisation stop now, in the caller's transaction; the contract's names of what stopped."""
    held = await Preferences.get(id=account.id)
    values = {name: False for name in OBJECTED if getattr(held, name)}
    if values:
        held.update_from_dict(values)
        held.updated_at = account.now
        await held.save()
    return await _decide(account, values)


async def _decide(account: Account, values: Mapping[str, bool]) -> set[str]:
    """A record for each decision that is not the one in force; the contract's names of what was decided."""
    purposes = [CONSENTS[name] for name in values]
    rows = await Consent.filter(customer_id=account.id, purpose__in=purposes).order_by("at", "id") if purposes else []
    last = {row.purpose: row.decision for row in rows}
    new = []
    for name, given in values.items():
        before = last.get(CONSENTS[name])
        if before is not None and given == (before is ConsentDecision.GIVEN):
            continue
        new.append((name, _decision(given, before)))
    await Consent.bulk_create([_consent(account, CONSENTS[name], decision) for name, decision in new])
    return {NAMES[name] for name, _ in new}


def _decision(given: bool, before: ConsentDecision | None) -> ConsentDecision:
    if given:
        return ConsentDecision.GIVEN
    return ConsentDecision.WITHDRAWN if before is ConsentDecision.GIVEN else ConsentDecision.REFUSED


def _consent(account: Account, purpose: ConsentPurpose, decision: ConsentDecision) -> Consent:
    return Consent(
        id=account.world.new_id(),
        customer_id=account.id,
        purpose=purpose,
        decision=decision,
        policy_version=account.customer.governed_by,
        at=account.now,
    )


def _checked(world: World, changes: PreferenceChanges) -> dict[str, Any]:
    """Column → value of what is to be set. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    names = ("locale", "theme", "news_by_email", "personalised_content", "personalised_ads")
    values: dict[str, Any] = {name: getattr(changes, name) for name in names if getattr(changes, name) is not None}
    if changes.time_zone is not None:
        values["time_zone"] = checks.time_zone("timeZone", changes.time_zone)
    if changes.ad_topics is not None:
        values["ad_topics"] = [topic.value for topic in AdTopic if topic in changes.ad_topics]
    if changes.cookies is not None:
        values["preference_cookies"] = changes.cookies.preferences
        values["statistics_cookies"] = changes.cookies.statistics
        values["advertising_cookies"] = changes.cookies.advertising
    checks.done()
    return values
