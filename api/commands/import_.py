"""octopus import"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import opened, run
from api.commands.trouble import Trouble
from api.settings import Settings
from models.actions.import_columns import COLUMNS, Bad, Line, Lines, WrongFile
from models.actions.import_customers import Checked, Checker, Summary, check_here, import_customers
from models.actions.import_lines import newcomers
from models.refused import ProblemCode

WORTH_PROCESSES = 100_000  # bytes of a file: below, starting them takes longer than they save
WORDS = {
    ProblemCode.REQUIRED: "is missing",
    ProblemCode.TOO_LONG: "is too long",
    ProblemCode.TOO_SHORT: "is too short",
    ProblemCode.MALFORMED: "cannot be right",
    ProblemCode.NOT_ALLOWED: "is not allowed",
    ProblemCode.CARD_NUMBER: "holds a payment card's number",
    ProblemCode.DUPLICATE: "belongs to somebody else already, or stands in the file twice",
    ProblemCode.IN_THE_FUTURE: "is in the future",
}
HELP = "\n\n".join(
    (
        "Bring customers in from FILE: CSV with a header (comma or semicolon, UTF-8) or JSON Lines.",
        "Safe to run again: who is here already is left alone. A line with anything wrong is reported and not stored.",
        "Columns, also under the names that billing panels export (firstname, address1, postcode, phonenumber ...):",
        "\n".join(f"* {name}" + (f": {what}" if what else "") for name, what in COLUMNS.items()),
    )
)


def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    check: Annotated[bool, typer.Option("--check", help="Check the whole file and store nothing.")] = False,
    welcome: Annotated[
        bool, typer.Option("--welcome", help="Write to each new customer that a password is to be chosen.")
    ] = False,
) -> None:

    async def command(settings: Settings, checker: Checker) -> None:
        async with opened(settings) as world:
            with file.open(encoding="utf-8-sig", newline="") as text:
                lines = Lines(chain([first := next(text, "")], text), json_lines=first.lstrip().startswith("{"))
                try:
                    summary = await import_customers(
                        world, lines, check=check, welcome=welcome, checker=checker, on_bad=_bad, progress=_progress
                    )
                except WrongFile as fault:
                    raise Trouble(f"{file}: {fault}") from None
                except UnicodeDecodeError:
                    raise Trouble(f"{file}: this is not UTF-8") from None
        _end(summary, lines.ignored, check=check)

    with checking(file.stat().st_size) as checker:
        run(partial(command, checker=checker))


import_.__doc__ = HELP


@contextmanager
def checking(size: int) -> Iterator[Checker]:
    """Who checks the lines: for a large file one process for each processor, beside this one that stores them.

    They are copies of this one, which is why they begin before it has connections and threads.
    """
    processes = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # elsewhere a copy is not safe
    if size < WORTH_PROCESSES or processes < 2:
        yield check_here
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_end_with_parent) as pool:
        pool.submit(os.getpid).result()

        async def checker(lines: Sequence[Line], now: datetime) -> list[Checked]:
            loop, share = asyncio.get_running_loop(), -(-len(lines) // processes) or 1
            parts = [lines[at : at + share] for at in range(0, len(lines), share)]
            done = await asyncio.gather(*(loop.run_in_executor(pool, newcomers, part, now) for part in parts))
            return list(chain.from_iterable(done))

        yield checker


def _end_with_parent() -> None:
    """Nobody checks lines for one who was killed."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _bad(one: Bad) -> None:
    print(f"line {one.number}: {one.column or 'the line'} {WORDS.get(one.reason, one.reason.value)}")


def _progress(summary: Summary) -> None:
    if sys.stderr.isatty():
        print(f"\r{summary.lines:,} lines", end="", file=sys.stderr, flush=True)


def _end(summary: Summary, ignored: set[str], *, check: bool) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if ignored:
        print(f"Columns that mean nothing here: {', '.join(sorted(ignored))}.")
    done = "could be imported" if check else "imported"
    print(f"{summary.imported:,} {done}, {summary.already_there:,} already there, {summary.refused:,} refused.")
    if summary.refused:
        raise typer.Exit(1)
