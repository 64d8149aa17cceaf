"""What is shown in place of a value that may not be seen (clause 6.1.3). A mask is as long for a short value as for a
long one; what cannot be shown in part is hidden whole."""

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

_MOST_DIGITS = 3  # of a country's code; none begins another
_NUMBER = 7  # digits at least behind it
_HIDDEN = "••••"


def mask_fixed() -> str:
    """For any value of which nothing may be seen."""
    return "••••••"


def mask_name() -> str:
    """A given or family name: nothing of it."""
    return "•••"


def mask_email() -> str:
    """An address: nothing of it, not even its provider."""
    return "•••@•••"


def mask_paypal(email: str) -> str:
    """'j•••@•••': the first letter, enough to tell one's own two accounts apart."""
    return f"{email[0]}•••@•••" if email[:1].isalnum() else mask_email()


def mask_personal_code(code: str) -> str:
    """'••••••-•••97': the last two digits of a canonical Latvian code, nothing of the date of birth."""
    return f"••••••-•••{code[-2:]}" if len(code) == 12 else mask_fixed()


def mask_iban(iban: str) -> str:
    """'LV••••5001': the country and the last four of a compact IBAN."""
    return f"{iban[:2]}{_HIDDEN}{iban[-4:]}" if len(iban) >= 15 else mask_fixed()


def mask_phone(number: str) -> str:
    """'+371••••67': the country's code and the last two digits of an E.164 number."""
    if number[:1] == "+" and number[1:].isdecimal():
        for end in range(2, 2 + _MOST_DIGITS):
            if len(number) >= end + _NUMBER and int(number[1:end]) in COUNTRY_CODE_TO_REGION_CODE:
                return f"{number[:end]}{_HIDDEN}{number[-2:]}"
    return mask_fixed()
