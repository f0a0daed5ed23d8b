"""`tribune dead`: what failed for a reason of ours, and having it tried again."""

import json
from pathlib import Path

from rich.table import Table

from deploy.asking import NotDoneError, request
from deploy.connecting import connected
from deploy.problems import FOUND_WRONG
from deploy.suite import redriver
from deploy.terminal import Terminal
from shared.eventsourcing.jetstream.dead_letters import dead_letter, dead_letters

REDRIVEN_WITHIN_S = 120.0
"""A relay first looks through all that stands under the subject of what it is to publish."""

console = Terminal()


async def listing(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        letters = await dead_letters(suite.client)
    if as_json:
        rows = [
            {
                "number": x.number,
                "service": x.service,
                "stream": x.stream,
                "sequence": x.sequence,
                "error": x.error,
            }
            for x in letters
        ]
        print(json.dumps(rows))  # noqa: T201
        return 0
    if not letters:
        console.print("Nothing is dead.")
        return 0
    table = Table("number", "service", "came from", "error")
    for letter in letters:
        where = str(letter.reference)
        table.add_row(str(letter.number), letter.service, where, letter.error)
    console.print(table)
    return 0


async def show(data_dir: Path | None, number: int) -> int:
    async with connected(data_dir) as suite:
        letter = await dead_letter(suite.client, number)
    if letter is None:
        console.print(f"DEAD has no message {number}")
        return FOUND_WRONG
    console.print(f"{letter.service} could not handle {letter.reference}")
    console.print(f"error    {letter.error}")
    console.print(f"subject  {letter.message.subject}")
    for name, value in sorted(letter.message.headers.items()):
        console.print(f"header   {name}: {value!r}")
    console.print(f"body     {letter.message.body[:2000]!r}")
    return 0


async def redrive(data_dir: Path | None, numbers: list[int]) -> int:
    """All if no number is given. Exit 1 if any fails again, or is not there."""
    async with connected(data_dir, services=True) as suite:
        letters = [
            letter
            for letter in await dead_letters(suite.client)
            if not numbers or letter.number in numbers
        ]
        gone = sorted(set(numbers) - {letter.number for letter in letters})
        failed = len(gone)
        for number in gone:
            console.print(f"DEAD has no message {number}")
        if not letters and not gone:
            console.print("Nothing is dead.")
        for letter in letters:
            try:
                body = {"number": letter.number}
                asked = f"cmd.{redriver(letter.service)}.redrive"
                await request(suite.client, asked, body, within_s=REDRIVEN_WITHIN_S)
                console.print(f"{letter.number}: done")
            except NotDoneError as error:
                failed += 1
                console.print(f"{letter.number}: {error}")
    return FOUND_WRONG if failed else 0
