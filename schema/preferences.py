"""Language, time zone, theme; what the customer consents to (clauses 1.6 and 2), and every decision they ever made."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import preferences as preferring
from models.actions.preferences import CookieChoice, PreferenceChanges
from models.tables.preferences import AdTopic, ConsentDecision, ConsentPurpose, Locale, Theme
from schema.access import context, viewer
from schema.nodes import Node, node_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, group


@strawberry.type(description="What may be kept in the browser besides what is needed.")
class CookieChoices(FromRow):
    """The contract's CookieChoices."""

    preferences: bool = column("preference_cookies")
    statistics: bool = column("statistics_cookies")
    advertising: bool = column("advertising_cookies")
    decided_at: datetime | None = column("cookies_decided_at", description="Null until the customer chose.")


@strawberry.type(description="How the customer wants to be treated.")
class Preferences(FromRow):
    """The contract's Preferences."""

    locale: Locale = column()
    time_zone: str = column(description="A name from the IANA database.")
    theme: Theme = column()
    news_by_email: bool = column()
    personalised_content: bool = column()
    personalised_ads: bool = column()
    ad_topics: list[AdTopic] = derived(
        lambda _, row, __: [AdTopic(one) for one in row.ad_topics], columns=("ad_topics",)
    )
    cookies: CookieChoices = group(lambda: CookieChoices)
    updated_at: datetime = column()


@strawberry.type(description="One decision about a consent. The one in force stands in the preferences.")
class Consent(Node, FromRow):
    """The contract's Consent."""

    id: strawberry.ID = node_id("Consent")
    purpose: ConsentPurpose = column()
    decision: ConsentDecision = column()
    policy_version: str = column(description="The version that governed then.")
    at: datetime = column()


ConsentConnection, ConsentEdge = connection("Consent", Consent)


# ---- inputs and results ---------------------------------------------------------------------------------------------
@strawberry.input(description="The three choices are made together.")
class CookieChoicesInput:
    """The contract's CookieChoicesInput."""

    preferences: bool
    statistics: bool
    advertising: bool

    def given(self) -> CookieChoice:
        return CookieChoice(preferences=self.preferences, statistics=self.statistics, advertising=self.advertising)


@strawberry.input(description="What is left out stays as it is.")
class SetPreferencesInput:
    """The contract's SetPreferencesInput."""

    locale: Locale | None = strawberry.UNSET
    time_zone: str | None = strawberry.UNSET
    theme: Theme | None = strawberry.UNSET
    news_by_email: bool | None = strawberry.UNSET
    personalised_content: bool | None = strawberry.UNSET
    personalised_ads: bool | None = strawberry.UNSET
    ad_topics: list[AdTopic] | None = strawberry.UNSET
    cookies: CookieChoicesInput | None = strawberry.UNSET

    def changes(self) -> PreferenceChanges:
        plain = (
            "locale",
            "time_zone",
            "theme",
            "news_by_email",
            "personalised_content",
            "personalised_ads",
            "ad_topics",
        )
        given = {name: getattr(self, name) for name in plain if getattr(self, name) is not strawberry.UNSET}
        return PreferenceChanges(**given, cookies=self.cookies.given() if self.cookies else None)


@strawberry.type(description="The preferences as they are now.")
class PreferencesSet:
    """The contract's PreferencesSet."""

    preferences: Preferences


@strawberry.type(description="No more news goes out.")
class Unsubscribed:
    """The contract's Unsubscribed."""

    at: datetime


SetPreferencesResult = Annotated[PreferencesSet | Refusal, result("SetPreferencesResult")]
UnsubscribeResult = Annotated[Unsubscribed | Refusal, result("UnsubscribeResult")]


@strawberry.type
class PreferenceMutations:
    """Set preferences and consents; unsubscribe from news."""

    @strawberry.mutation(description="Each consent decided anew is kept as a decision of its own (see consents).")
    async def set_preferences(self, info: Info[Any, Any], input: SetPreferencesInput) -> SetPreferencesResult:
        ctx = context(info)
        row = await preferring.set_preferences(ctx.world, viewer(info), input.changes())
        return PreferencesSet(preferences=Preferences.of(ctx, row))

    @strawberry.mutation(description="From the foot of a marketing letter; works signed out, effective at once.")
    async def unsubscribe(self, info: Info[Any, Any], token: str) -> UnsubscribeResult:
        return Unsubscribed(at=await preferring.unsubscribe(context(info).world, token))
