"""TLS of our own, for whoever serves without a proxy; and whom the databases' servers are trusted by.

TLS 1.2 and 1.3, forward secrecy and authenticated encryption only (RFC 9325). SIGHUP reads a renewed certificate.
"""

import os
import ssl
from pathlib import Path

from api.settings import Settings

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all good


class CertificateUnusable(Exception):
    """The certificate or its key cannot be used; the text is one sentence."""


class Tls:
    """The server's side; ``None`` of it where a proxy does this."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises CertificateUnusable."""
        self._files = certificate, key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers(CIPHERS)
        self.context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
        self.context.set_alpn_protocols(["http/1.1"])
        self.reload()

    @classmethod
    def of(cls, settings: Settings) -> "Tls | None":
        """As the operator set it. Raises CertificateUnusable."""
        if settings.tls_cert is None or settings.tls_key is None:
            return None
        return cls(settings.tls_cert, settings.tls_key)

    def reload(self) -> None:
        """Read the files again: connections made from now on see the new certificate. Raises CertificateUnusable."""
        certificate, key = self._files
        try:
            if key.stat().st_mode & 0o007:
                raise CertificateUnusable(f"OCTOPUS_TLS_KEY: {key} is open to everybody: chmod 600 {key}")
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)  # a bad pair spoils nothing
            self.context.load_cert_chain(certificate, key)
        except OSError as trouble:
            why = trouble.strerror if not isinstance(trouble, ssl.SSLError) else "not a certificate and its key"
            raise CertificateUnusable(f"OCTOPUS_TLS_CERT, OCTOPUS_TLS_KEY: {certificate}, {key}: {why}") from None


def trust(settings: Settings) -> None:
    """Who vouches for the databases' servers: asyncpg and pg_dump read it from the environment."""
    file = settings.database_ca or ssl.get_default_verify_paths().cafile
    if file is not None:
        os.environ["PGSSLROOTCERT"] = str(file)
