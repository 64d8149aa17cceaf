"""What is sealed stays sealed, whatever is done to it, and everything can be sealed anew (ASVS chapter 11)."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.commands.doctor import _keys
from api.commands.trouble import Trouble
from api.keys import ROTATE_AFTER, SIZE, FileKeyRing, age_of, make_key_file
from api.passwords import ArgonPasswords
from api.settings import Settings, WrongSetting
from models import keys as keys_module
from models.actions import proofs
from models.database import reader
from models.keys import FORMAT, Key, Sealed
from models.keystore import PersonKey
from models.retention.keys import rotate_now
from models.tables import Customer, Password
from models.vault import Vault
from tests.factories import START, House

PERSON, ROW = uuid4(), uuid4()


class Secret(Sealed):
    """Something to seal."""

    text: str = ""


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    make_key_file(tmp_path / "keys.json", os.urandom)
    return Vault(FileKeyRing(tmp_path / "keys.json", os.urandom), now=lambda: START, random=os.urandom)


def key(person: UUID = PERSON) -> Key:
    return Key(person, os.urandom(32), START, os.urandom)


@pytest.mark.asvs("11.2.5", "11.3.2", "11.3.3")
def test_a_changed_envelope_opens_nowhere_and_says_one_thing() -> None:
    """Every bit of it: format, version, nonce, text, tag; every length shorter; always the same failure."""
    mine = key()
    sealed = mine.seal("customer", ROW, Secret(text="Līga"))
    assert mine.open("customer", ROW, sealed, Secret).text == "Līga"

    for place in range(8 * len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[place // 8] ^= 1 << place % 8
        with pytest.raises(InvalidTag):
            mine.open("customer", ROW, bytes(spoilt), Secret)
    for length in range(len(sealed)):
        with pytest.raises((InvalidTag, ValueError, IndexError)):
            mine.open("customer", ROW, sealed[:length], Secret)


@pytest.mark.asvs("11.3.3")
def test_an_envelope_belongs_to_its_row_table_and_person() -> None:
    """Moved elsewhere in the database it does not open, not even under the same key."""
    mine = key()
    sealed = mine.seal("customer", ROW, Secret(text="Līga"))
    raw = os.urandom(32)
    one, other = Key(PERSON, raw, START, os.urandom), Key(uuid4(), raw, START, os.urandom)

    for table, row in (("change", ROW), ("customer", uuid4())):
        with pytest.raises(InvalidTag):
            mine.open(table, row, sealed, Secret)
        with pytest.raises(InvalidTag):
            mine.opener(table, Secret)(row.bytes, sealed)
        with pytest.raises(InvalidTag):
            mine.open_all(table, [ROW.bytes, row.bytes], [None, sealed], Secret)
    assert mine.opener("customer", Secret)(ROW.bytes, sealed).text == "Līga"
    older, empty = mine.seal("customer", ROW, Secret(text="Zane"), version=7), Secret()
    opened = mine.open_all("customer", [ROW.bytes] * 4, [sealed, older, None, sealed], Secret)
    assert opened == [Secret(text="Līga"), Secret(text="Zane"), empty, Secret(text="Līga")]
    with pytest.raises(InvalidTag):
        mine.open_all("customer", [ROW.bytes] * 2, [sealed, b"\2" + sealed[1:]], Secret)
    with pytest.raises(InvalidTag):
        other.open("customer", ROW, one.seal("customer", ROW, Secret()), Secret)
    with pytest.raises(InvalidTag):
        key().open("customer", ROW, sealed, Secret)


@pytest.mark.asvs("11.3.4")
def test_no_nonce_comes_twice() -> None:
    """96 random bits for each envelope, under each person's own key, and for each wrapping."""
    mine, contents = key(), Secret()
    nonces = {mine.seal("customer", ROW, contents)[2:14] for _ in range(20_000)}

    assert len(nonces) == 20_000
    assert {len(one) for one in nonces} == {12}


@pytest.mark.asvs("11.2.3", "11.5.1")
def test_keys_and_secrets_are_long_enough(vault: Vault) -> None:
    """256 bits for keys and tokens, 160 for an authenticator app's seed, 112 or more where somebody types it."""
    ring = vault.ring
    assert SIZE == len(ring.root) == len(ring.signing) == len(ring.kek(ring.current)) == 32
    assert len(vault.digest("x")) == len(vault.index("email", "x")) == 32
    assert len(vault.wrap(PERSON, os.urandom(32), ring.current)) == 12 + 32 + 16
    assert (proofs.SEED, proofs.CODE_LENGTH * 5) == (20, 120)
    assert {vault._derived(purpose) for purpose in ("a", "b")} != {vault._derived("a")}, (
        "each purpose has a key of its own"
    )


@pytest.mark.asvs("11.6.1")
def test_signatures_are_ed25519_and_of_one_key(vault: Vault, tmp_path: Path) -> None:
    """Made from random bytes of the file; another file's key verifies nothing."""
    from cryptography.exceptions import InvalidSignature

    make_key_file(tmp_path / "other.json", os.urandom)
    other = Vault(FileKeyRing(tmp_path / "other.json", os.urandom), now=lambda: START, random=os.urandom)
    signature = vault.signer.sign(b"said")

    vault.signer.public_key().verify(signature, b"said")
    for public, said in ((other.signer.public_key(), b"said"), (vault.signer.public_key(), b"sad")):
        with pytest.raises(InvalidSignature):
            public.verify(signature, said)
    assert vault.signing_key_id != other.signing_key_id


@pytest.mark.asvs("11.4.2")
async def test_passwords_are_hashed_slowly_enough(tmp_path: Path) -> None:
    """Argon2id with the parameters of today, stored beside each hash; production starts with nothing weaker."""
    usual = Settings()
    hasher = ArgonPasswords(
        lambda: START, memory_kib=usual.argon2_memory_kib, time=usual.argon2_time, parallelism=usual.argon2_parallelism
    )
    encoded = await hasher.hash("correct horse battery staple")
    hasher.close()
    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    production = {"profile": "production", "base_url": "https://a.example", "smtp_url": "smtp://m.example"}
    for weak in ({"argon2_memory_kib": 8192}, {"argon2_time": 1}, {"argon2_memory_kib": 400, "argon2_time": 100}):
        with pytest.raises(WrongSetting, match=r"^OCTOPUS_ARGON2"):
            Settings(**production, **weak)
    for strong in ({"argon2_memory_kib": 47104, "argon2_time": 1}, {"argon2_memory_kib": 65536, "argon2_time": 3}):
        Settings(**production, **strong)


@pytest.mark.asvs("11.2.2", "13.3.4")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_every_key_is_wrapped_anew_while_everybody_goes_on(house: House, tmp_path: Path) -> None:
    """`octopus keys rotate`: the old key-encryption key is gone, what was sealed opens; an age is told and complained of."""
    person = await house.customer()
    ring = house.world.vault.ring
    before, wrapped = ring.current, {row.person_id: bytes(row.wrapped) for row in await PersonKey.all()}

    moved = await rotate_now(house.world)

    assert moved == len(wrapped)
    assert ring.ids() == [ring.current] != [before]
    for row in await PersonKey.all():
        assert (row.kek_id, bytes(row.wrapped) != wrapped[row.person_id]) == (ring.current, True)
    house.world.vault._cache.clear()
    assert (await person.ok("{viewer {profile {givenName}}}"))["profile"]["givenName"] == "Līga"
    file = tmp_path / "keys.json"
    settings = Settings(data_dir=tmp_path, key_file=file)
    assert "0 d old" in await _keys(settings)
    age = age_of(file, START)
    assert age is not None
    old = file.stat().st_mtime - (ROTATE_AFTER + timedelta(days=1)).total_seconds()
    os.utime(file, (old, old))
    with pytest.raises(Trouble, match="octopus keys rotate"):
        await _keys(settings)
    metrics = (await house.client().http.get("/metrics")).text
    assert "octopus_key_age_seconds" in metrics


@pytest.mark.asvs("11.2.2")
def test_an_envelope_says_its_format() -> None:
    """So that another algorithm can stand beside this one: what is of no known format is not tried."""
    sealed = key().seal("customer", ROW, Secret(), version=3)

    assert sealed[:2] == bytes((FORMAT, 3))


@pytest.mark.asvs("11.4.2", "14.2.4")
async def test_a_stored_password_is_sealed_argon2id(house: House) -> None:
    """The database alone holds no hash that could be guessed at: it is sealed under the person's key."""
    await house.customer()
    [row], [customer] = await Password.all().using_db(reader()), await Customer.all()

    assert b"argon2" not in bytes(row.sealed)
    contents = row.opened(await house.world.vault.keys([customer.id]))
    assert contents.encoded.startswith("$argon2id$")


@pytest.mark.asvs("11.7.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_only_what_is_asked_for_is_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of times and outcomes opens no row; with one sealed field, each row of the page once and no other."""
    person = await house.customer()
    for _ in range(4):
        await person.sign_in()
    opened: list[str] = []

    class Counted:
        """AES-GCM that notes of which table each envelope was; an unwrapped key names none."""

        def __init__(self, raw: bytes) -> None:
            self._true = AESGCM(raw)

        def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
            if len(bound) > 16:
                opened.append(bound[2 : bound.index(b"\0", 2)].decode())
            return self._true.decrypt(nonce, data, bound)

        def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
            return self._true.encrypt(nonce, data, bound)

    monkeypatch.setattr(keys_module, "AESGCM", Counted)
    for query, tables in (
        ("{viewer {id signIns(first: 10) {nodes {at outcome method}}}}", []),
        ("{viewer {signIns(first: 3) {nodes {at ip}}}}", ["sign_in"] * 3),
    ):
        for _ in range(2):  # compiled from the second time on; a trusted document from the first
            house.world.vault._cache.clear()
            opened.clear()
            assert len((await person.ok(query))["signIns"]["nodes"]) >= 3
        assert opened == tables
