"""Clause 6.1.3: masks show little, and nothing of a value's length."""

import phonenumbers
import pytest

from models import masks


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (masks.mask_fixed(), "••••••"),
        (masks.mask_name(), "•••"),
        (masks.mask_email(), "•••@•••"),
        (masks.mask_paypal("janis@example.com"), "j•••@•••"),
        (masks.mask_personal_code("161175-19997"), "••••••-•••97"),
        (masks.mask_iban("LV80BANK0000435195001"), "LV••••5001"),
        (masks.mask_phone("+37121234567"), "+371••••67"),
        (masks.mask_phone("+442079460958"), "+44••••58"),
    ],
)
def test_a_mask_shows_no_more_than_this(masked: str, shown: str) -> None:
    """Enough to recognise one's own, too little to use."""
    assert masked == shown


@pytest.mark.parametrize("mask", [masks.mask_iban, masks.mask_personal_code, masks.mask_phone])
@pytest.mark.parametrize("value", ["", "1", "1234"])
def test_what_is_too_short_to_show_in_part_is_hidden_whole(mask: object, value: str) -> None:
    """No mask repeats its value."""
    assert callable(mask)
    assert mask(value) == masks.mask_fixed()


def test_masks_are_as_long_for_long_values() -> None:
    """Two IBANs, two addresses of different lengths look alike."""
    assert len(masks.mask_iban("NO9386011117947")) == len(masks.mask_iban("MT84MALT011000012345MTLCAST001S"))
    assert len(masks.mask_paypal("a@b.lv")) == len(masks.mask_paypal("a.very.long.address@example.com"))
    assert masks.mask_paypal("") == masks.mask_email()


def test_a_phone_number_shows_its_country_code_wherever_it_is_from() -> None:
    """No code begins another, so the shortest that there is is the right one."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        number = phonenumbers.example_number(region)
        text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if len(text) > 10:
            assert masks.mask_phone(text) == f"+{number.country_code}••••{text[-2:]}"
