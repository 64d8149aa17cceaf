"""A folder on disk, whose names are to survive a crash."""

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Names survive a crash only once their folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
