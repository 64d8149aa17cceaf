"""Places, from a table made here: no third party's data is shipped."""

import struct
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from api.places import MmdbPlaces, PlacesUnusable, Unknown
from models.world import Place

RIGA = {
    "country": {"iso_code": "LV", "names": {"en": "Latvia", "lv": "Latvija"}},
    "subdivisions": [{"iso_code": "RIX", "names": {"en": "Rīga"}}],
    "city": {"names": {"en": "Riga", "lv": "Rīga"}},
    "location": {"latitude": 56.9496, "longitude": 24.1052},
}


def encoded(value: Any) -> bytes:
    """A value in the MaxMind DB data format, as far as these tests need it."""

    def field(kind: int, size: int, body: bytes) -> bytes:
        head, extra = (size, b"") if size < 29 else (29, bytes([size - 29]))
        return bytes([kind << 5 | head] if kind < 8 else [head, kind - 7]) + extra + body

    match value:
        case str():
            return field(2, len(value.encode()), value.encode())
        case float():
            return field(3, 8, struct.pack(">d", value))
        case int():
            kind, code = (5, ">H") if value < 100 else (6, ">I") if value < 1 << 30 else (9, ">Q")  # as readers insist
            return field(kind, struct.calcsize(code), struct.pack(code, value))
        case list():
            return field(11, len(value), b"".join(map(encoded, value)))
        case _:
            return field(7, len(value), b"".join(encoded(key) + encoded(item) for key, item in value.items()))


def table(path: Path, records: dict[str, Any], kind: str = "Test-City") -> Path:
    """Write a small IPv6 table (IPv4 networks under ::/96, as MaxMind does) with 32-bit records."""
    tree: list[list[Any]] = [[None, None]]
    for network, record in records.items():
        address = ip_network(network)
        length = address.prefixlen + (96 if address.version == 4 else 0)
        bits = f"{int(address.network_address):0128b}"[:length]
        node = 0
        for bit in map(int, bits[:-1]):
            if tree[node][bit] is None:
                tree.append([None, None])
                tree[node][bit] = len(tree) - 1
            node = tree[node][bit]
        tree[node][int(bits[-1])] = encoded(record)
    data, words = b"", b""
    for node_words in tree:
        for word in node_words:
            if isinstance(word, bytes):
                words += struct.pack(">I", len(tree) + 16 + len(data))
                data += word
            else:
                words += struct.pack(">I", len(tree) if word is None else word)
    about = {
        "node_count": len(tree), "record_size": 32, "ip_version": 6, "binary_format_major_version": 2,
        "binary_format_minor_version": 0, "build_epoch": 1_795_000_000, "database_type": kind, "languages": ["en"],
        "description": {"en": "made"},
    }  # fmt: skip
    path.write_bytes(words + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encoded(about))
    return path


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
