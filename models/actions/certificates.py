"""The proof of an erasure, for whoever holds its code."""

from models.actions import throttle
from models.actions.origin import Origin
from models.database import reader
from models.tables import Certificate
from models.tables.paging import Page, page_of
from models.world import World


async def certificates_page(first: int, after: str | None) -> tuple[Page, int]:
    """Certified erasures, newest first, and how many there are. Raises Refused(INVALID_INPUT)."""
    every = Certificate.all().using_db(reader())
    return await page_of(every, "verified_at", first, after), await every.count()


async def certificate_by_code(world: World, code: str, *, origin: Origin) -> Certificate | None:
    """The certificate that this code opens; None for an unknown one. Raises Refused(TOO_MANY_ATTEMPTS)."""
    await throttle.count(world, throttle.CODES, throttle.network_of(origin.ip))
    return await Certificate.filter(code_digest=world.vault.digest(code)).first()
