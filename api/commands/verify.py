"""octopus verify"""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.commands.trouble import told
from models.archive.verify import verify as verified


def verify(file: Annotated[Path, typer.Argument(metavar="EXPORT", exists=True, dir_okay=False, readable=True)]) -> None:
    """Check an exported archive: signature, every file, nothing missing or extra. Needs no database, no network."""
    with told():
        verdict = verified(str(file))
    for problem in verdict.problems:
        print(problem)
    if not verdict.ok or verdict.public_key is None or verdict.generated_at is None:
        print("This archive is not as it was signed.")
        raise typer.Exit(1)
    records = sum(verdict.sections.values())
    print(f"Whole and as signed on {verdict.generated_at:%Y-%m-%d %H:%M} UTC: {records} records.")
    print(f"Signed with key {verdict.key_id}, {_whose(verdict.public_key)}.")


def _whose(public_key: bytes) -> str:
    """Whether the key is this installation's own, where there is one."""
    from api.keys import FileKeyRing, HeldRing, KeyFileUnusable
    from api.settings import WrongSetting, read_settings

    with suppress(KeyFileUnusable, WrongSetting, OSError):
        settings = read_settings()
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        from api.world import random_bytes

        held = settings.key_ring is not None
        ring = HeldRing(settings.key_ring or "") if held else FileKeyRing(settings.key_file, random_bytes)
        own = Ed25519PrivateKey.from_private_bytes(ring.signing).public_key().public_bytes_raw()
        return "which is this installation's own" if own == public_key else "which is NOT this installation's own"
    return "which nothing here can be compared with: ask the issuer for its key"
