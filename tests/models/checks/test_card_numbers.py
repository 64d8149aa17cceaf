"""Clause 1.4: a card number is found however it is written; what only looks like one is not."""

import ipaddress
import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import iban as standard
from stdnum import luhn
from stdnum.iso7064 import mod_97_10
from stdnum.lv import pvn

from models.checks.card_numbers import find_card_number

CARDS = [
    "4111111111111111",
    "4222222222222",
    "4000000000000000006",
    "5105105105105100",
    "2221000000000009",
    "2720990000000007",
    "378282246310005",
    "341111111111111",
    "6011111111111117",
    "6500000000000002",
    "3530111333300000",
    "30569309025904",
    "36006666333344",
    "6200000000000005",
    "6304000000000000",
    "5018000000000009",
    "501800000009",
    "2200000000000004",
]
PREFIXES = [
    ("4", (13, 16, 19)),
    ("51", (16,)),
    ("55", (16,)),
    ("2221", (16,)),
    ("2720", (16,)),
    ("34", (15,)),
    ("37", (15,)),
    ("6011", (16, 19)),
    ("644", (16,)),
    ("65", (16,)),
    ("3528", (16,)),
    ("3589", (16,)),
    ("300", (14,)),
    ("36", (14,)),
    ("62", (16, 17, 18, 19)),
    ("50", tuple(range(12, 20))),
    ("58", tuple(range(12, 20))),
    ("67", (12, 16, 19)),
]
ZEROS = ["0", "０", "٠", "۰", "०", "𝟎", "𝟘"]  # ASCII, full-width, Arabic-Indic, Persian, Devanagari, mathematical
SEPARATORS = ["", "", "", " ", "-", ".", "\u00a0", "\u2009", "–", "\u200b", "\n", "/", "_", " - ", "·", "\u2060"]
WORDS = ["", "my card ", "Karte: ", "pay with(", "№", "ā"]


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix, lengths = draw(st.sampled_from(PREFIXES))
    length = draw(st.sampled_from(lengths))
    body = prefix + draw(st.text("0123456789", min_size=length - 1 - len(prefix), max_size=length - 1 - len(prefix)))
    return body + luhn.calc_check_digit(body)


@st.composite
def ibans(draw: st.DrawFn) -> str:
    letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
    country, parts = draw(
        st.sampled_from([("GB", (4, -14)), ("LV", (4, -13)), ("DE", (-18,)), ("NL", (4, -10)), ("LT", (-16,))])
    )
    bban = "".join(draw(st.text(letters if n > 0 else digits, min_size=abs(n), max_size=abs(n))) for n in parts)
    return country + mod_97_10.calc_check_digits(bban + country) + bban


@pytest.mark.parametrize("card", CARDS)
def test_every_issuers_card_is_found(card: str) -> None:
    """Plain, in groups, in a sentence."""
    fours = " ".join(card[i : i + 4] for i in range(0, len(card), 4))
    for text in (card, fours, f"Please charge {card}.", f"({fours})", f"No{card}x", f"{fours} 12/27 123", f"+{card}"):
        assert find_card_number(text), text


@given(card=cards(), data=st.data())
@settings(max_examples=400, deadline=None)
def test_a_card_is_found_in_any_script_with_any_separators(card: str, data: st.DataObject) -> None:
    """Each digit may be in a script of its own, with anything unseen or blank between."""
    written = ""
    for digit in card:
        written += chr(ord(data.draw(st.sampled_from(ZEROS))) + int(digit)) + data.draw(st.sampled_from(SEPARATORS))
    assert find_card_number(data.draw(st.sampled_from(WORDS)) + written)


@given(
    card=cards(),
    beside=st.sampled_from(
        [
            "GB29 NWBK 6016 1331 9268 19",
            "LV80BANK0000435195001",
            "+371 21234567",
            "+44 7911 123456",
            "DE89370400440532013000",
            "+49 30 1234567",
            "123e4567-e89b-12d3-a456-426614174000",
        ]
    ),
    between=st.sampled_from([" ", ", ", " / ", " and ", "\n"]),
    first=st.booleans(),
    data=st.data(),
)
@settings(max_examples=400, deadline=None)
def test_a_card_beside_an_iban_or_a_phone_number_is_found(
    card: str, beside: str, between: str, first: bool, data: st.DataObject
) -> None:
    """What is allowed does not hide what is not."""
    separator = data.draw(st.sampled_from(["", " ", "-"]))
    written = separator.join(card[i : i + 4] for i in range(0, len(card), 4))
    assert find_card_number(written + between + beside if first else beside + between + written)


@pytest.mark.parametrize(
    "text",
    [
        "LV80BANK00004351950014111111111111111",
        "+371212345674111111111111111",
        "id 20264111111111111111000099",
        "4\ufe0f\u20e31\ufe0f\u20e3" + "1\ufe0f\u20e3" * 14,
        "四一一一 一一一一 一一一一 一一一一",
        "4111.1111.1111.1111@example.com",
        "1\u00a04111\u00a01111\u00a01111\u00a01111\u00a0123",
    ],
)
def test_a_hidden_card_is_found(text: str) -> None:
    """Glued to an IBAN, a phone number or more digits; in keycaps; in Chinese; in an address's local part."""
    assert find_card_number(text)


@pytest.mark.parametrize("card", CARDS)
def test_a_wrong_check_digit_is_no_card(card: str) -> None:
    """Luhn decides."""
    assert not find_card_number(card[:-1] + str((int(card[-1]) + 1) % 10))


@given(ibans(), st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_valid_iban_is_no_false_alarm(iban: str, grouped: bool) -> None:
    """Compact or in fours, in a sentence, in either case."""
    if standard.is_valid(iban):
        text = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)) if grouped else iban
        assert not find_card_number(f"Mans konts ir {text}, paldies")
        assert not find_card_number(text.lower())


@pytest.mark.parametrize(
    "iban",
    [
        "GB29NWBK60161331926819",
        "LV80BANK0000435195001",
        "DE89370400440532013000",
        "LT121000011101001000",
        "EE382200221020145685",
        "NL91ABNA0417164300",
        "FR1420041010050500013M02606",
        "PL61109010140000071219812874",
    ],
)
def test_published_ibans_are_no_false_alarm(iban: str) -> None:
    """The SWIFT registry's own examples."""
    assert not find_card_number(iban)


@given(
    st.one_of(
        st.integers(20_000_000, 29_999_999).map(lambda n: f"+371{n}"),
        st.integers(7_400_000_000, 7_599_999_999).map(lambda n: f"+44 {n // 1_000_000} {n % 1_000_000:06}"),
        st.integers(9_170_000_000, 9_179_999_999).map(lambda n: f"+63{n}"),  # PH: twelve digits, Maestro's prefix
        st.integers(4_140_000_000, 4_149_999_999).map(lambda n: f"+58 {n // 10**7}-{n % 10**7:07}"),
        st.integers(15_100_000_000, 15_199_999_999).map(lambda n: f"+49 {n}"),
    )
)
@settings(max_examples=500, deadline=None)
def test_a_phone_number_is_no_false_alarm(number: str) -> None:
    """E.164 numbers of countries whose code starts like a card's issuer, too."""
    assert not find_card_number(f"call {number}, please")


@example("3.98.2.179 3.98.2.178")
@example("5.8.12.17 5.8.12.16")
@given(
    st.one_of(
        st.uuids().map(str),
        st.uuids(version=4).map(lambda u: u.hex),
        st.dates().map(str),
        st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)).map(
            lambda d: f"{d:%d.%m.%Y} – {d:%d.%m.%Y}"
        ),
        st.datetimes().map(str),
        st.ip_addresses(v=4).map(lambda ip: f"{ip} {ipaddress.ip_address(int(ip) ^ 1)}"),
        st.decimals(0, 9_999_999, places=2).map(lambda d: f"€{d:,}"),
        st.integers(0, 9_999_999_999).map(lambda n: f"{n // 10**6:06}"[:6] + "-" + f"{n % 10**5:05}"),
        st.integers(0, 99_999_999_999).map(str),
    )
)
@settings(max_examples=1000, deadline=None)
def test_what_has_many_digits_and_is_no_card_is_no_false_alarm(text: str) -> None:
    """UUIDs, dates and spans of them, IP addresses, prices, personal codes, registration numbers."""
    assert not find_card_number(text)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_two_personal_codes_are_no_false_alarm(digits: str) -> None:
    """New-style codes in a row have as many digits as a card."""
    body = "32" + digits
    code = body + pvn.calc_check_digit_pers(body)
    assert not find_card_number(f"{code[:6]}-{code[6:]} {code[:6]}-{code[6:]}")


ADVERSARIAL = [
    "0",
    "4",
    "4 ",
    "44 4 ",
    "41 411 4 ",
    "1" + " " * 50,
    "LV00",
    "LV00 ",
    "GB29NWBK60161331926819 ",
    "GB28NWBK60161331926819 ",
    "+",
    "+1 ",
    "+639171234567 ",
    "+63 917 123 456 7 ",
    "+1 1 1",
    "23.11.2026 ",
    "a1",
    "f",
    "1.",
    "51.195.44.11 ",
    "5000 0000 0000 x ",
    "11-11-",
    "LV ",
    "161175-19998 ",
    "\u0663 ",
    "+999 50 00 00 00 00 00 000 x",
    "lorem 12 ",
]


@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_the_search_is_linear(unit: str) -> None:
    """50 kB of the worst take some hundredths of a second; a search that grew with the square would take many."""
    text = (unit * 50_000)[:50_000]
    taken = []
    for _ in range(3):
        began = time.process_time()
        find_card_number(text)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.25
