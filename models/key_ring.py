"""The key-encryption keys and the root secret, which stand outside of both databases."""

from typing import Protocol


class KeyRing(Protocol):
    """The key-encryption keys (KEK) and the root secret, from a file, the environment or a KMS."""

    @property
    def current(self) -> str: ...
    @property
    def root(self) -> bytes: ...
    @property
    def signing(self) -> bytes:
        """Ed25519 private seed, 32 bytes."""

    def kek(self, kek_id: str) -> bytes: ...
    def ids(self) -> list[str]: ...
    def add(self) -> str:
        """A new KEK becomes the current one; durable when this returns."""

    def add_beside(self, kek_id: str) -> str:
        """A new KEK of that name that does not become the current one; the name of the one to use. Durable when this returns."""

    def retire(self, kek_id: str) -> None:
        """The KEK is gone for ever; durable when this returns."""
