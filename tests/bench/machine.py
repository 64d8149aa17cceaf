"""When and where something was measured."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def about_this_machine() -> dict[str, Any]:
    """The date, Python and the processor."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "processor": _processor(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
