"""A table of places by address, as an operator brings one, made here: no third party's data is shipped."""

import struct
from ipaddress import ip_network
from pathlib import Path
from typing import Any

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
