"""The words that all letters share, in each language, and codes as words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """One language: the frame of a letter, and how dates are written. ``zone`` is where its readers are by default."""

    formats: str
    zone: str
    moment: str
    day: str
    greeting: str
    company: str
    why_service: str
    why_news: str
    link_removed: str


WORDS: Final[Mapping[str, Words]] = {
    "en": Words(
        formats="en_GB",
        zone="Europe/London",
        moment="d MMMM y 'at' HH:mm (VVV 'time')",
        day="d MMMM y",
        greeting="Hello {name},",
        company="Octopus Telecom Ltd, registration number 7007920",
        why_service="This is a service letter about your account, your data or your request. It is not advertising.",
        why_news="You get this letter because you chose to receive our news. You can unsubscribe at any time.",
        link_removed="[link removed]",
    ),
    "lv": Words(
        formats="lv",
        zone="Europe/Riga",
        moment="dd.MM.y. 'plkst.' HH:mm ('laika' 'josla': VVV)",
        day="dd.MM.y.",
        greeting="Labdien, {name}!",
        company="Octopus Telecom Ltd, reģistrācijas numurs 7007920",
        why_service="Šī ir pakalpojuma vēstule par Jūsu kontu, datiem vai pieprasījumu. Tā nav reklāma.",
        why_news="Šo vēstuli saņemat, jo izvēlējāties saņemt mūsu jaunumus. No tiem varat atteikties jebkurā laikā.",
        link_removed="[saite izņemta]",
    ),
}


def language(locale: str) -> str:
    """``en`` or ``lv``, of a locale such as ``lv-LV``. Raises KeyError for a language no letter is written in."""
    tag = locale.replace("_", "-").split("-")[0].lower()
    if tag not in WORDS:
        raise KeyError(f"no letter is written in {locale!r}")
    return tag


def _both(en: str, lv: str) -> Mapping[str, str]:
    return {"en": en, "lv": lv}


VOCABULARY: Final[Mapping[str, Mapping[str, str]]] = {
    "name": _both("name", "vārds un uzvārds"),
    "given_name": _both("given name", "vārds"),
    "family_name": _both("family name", "uzvārds"),
    "birthdate": _both("date of birth", "dzimšanas datums"),
    "personal_code": _both("personal identity code", "personas kods"),
    "address": _both("address", "adrese"),
    "phone": _both("phone number", "tālruņa numurs"),
    "phone_number": _both("phone number", "tālruņa numurs"),
    "email": _both("e-mail address", "e-pasta adrese"),
    "password": _both("password", "parole"),
    "payment_method": _both("payment method", "maksājuma veids"),
    "payment_methods": _both("payment methods", "maksājumu veidi"),
    "locale": _both("language", "valoda"),
    "passkey": _both("passkey", "piekļuves atslēga"),
    "passkey_added": _both("passkey added", "pievienota piekļuves atslēga"),
    "passkey_removed": _both("passkey removed", "noņemta piekļuves atslēga"),
    "totp": _both("authenticator app", "autentifikācijas lietotne"),
    "totp_added": _both("authenticator app added", "pievienota autentifikācijas lietotne"),
    "totp_removed": _both("authenticator app removed", "noņemta autentifikācijas lietotne"),
    "recovery_codes": _both("new recovery codes", "jauni atkopšanas kodi"),
    "recovery_code_used": _both("recovery code used", "izmantots atkopšanas kods"),
    "factors_removed": _both("second step removed", "atslēgta divpakāpju pārbaude"),
    "access": _both("access to your data", "piekļuve Jūsu datiem"),
    "copy": _both("copy of your data", "Jūsu datu kopija"),
    "export": _both("copy of your data", "Jūsu datu kopija"),
    "update": _both("update of your profile", "profila atjaunināšana"),
    "rectify": _both("correction of your data", "Jūsu datu labošana"),
    "restore": _both("restoring your profile", "profila atjaunošana"),
    "delete": _both("deletion of your profile", "profila dzēšana"),
    "erase": _both("erasure of your data", "Jūsu datu dzēšana"),
    "restrict": _both("restriction of processing", "apstrādes ierobežošana"),
    "object": _both("objection to processing", "iebildums pret apstrādi"),
    "information": _both("information request", "informācijas pieprasījums"),
}
