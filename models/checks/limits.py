"""Every length and age an input is held to, in one table (lengths are code points after NFC, ends included)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Limit = Literal[
    "name", "label", "street_address", "locality", "region", "postal_code", "email", "phone", "iban", "personal_code",
    "subject", "headline", "message", "news", "complaint", "note", "request", "explanation", "reason", "service_name", "domain",
    "reference", "terms_clause", "time_zone", "password", "password_alone", "password_with_factor", "idempotency_key",
    "idempotency_key_min", "last_four", "oldest_birth_year", "adult_years",
]  # fmt: skip

LIMITS: Final[Mapping[Limit, int]] = MappingProxyType(
    {
        # One line
        "name": 100,
        "label": 60,
        "street_address": 200,
        "locality": 100,
        "region": 100,
        "postal_code": 12,
        "email": 254,  # RFC 5321 4.5.3.1.3, less the angle brackets
        "phone": 40,  # as written; E.164 keeps at most fifteen digits of it
        "iban": 50,  # as written; ISO 13616 keeps at most 34 of it
        "personal_code": 20,  # as written
        "subject": 150,
        "headline": 150,
        "service_name": 253,
        "domain": 252,  # RFC 1035 2.3.4 has 253; checked as an address's, it has room for one less
        "reference": 64,
        "terms_clause": 32,
        "time_zone": 64,
        # Several lines
        "message": 5_000,
        "news": 10_000,
        "complaint": 10_000,
        "note": 5_000,
        "request": 5_000,
        "explanation": 5_000,
        "reason": 1_000,
        # Secrets and keys
        "password": 128,
        "password_alone": 15,  # at least, NIST SP 800-63B-4 3.1.1.2
        "password_with_factor": 8,  # at least
        "idempotency_key": 64,
        "idempotency_key_min": 16,  # at least
        "last_four": 4,  # exactly
        # Birth (clause 1.1.3)
        "oldest_birth_year": 1900,
        "adult_years": 18,  # at least; contracts are made with adults
    }
)
