"""An app in the field asks what it asked when it was released: such a document stays as it is (schema/README.md).

A release is a list of documents by their SHA-256, `schema/documents/released/*.sha256`, as `npm run release` of the app writes it.
"""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from api.app import library, our_schemas
from api.documents import BadDocument
from api.graphql_answer import RequestErrors
from api.settings import Settings
from tests.node import npm

HOUSE = Path(__file__).parents[2]
DOCUMENTS = HOUSE / "schema/documents"
APP = HOUSE / "frontend/mobile"


def unanswered(documents: Path) -> list[str]:
    """What was released, and a server with this folder does not know. Raises BadDocument: one that is not valid any more."""
    settings = Settings(documents_dirs=(documents,), ad_hoc=False)
    servers = {name: library(name, mounted, settings) for name, mounted in our_schemas().items()}
    lost = []
    for release in sorted(documents.glob("released/*.sha256")):
        for line in release.read_text().splitlines():
            document_id, file = line.split()
            try:
                servers[file.partition("/")[0]].find(document_id, None)
            except RequestErrors:
                lost.append(f"{release.stem}: {file}")
    return lost


def test_whatever_was_released_is_answered() -> None:
    """That it compiles, too, is tests/schema/plan's to say of every document in the folder."""
    assert unanswered(DOCUMENTS) == []


def test_a_released_document_may_move_but_neither_change_nor_go(tmp_path: Path) -> None:
    """It is asked for by the hash of its text. Nor may the schema forget what it asks for: the server would not start."""
    documents, package = tmp_path / "schema/documents", tmp_path / "frontend/mobile"
    copytree(DOCUMENTS, documents, ignore=ignore_patterns("released"))
    copytree(APP, package, ignore=lambda folder, names: {*names} - {"package.json"})
    npm(package, "run", "--silent", "release")
    app, release = documents / "customer/app", next(documents.glob("released/*")).stem
    assert unanswered(documents) == []

    (app / "earlier").mkdir()
    (app / "sign-ins.graphql").rename(app / "earlier/sign-ins.graphql")
    assert unanswered(documents) == []

    (app / "profile.graphql").write_text((app / "profile.graphql").read_text() + "# an afterthought\n")
    (app / "devices.graphql").unlink()
    lost = ["devices", "profile"]
    assert unanswered(documents) == [f"{release}: customer/app/{name}.graphql" for name in lost]

    (app / "earlier/sign-ins.graphql").write_text("query Old {gone}")
    with pytest.raises(BadDocument, match="'gone'"):
        unanswered(documents)
