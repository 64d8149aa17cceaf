"""The front ends as text: what is written, and what the build made of it. Nothing where there is none."""

from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
WRITTEN = {".ts", ".tsx", ".js", ".jsx", ".mjs", ".html"}


@cache
def sources() -> dict[Path, str]:
    """Every source file; what the build made, what was installed, and tests aside."""
    found = {}
    for path in FRONTEND.rglob("*"):
        inside = path.relative_to(FRONTEND).parts
        if path.suffix in WRITTEN and path.is_file() and not {"node_modules", "dist"} & set(inside):
            found[path] = path.read_text(encoding="utf-8")
    return found


@cache
def built_pages() -> dict[str, str]:
    """The HTML that is served, or else what the build starts from."""
    built = list((FRONTEND / "dist").rglob("*.html"))
    files = built or [path for path in sources() if path.suffix == ".html"]
    return {str(path.relative_to(FRONTEND)): path.read_text(encoding="utf-8") for path in files}


@cache
def scripts() -> dict[str, str]:
    """The scripts that are served."""
    return {
        str(path.relative_to(FRONTEND)): path.read_text(encoding="utf-8") for path in (FRONTEND / "dist").rglob("*.js")
    }
