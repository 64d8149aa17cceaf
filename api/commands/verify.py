"""octopus verify"""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import act
from api.commands.trouble import Trouble, told
from models.world import World


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            exists=True,
            dir_okay=False,
            readable=True,
            help="An exported archive, or the report of `octopus promises --as json`.",
        ),
    ] = None,
) -> None:
    """Check the event chain, its checkpoints and every certificate of erasure; or an exported archive, or a report.

    A file needs no database and no network: signature, every part, nothing missing or extra.
    """
    if file is None:
        act(_proofs)
    elif file.suffix == ".json":
        _report(file)
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


def _report(file: Path) -> None:
    """A compliance report, by this installation's own key: it carries none."""
    from models.retention.compliance import is_signed

    with told():
        own = _own_key()
        if own is None:
            raise Trouble("there is no key file here to check a report with")
        if not is_signed(file.read_bytes(), own):
            print("This report is not as it was signed, or not by this installation.")
            raise typer.Exit(1)
    print("The report is as this installation signed it.")


def _whose(public_key: bytes) -> str:
    """Whether the key is this installation's own, where there is one."""
    own = _own_key()
    if own is None:
        return "which nothing here can be compared with: ask the issuer for its key"
    return f"which is {'' if own == public_key else 'NOT '}this installation's own"


def _own_key() -> bytes | None:
    """The public key of this installation, where there is one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from api.keys import FileKeyRing, HeldRing, KeyFileUnusable
    from api.settings import WrongSetting
    from api.settings.environment import read_settings
    from api.world import random_bytes

    with suppress(KeyFileUnusable, WrongSetting, OSError):
        settings = read_settings()
        held = settings.key_ring is not None
        ring = HeldRing(settings.key_ring or "") if held else FileKeyRing(settings.key_file, random_bytes)
        return Ed25519PrivateKey.from_private_bytes(ring.signing).public_key().public_bytes_raw()
    return None
