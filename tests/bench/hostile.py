"""What each hostile request costs of the processor until it is refused: `python -m tests.bench.hostile`. Nothing is asserted."""

import asyncio
import time

from rich.console import Console
from rich.table import Table

from tests.api.small import Client
from tests.security.hostile import REQUESTS
from tests.security.test_hostile_requests import CORPORA, OWN, PATHS, app, sent

TIMES = 5


async def measured() -> list[tuple[str, int, float]]:
    """Name, status and milliseconds of processor time of each, the least of a few tries, on an application that is warm."""
    attacks = [
        (f"{schema}: {name}", PATHS[schema], one) for schema, corpus in CORPORA.items() for name, one in corpus.items()
    ]
    attacks += [(name, "/graphql", one) for name, one in REQUESTS.items()]
    client, found = Client(app()), []
    await client.ask("{__typename}")
    for name, path, attack in attacks:
        least, status = float("inf"), 0
        for _ in range(TIMES):
            began = time.process_time()
            status = (await sent(client, attack, OWN, path)).status_code
            least = min(least, time.process_time() - began)
        found.append((name, status, least * 1000))
    return found


def main() -> None:
    """Print them, the costliest first."""
    table = Table("hostile request", "status", "ms of CPU", box=None)
    for name, status, took in sorted(asyncio.run(measured()), key=lambda one: -one[2]):
        table.add_row(name, str(status), f"{took:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
