"""What the service is made of, out of the lock files alone: a bill of materials, and whether something in it is known to be bad.

``python -m tests.supply sbom [FILE]``  writes the bill of materials (CycloneDX 1.6, JSON): the same locks, the same bytes
``python -m tests.supply audit``        asks the open vulnerability database; 1: something is overdue, 2: nobody answers

Licence and owner of each Python package stand in tests/contracts/dependencies.csv; npm's lock file has them itself.
"""

import csv
import hashlib
import json
import re
import sys
import tomllib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

HOUSE = Path(__file__).parents[1]
LICENCES = HOUSE / "tests/contracts/dependencies.csv"
PYTHON = {"requirements.txt": "required", "requirements-dev.txt": "excluded", "requirements-node.txt": "excluded"}
NPM = ("frontend/package-lock.json", "frontend/mobile/package-lock.json", "tests/api/http_audit/package-lock.json")
LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)(?P<rest>(?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ALLOWED = frozenset(
    ["MIT", "MIT-0", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "Python-2.0", "Unlicense", "CC0-1.0",
     "CC-BY-4.0", "BlueOak-1.0.0", "Zlib", "MPL-2.0", "LGPL-2.1-or-later"]
)  # fmt: skip
"""What an Apache-2.0 application may be built with; the last two as separate, unchanged packages."""
ADVISORIES = "https://api.osv.dev"


@dataclass(frozen=True, slots=True)
class Component:
    """One locked package. ``hashes``: (algorithm, hex); ``scope``: required (it runs in production) or excluded."""

    ecosystem: str
    name: str
    version: str
    scope: str
    licence: str
    owner: str
    hashes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def purl(self) -> str:
        """Its name in the world (package URL)."""
        name = self.name.replace("@", "%40", 1) if self.ecosystem == "npm" else self.name
        return f"pkg:{self.ecosystem}/{name}@{self.version}"


# ---- out of the lock files -------------------------------------------------------------------------------------------
def components(house: Path = HOUSE) -> list[Component]:
    """Everything that is locked, by name; what production needs counts as required wherever else it stands."""
    found: dict[str, Component] = {}
    for one in (*_python(house), *_npm(house)):
        before = found.get(one.purl)
        if before is None or before.scope != "required":
            found[one.purl] = one
    return [found[purl] for purl in sorted(found)]


def _python(house: Path) -> Iterator[Component]:
    with (house / "tests/contracts/dependencies.csv").open(encoding="utf-8", newline="") as file:
        known = {row["name"]: row for row in csv.DictReader(file)}
    for lock, scope in PYTHON.items():
        for line in LINE.finditer((house / lock).read_text(encoding="utf-8")):
            name = line["name"].lower()
            row = known.get(name, {"licence": "", "owner": ""})
            hashes = tuple(("SHA-256", one) for one in sorted(HASH.findall(line["rest"])))
            yield Component("pypi", name, line["version"], scope, row["licence"], row["owner"], hashes)


def _npm(house: Path) -> Iterator[Component]:
    for lock in NPM:
        if not (house / lock).exists():
            continue
        for path, about in json.loads((house / lock).read_text(encoding="utf-8"))["packages"].items():
            if not path or about.get("link"):
                continue
            name = about.get("name") or path.rpartition("node_modules/")[2]
            runs = not about.get("dev") and lock.startswith("frontend/")
            hashes = tuple(_integrity(one) for one in about.get("integrity", "").split())
            licence = str(about.get("license", "")).strip("()")
            yield Component("npm", name, about["version"], "required" if runs else "excluded", licence, name, hashes)


def _integrity(text: str) -> tuple[str, str]:
    algorithm, _, digest = text.partition("-")
    return algorithm.upper().replace("SHA", "SHA-"), b64decode(digest).hex()


def licences(expression: str) -> set[str]:
    """The licences that a package is under: of alternatives, the first that is allowed."""
    found: set[str] = set()
    for part in re.split(r"\s+AND\s+", expression.replace("(", "").replace(")", "")):
        choices = re.split(r"\s+OR\s+", part.strip())
        found.add(next((one for one in choices if one in ALLOWED), choices[0]))
    return found


# ---- the bill of materials -------------------------------------------------------------------------------------------
def bill(found: Sequence[Component], house: Path = HOUSE) -> dict[str, Any]:
    """CycloneDX 1.6. No time and no chance in it: its serial number follows from its contents."""
    project = tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [
        {
            "type": "library",
            "bom-ref": one.purl,
            "name": one.name,
            "version": one.version,
            "scope": one.scope,
            "purl": one.purl,
            "licenses": [{"expression": one.licence}],
            "hashes": [{"alg": algorithm, "content": digest} for algorithm, digest in one.hashes],
        }
        for one in found
    ]
    digest = hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()
    serial = f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
    own = {"type": "application", "bom-ref": "octopus", "name": project["name"], "version": project["version"]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"expression": project["license"]}]}},
        "components": listed,
        "dependencies": [{"ref": "octopus", "dependsOn": [one.purl for one in found if one.scope == "required"]}],
    }


# ---- what is known to be bad -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Advisory:
    """Something known of a component; ``fix_by`` follows from how bad it is and when it became known."""

    id: str
    component: Component
    severity: str
    fix_by: date


def days_to_fix(text: str) -> dict[str, int]:
    """The table of SECURITY.md: severity → days."""
    days = {"critical": 0, "high": 0, "medium": 0, "low": 0}
    for name in days:
        found = re.search(rf"^\| {name}[^|]*\| (\d+) days", text, re.MULTILINE)
        if found is None:
            raise ValueError(f"SECURITY.md says no time for {name}")
        days[name] = int(found[1])
    return days


def advisories(found: Sequence[Component], client: httpx.Client, days: dict[str, int]) -> list[Advisory]:
    """What the database knows of these versions, the most urgent first. Raises httpx.HTTPError."""
    names = {"pypi": "PyPI", "npm": "npm"}
    asked = [
        {"package": {"name": one.name, "ecosystem": names[one.ecosystem]}, "version": one.version} for one in found
    ]
    told: list[Advisory] = []
    for start in range(0, len(asked), 500):
        answer = client.post("/v1/querybatch", json={"queries": asked[start : start + 500]}).raise_for_status().json()
        for one, result in zip(found[start : start + 500], answer["results"], strict=True):
            for known in result.get("vulns", ()):
                about = client.get(f"/v1/vulns/{known['id']}").raise_for_status().json()
                told.append(_advisory(about, one, days))
    return sorted(told, key=lambda one: (one.fix_by, one.id))


def _advisory(about: dict[str, Any], component: Component, days: dict[str, int]) -> Advisory:
    said = str(about.get("database_specific", {}).get("severity", "HIGH")).lower()  # unknown is taken for high
    severity = {"moderate": "medium"}.get(said, said if said in days else "high")
    since = datetime.fromisoformat(about["published"].replace("Z", "+00:00")).date()
    return Advisory(about["id"], component, severity, since + timedelta(days=days[severity]))


def audit(client: httpx.Client, today: date, say: Any = print) -> int:
    """Say what is known; 0: nothing, or nothing that is due yet; 1: something is overdue; 2: nobody answers."""
    found = components()
    try:
        known = advisories(found, client, days_to_fix((HOUSE / "SECURITY.md").read_text(encoding="utf-8")))
    except (httpx.HTTPError, ValueError, KeyError) as trouble:
        say(
            f"Nothing was audited: {ADVISORIES} cannot be asked ({type(trouble).__name__}). Run this where it can be reached."
        )
        return 2
    for one in known:
        late = " OVERDUE" if one.fix_by < today else ""
        say(f"{one.component.purl}: {one.id}, {one.severity}, to be fixed by {one.fix_by}{late}")
    say(f"{len(found)} components, {len(known)} advisories.")
    return 1 if any(one.fix_by < today for one in known) else 0


def main(words: Iterable[str]) -> int:
    match list(words):
        case ["sbom", *file]:
            text = json.dumps(bill(components()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            if file:
                Path(file[0]).parent.mkdir(parents=True, exist_ok=True)
                Path(file[0]).write_text(text, encoding="utf-8")
            else:
                print(text, end="")
            return 0
        case ["audit"]:
            with httpx.Client(base_url=ADVISORIES, timeout=20) as client:
                return audit(client, datetime.now(UTC).date())
    print(__doc__)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
