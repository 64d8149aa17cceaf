"""In production only documents known before are answered: those of the folder and those of the pages' build (ASVS 4.3, 15.3)."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from api.app import build_app
from api.documents import BadDocument
from api.settings import HOUSE, Settings
from tests.api.small import SmallWorld
from tests.factories import PASSWORD, House

FOLDER = HOUSE / "schema/documents"
FILES = sorted(FOLDER.rglob("*.graphql"))
PRODUCTION: dict[str, Any] = {
    "profile": "production", "base_url": "https://accounts.example.com", "smtp_url": "smtp://mail.example.com",
    "pages_dir": Path("/nowhere"), "documents_dirs": (FOLDER,),
}  # fmt: skip


def id_of(name: str) -> str:
    """A file's id."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def test_every_document_of_the_folder_fits_production_s_limits(tmp_path: Path) -> None:
    """The service starts with them; with one that asks for too much, or for what is not there, it does not."""
    assert len(FILES) >= 6
    build_app(Settings(**PRODUCTION, data_dir=tmp_path), SmallWorld().world())
    for text in ("query A {viewer {signIns(first: 51) {nodes {id}}}}", "query B {nothingOfTheKind}"):
        (tmp_path / "customer").mkdir(exist_ok=True)
        (tmp_path / "customer/bad.graphql").write_text(text)
        with pytest.raises(BadDocument):
            build_app(Settings(**{**PRODUCTION, "documents_dirs": (FOLDER, tmp_path)}), SmallWorld().world())


@pytest.mark.asvs("13.4.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_an_app_signs_in_with_documents_alone(house: House) -> None:
    """By id or written out; anything else is refused, the same documents at the other endpoint too; ad hoc is a setting."""
    person = await house.customer()
    given = Settings(**PRODUCTION, data_dir=house.folder, trusted_proxies=("127.0.0.1/32",))
    strict = House.__new__(House)
    strict.world, strict.clock, strict.folder, strict.clients = house.world, house.clock, house.folder, []
    strict.app = build_app(given, house.world)
    app = strict.client(**{"X-Forwarded-Proto": "https", "X-Octopus-Client": "an-app"})

    async def ask(path: str = "/graphql", **body: Any) -> dict[str, Any]:
        host = "support.accounts.example.com" if path.startswith("/support") else "accounts.example.com"
        answer = await app.http.post(path, json=body, headers={"Host": host})
        return json.loads(answer.content)  # type: ignore[no-any-return]

    try:
        variables = {"email": person.email, "password": PASSWORD, "kind": "NATIVE", "label": "Phone"}
        signed_in = await ask(documentId=id_of("customer/sign-in.graphql"), variables=variables)
        tokens = signed_in["data"]["signIn"]["tokens"]
        app.http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
        who = await ask(query=(FOLDER / "customer/who-am-i.graphql").read_text())
        assert who["data"]["viewer"]["profile"]["email"] == person.email
        limit = who["data"]["rateLimit"]
        assert limit["remaining"] == limit["limit"] - limit["cost"] == given.rate_cost - limit["cost"]
        for body in (
            {"query": "{viewer {id}}"}, {"query": "{__typename}"}, {"documentId": "0" * 64},
            {"documentId": id_of("support/work.graphql")}, {"documentId": id_of("customer/sign-out.graphql")[:63]},
        ):  # fmt: skip
            refused = await ask(**body)
            assert "data" not in refused, body
        other = await ask("/support/graphql", documentId=id_of("customer/who-am-i.graphql"))
        assert other["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        spent = tokens["refreshToken"]
        after = await ask(documentId=id_of("customer/refresh-tokens.graphql"), variables={"refreshToken": spent})
        assert after["data"]["refreshTokens"]["__typename"] == "Tokens"
        strict.app = build_app(
            Settings(**{**PRODUCTION, "ad_hoc": True}, trusted_proxies=("127.0.0.1/32",)), house.world
        )
        open_ = strict.client(**{"X-Forwarded-Proto": "https", "X-Octopus-Client": "an-app"})
        found = await open_.http.post("/graphql", json={"query": "{viewer {id}}"})
        assert found.json() == {"data": {"viewer": None}}
    finally:
        for one in strict.clients:
            await one.http.aclose()
