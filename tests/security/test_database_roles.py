"""PostgreSQL itself keeps whoever serves from the audit trail and from destroying keys (ASVS 13.2, 16.4)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from models.database import close_databases, open_databases
from models.migrations.grants import CannotGrant, grant
from models.retention.chain import verify_chain
from models.retention.erase import erase_people
from models.tables import Customer, Event
from models.tables.accounts import State
from tests.factories import House
from tests.postgres import Postgres
from tests.trouble.people import people

SERVING, WORKING = "octopus_serving", "octopus_working"


@asynccontextmanager
async def acting_as(role: str, urls: tuple[str, str]) -> AsyncIterator[None]:
    """Everything inside is done by this role of the server."""
    await close_databases()
    await open_databases(*(url.replace("postgres://octopus@", f"postgres://{role}@") for url in urls))
    yield


@asynccontextmanager
async def two_roles(urls: tuple[str, str], postgres: Postgres) -> AsyncIterator[None]:
    """They have what is granted to them; afterwards, nothing."""
    for role in (SERVING, WORKING):
        postgres.sql(f"DROP ROLE IF EXISTS {role}")
        postgres.sql(f"CREATE ROLE {role} LOGIN")
    assert await grant({"serving": SERVING, "working": WORKING})
    try:
        yield
    finally:
        async with acting_as("octopus", urls):
            for database in ("default", "keystore"):
                await get_connection(database).execute_script(f"DROP OWNED BY {SERVING}, {WORKING}")  # type: ignore[arg-type]


async def may_erase_unasked() -> bool:
    """Whether this role may open a session in which no foreign key asks."""
    query = "SELECT has_parameter_privilege('session_replication_role', 'SET') AS may"
    return bool((await get_connection("default").execute_query_dict(query))[0]["may"])


@pytest.mark.asvs("13.2.1", "13.2.2", "16.4.2")
@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
async def test_each_role_does_its_own_work_and_nothing_else(
    house: House, urls: tuple[str, str], postgres: Postgres
) -> None:
    """A customer comes, changes, takes a copy and leaves under one role; the worker erases them under the other."""
    async with two_roles(urls, postgres):
        async with acting_as(SERVING, urls):
            assert not await may_erase_unasked()
            person = house.client()
            await person.sign_up()
        async with acting_as(WORKING, urls):
            await house.work()
        async with acting_as(SERVING, urls):
            token = house.token("confirm-email", person.email)
            await person.ok("mutation($t: String!) {confirmEmail(token: $t) {__typename}}", t=token)
            await person.sign_in()
            await person.step_up()
            await person.ok('mutation {editProfile(input: {revision: 1, givenName: "Ilze"}) {__typename}}')
            await person.ok("mutation {requestExport {__typename}}")
            member = await house.colleague()
            assert (await member.ok("{viewer {name}}"))["name"]
            for statement in (
                "UPDATE event SET action = 'nothing'", "DELETE FROM event", "TRUNCATE event", "DELETE FROM checkpoint",
                "DELETE FROM tombstone", "DROP TABLE event", "ALTER TABLE event ADD COLUMN x int", "CREATE TABLE x (y int)",
            ):  # fmt: skip
                with pytest.raises(OperationalError, match=r"permission denied|must be owner"):
                    await get_connection("default").execute_query(statement)
            for statement in (
                "DELETE FROM person_key", "UPDATE person_key SET wrapped = ''", "SELECT * FROM erasure_probe",
                "UPDATE keystore_mark SET mark = ''",
            ):  # fmt: skip
                with pytest.raises(OperationalError, match="permission denied"):
                    await get_connection("keystore").execute_query(statement)
        async with acting_as(WORKING, urls):
            await house.work()
        async with acting_as(SERVING, urls):
            await person.step_up()
            await person.ok("mutation {deleteProfile {__typename}}")
        async with acting_as(WORKING, urls):
            assert await may_erase_unasked()
            house.clock.advance(days=91)
            await house.work()
            assert (await verify_chain(house.world)).ok
            assert await Event.filter(action="profile.erased").exists() or await Event.all().count() > 10
            with pytest.raises(OperationalError, match=r"permission denied|must be owner"):
                await get_connection("default").execute_query("DROP TABLE event")


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
async def test_a_worker_without_the_right_to_erase_unasked_erases_all_the_same(
    house: House, urls: tuple[str, str], postgres: Postgres
) -> None:
    """Asked by every foreign key; and who is no superuser is told that one right could not be granted."""
    async with two_roles(urls, postgres):
        postgres.sql(f"REVOKE SET ON PARAMETER session_replication_role FROM {WORKING}")
        async with acting_as(WORKING, urls):
            assert not await grant({})
            await people(house.world, "gone@example.com", state=State.CLOSED)
            assert await erase_people(house.world, 10) == 1
            assert not await Customer.exists()


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_sqlite_knows_no_roles(house: House) -> None:
    """Said in a sentence, as is a name that is none."""
    with pytest.raises(CannotGrant, match="SQLite"):
        await grant({"serving": SERVING, "working": WORKING})
    with pytest.raises(CannotGrant, match="no name"):
        await grant({"serving": 'x"; DROP TABLE event; --', "working": WORKING})
