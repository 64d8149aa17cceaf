"""How a customer wants to be treated, and every consent decision ever made (clauses 1.6 and 2)."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import customer_key, reference


class Locale(StrEnum):
    """The two languages of the portal and the letters."""

    EN = "EN"
    LV = "LV"


class Theme(StrEnum):
    """Light, dark, or as the device says."""

    SYSTEM = "SYSTEM"
    LIGHT = "LIGHT"
    DARK = "DARK"


class AdTopic(StrEnum):
    """The closed list that advertising may read; nothing sensitive is on it."""

    HOSTING = "HOSTING"
    DOMAINS = "DOMAINS"
    EMAIL = "EMAIL"
    SECURITY = "SECURITY"
    DEVELOPER_TOOLS = "DEVELOPER_TOOLS"


class Preferences(Model):
    """One row a customer; its id is the customer's."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    locale = fields.CharEnumField(Locale, max_length=2, default=Locale.EN)
    time_zone = reference(64, default="Europe/London")
    theme = fields.CharEnumField(Theme, max_length=8, default=Theme.SYSTEM)
    news_by_email = fields.BooleanField(default=False)
    personalised_content = fields.BooleanField(default=False)
    personalised_ads = fields.BooleanField(default=False)
    ad_topics: list[str] = fields.JSONField(default=list)
    preference_cookies = fields.BooleanField(default=False)
    statistics_cookies = fields.BooleanField(default=False)
    advertising_cookies = fields.BooleanField(default=False)
    cookies_decided_at = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "preferences"


class ConsentPurpose(StrEnum):
    """What a consent is asked for."""

    NEWS_BY_EMAIL = "NEWS_BY_EMAIL"
    PERSONALISED_CONTENT = "PERSONALISED_CONTENT"
    PERSONALISED_ADS = "PERSONALISED_ADS"
    STATISTICS_COOKIES = "STATISTICS_COOKIES"
    ADVERTISING_COOKIES = "ADVERTISING_COOKIES"
    PREFERENCE_COOKIES = "PREFERENCE_COOKIES"


class ConsentDecision(StrEnum):
    """REFUSED: never given; WITHDRAWN: given before."""

    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class Consent(Model):
    """One decision, with the policy version it was made under. The one in force stands in Preferences."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    purpose = fields.CharEnumField(ConsentPurpose, max_length=24)
    decision = fields.CharEnumField(ConsentDecision, max_length=12)
    policy_version = reference(24)
    at = fields.DatetimeField()

    class Meta:
        table = "consent"
        indexes = (("customer_id", "at"),)
