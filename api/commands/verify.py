"""octopus verify"""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import act
from api.commands.trouble import told
from models.world import World


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[EXPORT]", exists=True, dir_okay=False, readable=True, help="An exported archive."),
    ] = None,
) -> None:
    """Check the event chain, its checkpoints and every certificate of erasure; or an exported archive.

    An archive needs no database and no network: signature, every file, nothing missing or extra.
    """
    if file is None:
        act(_proofs)
    else:
        _archive(file)


async def _proofs(world: World) -> None:
    from models.retention.certify import wrong_certificates
    from models.retention.chain import verify_chain
    from models.tables import Certificate

    chain, wrong = await verify_chain(world), await wrong_certificates(world)
    for problem in chain.problems:
        print(problem)
    if chain.untold:
        print(f"and {chain.untold} more")
    for number in wrong:
        print(f"certificate {number} is not as it was signed")
    print(f"Events {chain.first} to {chain.last}: {chain.events:,}, under {chain.checkpoints:,} signed checkpoints.")
    print(f"  {chain.emptied:,} have lost their personal part to an erasure, {chain.pending:,} wait to be numbered.")
    if chain.unfiled:
        print(f"  {chain.unfiled} checkpoints are not in the file yet: the worker adds them.")
    if chain.restored:
        print(f"  The database was restored from a backup {chain.restored} times.")
    print(f"Certificates of erasure: {await Certificate.all().count():,}.")
    if wrong or not chain.ok:
        print("These are not as they were sealed and signed.")
        raise typer.Exit(1)
    print("All as sealed and signed.")


def _archive(file: Path) -> None:
    from models.archive.verify import verify as verified

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
