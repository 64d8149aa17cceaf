"""What goes wrong on the way: a session that ended, two devices at once, a lost connection; nothing typed is lost (issue 6)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.test_real_server import PASSWORD, Server
from tests.e2e.visitors import MARKS, Visitor, become_customer

pytestmark = MARKS


@pytest.fixture
def customer(server: Server, browser: Browser) -> Iterator[Visitor]:
    """Somebody who is signed in, in Riga."""
    found = Visitor(server, browser, extra_http_headers={"X-Forwarded-For": "81.198.1.1"})
    become_customer(found)
    found.sign_in()
    found.heading("Hello, Skaidrīte")
    yield found
    found.leave()


@pytest.fixture
def elsewhere(server: Server, browser: Browser, customer: Visitor) -> Iterator[Visitor]:
    """The same customer at another device, signed in, too."""
    found = Visitor(server, browser)
    found.email = customer.email
    found.sign_in()
    found.heading("Hello, Skaidrīte")
    yield found
    found.leave()


def test_a_session_that_ended_goes_on_where_it_was(customer: Visitor, elsewhere: Visitor) -> None:
    """Signed out from another device while typing: sign in on top of the form, and what was typed is saved."""
    page = customer.page
    customer.walk("/profile")
    customer.press("Edit")
    customer.type("Town", "Liepāja")
    elsewhere.walk("/devices")
    elsewhere.press("Sign out all others")
    elsewhere.prove()
    elsewhere.page.get_by_role("button", name="Sign out all others").wait_for(state="detached")

    customer.press("Save")
    question = page.get_by_role("dialog", name="You were signed out")
    question.get_by_label("E-mail address", exact=True).fill(customer.email)
    question.get_by_label("Password", exact=True).fill(PASSWORD)
    assert page.get_by_label("Town", exact=True).input_value() == "Liepāja"
    question.get_by_role("button", name="Sign in", exact=True).click()
    customer.sees(re.compile("^Saved"))
    customer.sees(re.compile("Liepāja"))


def test_two_devices_change_the_same_profile(customer: Visitor, elsewhere: Visitor) -> None:
    """The later one sees what the other changed and keeps both."""
    for one in (customer, elsewhere):
        one.walk("/profile")
        one.press("Edit")
    elsewhere.type("Town", "Ventspils")
    elsewhere.press("Save")
    elsewhere.sees(re.compile("^Saved"))

    customer.type("Given name", "Anna")
    customer.press("Save")
    customer.page.locator(".diff del", has_text="Rīga").wait_for()
    customer.page.locator(".diff ins", has_text="Ventspils").wait_for()
    customer.press("Keep both, then save")
    customer.press("Save")
    customer.sees(re.compile("^Saved"))
    customer.sees(re.compile("^Anna"))
    customer.sees(re.compile("Ventspils"))


def test_a_lost_connection_loses_nothing(customer: Visitor) -> None:
    """A message stays in its field, another page says that it cannot come, and all goes on once there is a connection."""
    page = customer.page
    customer.walk("/messages")
    customer.type("Your message", "When does my domain renew?")
    customer.context.set_offline(True)
    customer.press("Send")
    customer.sees(re.compile("^We could not reach the server"))
    customer.sees("No connection. Nothing you typed is lost.")
    assert page.get_by_label("Your message", exact=True).input_value() == "When does my domain renew?"

    customer.context.set_offline(False)
    customer.press("Send")
    page.locator(".talk .mine", has_text="When does my domain renew?").wait_for()
    assert page.locator(".talk .mine").count() == 1
    page.locator(".connection").wait_for(state="detached")

    customer.settled()
    customer.context.set_offline(True)
    page.get_by_role("link", name="Related persons").click()
    customer.heading("This page cannot be shown now")
    customer.context.set_offline(False)
    customer.press("Try again")
    customer.heading("Related persons")


def test_the_map_shows_where_somebody_signed_in(customer: Visitor) -> None:
    """The place that a table of ours estimates, in words and on the map, in the language of the pages."""
    page = customer.page
    customer.goto("/sign-ins")
    page.get_by_role("cell", name="Riga, Latvia (estimated)").wait_for()
    customer.press("Show the map")
    spot = page.locator("circle.spot")
    spot.wait_for()
    assert spot.locator("title").text_content() == "Riga, Latvia: 1"
    customer.press("Latviešu")
    page.get_by_role("cell", name="Riga, Latvija").wait_for()
    page.locator("circle.spot title", has_text="Riga, Latvija: 1").wait_for(state="attached")
