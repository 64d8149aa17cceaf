"""Places, from a table made here: no third party's data is shipped."""

from pathlib import Path

import pytest

from api.places import MmdbPlaces, PlacesUnusable, Unknown
from models.world import Place
from tests.place_table import RIGA, table


@pytest.fixture
def places(tmp_path: Path) -> MmdbPlaces:
    """A table of a city, a country by its code only, a record of nonsense and an empty one."""
    records = {
        "81.198.0.0/16": RIGA,
        "10.0.0.0/8": RIGA,
        "2a00:1450::/32": {"country": {"iso_code": "GB"}},
        "8.8.8.0/24": {"country": "here", "subdivisions": {}, "city": [], "location": {"latitude": "north"}},
        "9.9.9.0/24": "nonsense",
    }
    return MmdbPlaces(table(tmp_path / "city.mmdb", records))


def test_an_address_in_the_table_has_a_place(places: MmdbPlaces) -> None:
    """English names, coordinates to one decimal, and the table it came from."""
    riga = Place("Latvia", "Rīga", "Riga", 56.9, 24.1, "Test-City")
    assert places.locate("81.198.1.2") == riga
    assert places.locate("::ffff:81.198.1.2") == riga
    assert places.locate("2a00:1450::1") == Place(country="GB", source="Test-City")


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1",
        "10.1.2.3",
        "192.168.1.1",
        "127.0.0.1",
        "::1",
        "fe80::1",
        "::ffff:10.1.2.3",
        "100.64.0.1",
        "224.0.0.1",
        "",
        "x",
        "81.198.0.0/24",
    ],
)
def test_no_place_is_guessed(places: MmdbPlaces, ip: str) -> None:
    """Absent, private (even if the table has it), malformed and shortened addresses have no place (clause 1.3)."""
    assert places.locate(ip) is None


@pytest.mark.parametrize("ip", ["8.8.8.8", "9.9.9.9"])
def test_a_record_of_nonsense_is_no_place(places: MmdbPlaces, ip: str) -> None:
    """Nor an error while somebody signs in."""
    assert places.locate(ip) is None


def test_a_closed_table_closes(places: MmdbPlaces) -> None:
    """The map is given back."""
    places.close()
    assert places.locate("81.198.1.2") is None


def test_a_table_that_cannot_be_read_says_so_at_start(tmp_path: Path) -> None:
    """Missing, empty, cut short, not a table, or about something else."""
    whole = table(tmp_path / "whole.mmdb", {"81.198.0.0/16": RIGA}).read_bytes()
    for name, content in {"empty": b"", "cut": whole[:-40], "text": b"places" * 100}.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(PlacesUnusable, match=name):
            MmdbPlaces(path)
    with pytest.raises(PlacesUnusable, match="missing"):
        MmdbPlaces(tmp_path / "missing")
    with pytest.raises(PlacesUnusable, match="ASN"):
        MmdbPlaces(table(tmp_path / "asn.mmdb", {"81.198.0.0/16": {"asn": "x"}}, kind="Test-ASN"))


def test_without_a_table_every_place_is_unknown() -> None:
    """Unknown, never a guess."""
    assert Unknown().locate("81.198.1.2") is None
    Unknown().close()
