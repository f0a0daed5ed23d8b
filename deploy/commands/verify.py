"""`tribune verify`: proves logs, receipts, reactions, what is public and every row."""

import json
from dataclasses import asdict
from pathlib import Path

from deploy.commands.steps import step_by_step
from deploy.connecting import connected
from deploy.problems import FOUND_WRONG
from deploy.terminal import Terminal
from deploy.verify import Verdict
from deploy.verify import verify as prove

console, steps = Terminal(), Terminal(stderr=True)


async def verify(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        with step_by_step(steps) as told:
            verdict = await prove(
                suite.client, suite.settings, told.begins, suite.codec, told.moved
            )
    if as_json:
        print(json.dumps(asdict(verdict)))  # noqa: T201
    else:
        _print_verdict(verdict)
    return FOUND_WRONG if verdict.wrong else 0


def _print_verdict(verdict: Verdict) -> None:
    for line in verdict.looked_at:
        console.print(f"  {line}", highlight=False)
    for title, lines, colour in (
        ("not done yet, and so not proven:", verdict.behind, "yellow"),
        ("left over; `tribune setup --prune` removes what may go:", verdict.left_over, "yellow"),
        ("wrong:", verdict.wrong, "red"),
    ):
        if lines:
            console.print(title, style=colour)
        for line in lines:
            console.print(f"  {line}", style=colour, highlight=False, soft_wrap=True)
    if verdict.wrong:
        console.print("differences found", style="red")
    else:
        console.print("no difference")
