"""Trouble that is expected, as one sentence on stderr and exit code 1; our own mistakes show where they are."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer


class Trouble(Exception):
    """A command cannot go on; the text is one sentence."""


@contextmanager
def told() -> Iterator[None]:
    """Turn expected trouble into its sentence and exit code 1."""
    try:
        yield
    except (typer.Exit, typer.Abort, KeyboardInterrupt):
        raise
    except Exception as fault:
        said = sentence(fault)
        if said is None:
            raise
        print(f"octopus: {said}", file=sys.stderr)
        raise typer.Exit(1) from None


def sentence(fault: Exception) -> str | None:
    """What to tell the operator, or None for what nobody expected."""
    from api.as_of import NotHere
    from api.documents import BadDocument, NoTrustedDocuments
    from api.keys import KeyFileUnusable, UnknownKek
    from api.places import PlacesUnusable
    from api.settings import WrongSetting
    from api.tls import CertificateUnusable
    from models.database import WrongDatabaseURL, is_database_down
    from models.keystore import KeystoreDown
    from models.migrations.grants import CannotGrant
    from models.migrations.runner import MigrationChanged, ReferencesBroken, SchemaTooNew
    from models.refused import Refused
    from models.retention.replay import RestoredBackup
    from models.vault import WrongKeyFile
    from models.world import BackupFailed

    match fault:
        case Trouble() | WrongSetting() | KeyFileUnusable() | PlacesUnusable() | WrongDatabaseURL():
            return str(fault)
        case RestoredBackup() | BackupFailed() | CertificateUnusable() | NotHere():
            return str(fault)
        case BadDocument() | NoTrustedDocuments():
            return str(fault)
        case SchemaTooNew() | MigrationChanged() | ReferencesBroken() | CannotGrant():
            return str(fault)
        case WrongKeyFile() | UnknownKek():
            return (
                "the key file is not the one this keystore was made with: put the right one in OCTOPUS_KEY_FILE's place"
            )
        case Refused():
            return _refusal(fault)
        case KeystoreDown():
            return f"the keystore cannot be reached ({_cause(fault)}): see OCTOPUS_KEYSTORE_URL"
        case OSError(errno=errno.ENOSPC):
            return "the disk is full"
        case _ if is_database_down(fault):
            return f"a database cannot be reached ({_cause(fault)}): see OCTOPUS_MAIN_URL and OCTOPUS_KEYSTORE_URL"
        case OSError(strerror=str(why)):
            return f"{fault.filename}: {why}" if fault.filename else why
    return _policy(fault)


def _policy(fault: Exception) -> str | None:
    return f"the policy contradicts itself: {fault}" if type(fault).__module__.startswith("models.policy") else None


def _refusal(refused: "Exception") -> str:
    problems = [f"{'.'.join(one.field)} {one.code.value}" for one in getattr(refused, "problems", ())]
    return f"refused: {refused}" + (f" ({', '.join(problems)})" if problems else "")


def _cause(fault: BaseException) -> str:
    while fault.__cause__ is not None:
        fault = fault.__cause__
    return type(fault).__name__
