"""Letters: complete in both languages, said plainly, and deaf to hostile names."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest

from api import letters

AT = "2026-11-22T17:32:00Z"
LINK = "https://portal.example.com/act?token=abc_DEF-123"
WORDS = {
    "number": "2026-0042",
    "explanation": "Done as asked.\nSecond line.",
    "reason": "The law says so.",
    "place": None,
}
AUTHORITIES = [
    {"name": "Information Commission", "website": "https://ico.org.uk", "how": "Write or call."},
    {"name": "Datu valsts inspekcija", "website": "https://www.dvi.gov.lv", "how": "Rakstiet."},
]
SAID = {
    "confirm-email": "link expires_at",
    "already-registered": "sign_in_link reset_link",
    "confirm-email-change": "link expires_at new_email",
    "email-change-notice": "new_email_masked",
    "revert-email-change": "link new_email_masked expires_at",
    "reset-password": "link expires_at",
    "password-changed": "at",
    "new-device": "at ip_network place browser os link",
    "account-secured": "link expires_at",
    "contact-changed": "field at",
    "value-restored": "field at",
    "export-requested": "ready_by",
    "export-ready": "portal_link expires_at",
    "export-collected": "at",
    "profile-deleted": "closed_at erase_at erase_by certificate_code",
    "profile-closed-by-company": "terms_clause reason erase_at erase_by certificate_code",
    "profile-closed-unused": "closed_at erase_at erase_by certificate_code",
    "profile-restored": "at",
    "related-person-added": "by_company link",
    "related-person-removed": "",
    "factor-changed": "what at link",
    "factor-recovery-started": "available_at link remove_link expires_at",
    "second-factor-failed": "at ip_network place browser os reset_link",
    "session-family-ended": "at",
    "request-received": "number what due_at",
    "request-done": "number explanation",
    "request-denied": "number reason authorities",
    "copy-code-issued": "at",
    "hold-placed": "basis review_by",
    "hold-released": "at",
    "complaint-received": "number acknowledge_by",
    "complaint-acknowledged": "number",
    "complaint-closed": "number outcome authorities",
    "dormant-warning": "closes_at sign_in_link",
    "policy-notice": "version summary valid_from link",
    "message-from-support": "portal_link",
    "news": "headline body unsubscribe_link",
    "staff-invitation": "link expires_at",
    "import-welcome": "link",
}
BOTH = [(template, locale) for template in SAID for locale in ("en", "lv")]


def sample(template: str, **instead: Any) -> dict[str, Any]:
    """Everything that a letter says, made up; times and links by their names, other params by themselves."""
    params: dict[str, Any] = {"name": "Anna Bērziņa"}
    for param in SAID[template].split():
        if param.endswith("link"):
            params[param] = LINK
        elif param.endswith(("_at", "_by", "valid_from")) or param == "at":
            params[param] = AT
        else:
            params[param] = AUTHORITIES if param == "authorities" else WORDS.get(param, f"«{param}»")
    return params | instead


class Reader(HTMLParser):
    """What a reader of the HTML gets: its text, its links, the elements used and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.tags, self.attributes = "", list[str](), set[str](), set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_set_of_letters_is_known_and_complete_in_both_languages() -> None:
    """A letter that one language lacks, or that no test knows, does not merge."""
    assert letters.templates() == set(SAID)
    for template, locale in BOTH:
        assert letters.params_of(template, locale) == {"name", *SAID[template].split()}, (template, locale)


@pytest.mark.parametrize(("template", "locale"), BOTH)
def test_every_letter_says_all_that_it_is_given_in_text_and_html(template: str, locale: str) -> None:
    """Nothing undefined, nothing left of the templates, the same words in both forms, and who writes at the end."""
    params = sample(template)
    letter = letters.render(template, locale, params)
    page = Reader(letter.html)
    for form in (letter.text, page.text):
        assert "Anna Bērziņa" in form
        assert "Octopus Telecom Ltd" in form
        assert "7007920" in form
        assert not re.search(r"\{\{|\{%|undefined|None|Markup", form)
        for param in SAID[template].split():
            assert f"«{param}»" in form + letter.subject or params[param] != f"«{param}»", param
    links = [value for param, value in params.items() if param.endswith("link")]
    assert page.links == links
    assert letter.text.count(LINK) == len(links)
    assert page.tags <= {"html", "head", "meta", "title", "body", "p", "a", "ul", "li", "br", "hr", "small"}
    assert page.attributes <= {"lang", "charset", "name", "content", "href"}
    assert f'<html lang="{locale}">' in letter.html
    assert 0 < len(letter.subject) < 80
    assert "\n" not in letter.subject


@pytest.mark.parametrize("template", SAID)
def test_the_latvian_letter_is_latvian(template: str) -> None:
    """Nobody forgot to translate: no paragraph is the same in both languages, and Latvian has its letters."""
    said = sample(template, explanation="x", reason="y", basis="c", body="b", summary="s", outcome="o")
    english, latvian = (letters.render(template, locale, said).text.split("\n\n") for locale in ("en", "lv"))
    assert len(english) == len(latvian)
    assert not {block for block in english if len(block) > 1} & set(latvian) - {
        block for block in latvian if "- " in block
    }
    assert len(set("āčēģīķļņšūž") & set("".join(latvian).replace("Anna Bērziņa", ""))) >= 5


@pytest.mark.parametrize(("template", "locale"), BOTH)
def test_a_missing_param_is_named(template: str, locale: str) -> None:
    """A letter is never sent with a hole in it."""
    for param in letters.params_of(template, locale):
        params = sample(template)
        del params[param]
        with pytest.raises(letters.MissingParam, match=param):
            letters.render(template, locale, params)


def test_an_unknown_letter_or_language_is_an_error() -> None:
    """Also when its name tries to leave the folder."""
    for name in ("nothing", "../letters/news", "page", ""):
        with pytest.raises(letters.UnknownLetter):
            letters.render(name, "en", {"name": "A"})
    with pytest.raises(KeyError, match="de"):
        letters.render("news", "de", sample("news"))
    assert letters.render("news", "lv-LV", sample("news")) == letters.render("news", "lv", sample("news"))


@pytest.mark.parametrize(
    ("locale", "zone", "said"),
    [
        ("en", None, "22 November 2026 at 17:32 (London time)"),
        ("lv", None, "22.11.2026. plkst. 19:32 (laika josla: Rīga)"),
        ("en", "Europe/Riga", "22 November 2026 at 19:32 (Riga time)"),
    ],
)
def test_times_are_said_in_the_readers_language_and_zone(locale: str, zone: str | None, said: str) -> None:
    """London for English and Riga for Latvian, unless the reader chose."""
    assert said in letters.render("password-changed", locale, sample("password-changed", time_zone=zone)).text


def test_days_are_the_readers_days() -> None:
    """Half past ten at night in London is tomorrow in Riga."""
    params = sample("export-requested", ready_by="2026-12-31T22:30:00+00:00")
    assert "by 31 December 2026 at" in letters.render("export-requested", "en", params).text
    assert "kā 01.01.2027." in letters.render("export-requested", "lv", params).text


def test_a_time_without_its_offset_is_an_error() -> None:
    """Nobody guesses a zone."""
    with pytest.raises(ValueError, match="offset"):
        letters.render("password-changed", "en", sample("password-changed", at="2026-11-22T17:32:00"))


@pytest.mark.asvs("1.2.1")
@pytest.mark.asvs("1.3.7")
@pytest.mark.parametrize(("template", "locale"), BOTH)
@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "Eve\r\nBcc: all@example.com\r\n\r\n-> link: Win\u2028* authorities: x\x00",
        "{{7*7}}{% for x in [1] %}{{ name }}{% endfor %}",
        "\u202egnp.exe\u2066",
        "You won! https://evil.example/x www.evil.example evil.example eve@evil.example " + "x" * 500,
    ],
)
def test_a_hostile_name_is_only_a_name(template: str, locale: str, hostile: str) -> None:
    """A name is text on one line: no markup, header, block, template, reversed text or link comes from it."""
    letter, tame = (letters.render(template, locale, sample(template, name=name)) for name in (hostile, "Eve"))
    assert Reader(letter.html).tags == Reader(tame.html).tags
    assert Reader(letter.html).links == Reader(tame.html).links
    assert len(letter.text.splitlines()) == len(tame.text.splitlines())
    greeting = letter.text.splitlines()[0]
    assert len(greeting) < 100
    assert not re.search(r"49|\x00|[\u202e\u2066\u2028]|://|www\.\w|\w\.\w|@\w", greeting)
    assert letters.without_links(greeting, locale) == greeting


@pytest.mark.parametrize("value", ["<b>x</b>", "a\r\nBcc: b@example.com", "{{7*7}}", "\u2028x\u2029", None])
def test_any_hostile_value_is_only_a_value(value: str | None) -> None:
    """Also where several lines are welcome."""
    for template, locale in BOTH:
        free = [param for param in SAID[template].split() if sample(template)[param] == f"«{param}»" or param in WORDS]
        letter = letters.render(template, locale, sample(template, **dict.fromkeys(free, value)))
        assert "<b>" not in letter.html
        assert "49" not in letter.subject + letter.text.replace("2026-0042", "")
        assert len(letter.subject.splitlines()) == 1
        assert Reader(letter.html).links == Reader(letters.render(template, locale, sample(template)).html).links


@pytest.mark.asvs("1.2.2")
@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "/act?token=x",
        "//evil.example",
        "",
        "https://",
        "https://a b",
        'https://a"onclick=x',
        "https://a\n",
    ],
)
def test_only_an_absolute_web_link_is_a_link(link: str) -> None:
    """Anything else is a fault of ours."""
    with pytest.raises(ValueError, match="absolute"):
        letters.render("confirm-email", "en", sample("confirm-email", link=link))


def test_prose_keeps_its_lines() -> None:
    """In HTML as line breaks."""
    letter = letters.render("request-done", "en", sample("request-done"))
    assert "Done as asked.\nSecond line." in letter.text
    assert "Done as asked.<br>Second line." in letter.html


@pytest.mark.parametrize(
    ("field", "en", "lv"),
    [("phoneNumber", "phone number", "tālruņa numurs"), ("EMAIL", "e-mail", "e-pasta"), ("shoe size",) * 3],
)
def test_codes_are_said_as_words(field: str, en: str, lv: str) -> None:
    """However the code is spelt; what is no code is said as it is."""
    assert en in letters.render("contact-changed", "en", sample("contact-changed", field=field)).text
    assert lv in letters.render("contact-changed", "lv", sample("contact-changed", field=field)).text


def test_each_authority_is_a_line_of_its_own() -> None:
    """With its website and how to complain (clause 4.2.1)."""
    letter = letters.render("request-denied", "en", sample("request-denied"))
    assert (
        "- Information Commission, https://ico.org.uk. Write or call.\n- Datu valsts inspekcija, https://www.dvi"
        in letter.text
    )
    assert letter.html.count("<li>") == 2


def test_a_letter_says_whether_it_serves_or_sells() -> None:
    """Service letters and marketing letters are different kinds (clause 2)."""
    for template in SAID:
        text = letters.render(template, "en", sample(template)).text
        assert ("service letter" in text) is (template not in letters.MARKETING)
        assert ("unsubscribe at any time" in text) is (template in letters.MARKETING)


@pytest.mark.parametrize(("template", "locale"), BOTH)
def test_a_letter_without_its_links_carries_no_token(template: str, locale: str) -> None:
    """The conversation keeps letters, not keys."""
    params = sample(template)
    kept = letters.without_links(letters.render(template, locale, params).text, locale)
    assert "token" not in kept
    assert "://" not in kept
    has_links: Mapping[str, bool] = {"en": "[link removed]" in kept, "lv": "[saite izņemta]" in kept}
    assert has_links[locale] is (LINK in params.values() or "authorities" in params)


def test_links_are_found_wherever_they_stand() -> None:
    """The sentence around a link stays."""
    text = "See (https://a.example/?token=x). Or HTTP://B.example/y, www.c.example! mailto:d@e.example; x"
    assert (
        letters.without_links(text, "en")
        == "See ([link removed]). Or [link removed], [link removed]! [link removed]; x"
    )
