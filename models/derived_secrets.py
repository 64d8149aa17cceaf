"""Secrets that follow from the root of the key ring, one for each purpose: blind indexes, marks, signatures.

Blind indexes are HMAC-SHA-256 (RFC 2104) with a key per field, derived by HKDF (RFC 5869).
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.key_ring import KeyRing


class DerivedSecrets:
    """Blind indexes, digests, marks of what is sent out, and the signer. All of it is synchronous."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._secrets: dict[str, bytes] = {}

    def index(self, field: str, value: str) -> bytes:
        """Blind index of a normalised value: equal values of one field are found, nothing is read."""
        return hmac.digest(self._derived("index:" + field), value.encode(), "sha256")

    def digest(self, secret: str) -> bytes:
        """How a token is stored: SHA-256; the tokens themselves are 256 random bits."""
        return hashlib.sha256(secret.encode()).digest()

    def mac(self, purpose: str, data: bytes, size: int = 16) -> bytes:
        """Keyed BLAKE2b (RFC 7693) for what is sent out and must come back unchanged."""
        return hashlib.blake2b(data, key=self._derived(purpose), digest_size=size).digest()

    def macs(self, purpose: str, prefix: bytes, size: int) -> Callable[[bytes], bytes]:
        """``mac`` of many data that begin alike: the prefix is hashed once."""
        begun = hashlib.blake2b(prefix, key=self._derived(purpose), digest_size=size)

        def mac(data: bytes) -> bytes:
            hashed = begun.copy()
            hashed.update(data)
            return hashed.digest()

        return mac

    def marked(self, purpose: str, prefix: bytes, size: int) -> Callable[[Iterable[bytes]], list[bytes]]:
        """Each of many data with its ``mac`` behind it; what they all begin with is not repeated in the answer."""
        begin = hashlib.blake2b(prefix, key=self._derived(purpose), digest_size=size).copy

        def marked(many: Iterable[bytes]) -> list[bytes]:
            found = []
            for data in many:
                hashed = begin()
                hashed.update(data)
                found.append(data + hashed.digest())
            return found

        return marked

    def _derived(self, purpose: str) -> bytes:
        """A secret of its own for each purpose; the root never changes while a keystore lives."""
        if purpose not in self._secrets:
            self._secrets[purpose] = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.ring.root)
        return self._secrets[purpose]

    @property
    def signer(self) -> Ed25519PrivateKey:
        """Signs manifests, certificates and reports (RFC 8032)."""
        return _signer(self.ring.signing)[0]

    @property
    def signing_key_id(self) -> str:
        return _signer(self.ring.signing)[1]


@lru_cache(maxsize=2)
def _signer(seed: bytes) -> tuple[Ed25519PrivateKey, str]:
    """The key of a seed, and its id."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]
