"""`tribune charter diff`: how many due dates would move if a suite ran with another charter."""

import json
from collections import Counter
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from deploy.asking import ask
from deploy.connecting import connected
from deploy.looking.reading import messages
from deploy.problems import WRONG_USE
from deploy.terminal import Terminal
from services.intake.domain.check import decider
from services.intake.domain.check_state import Check, Opened
from services.intake.domain.clock import RecountDue
from services.intake.domain.due import DueRules
from services.intake.due_dates import due_rules
from shared.contracts.check import CheckEvent, CheckOpened
from shared.contracts.clock import DueDateMoved
from shared.contracts.routing import streams_of
from shared.eventsourcing.cloudevents import decode_known
from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.charter import CharterError, read_charter

console = Terminal()


async def diff(data_dir: Path | None, directory: Path, *, as_json: bool) -> int:
    """Exit 2 where the charter can't be read."""
    try:
        rules = due_rules(read_charter(directory))
    except CharterError as error:
        console.print(str(error), highlight=False, soft_wrap=True)
        return WRONG_USE
    async with connected(data_dir, services=True) as suite:
        now = datetime.fromisoformat((await ask(suite.client, "intake"))["now"])
        running = await _running(suite.client)
    moved = would_move(running, rules, now)
    later = sum(each.due_at > each.old_due_at for each in moved)
    reasons = Counter(each.reason for each in moved)
    if as_json:
        said = {"counted": len(running), "move": len(moved), "later": later, "by": reasons}
        print(json.dumps(said))  # noqa: T201
        return 0
    console.print(
        f"{len(running):,} running checks were counted by a rule; {len(moved):,} would move,"
        f" {later:,} of them to later and {len(moved) - later:,} to earlier",
        highlight=False,
        soft_wrap=True,
    )
    for reason, count in reasons.most_common():
        console.print(f"  {reason}: {count:,}", highlight=False, soft_wrap=True)
    return 0


def would_move(running: dict[str, Check], rules: DueRules, now: datetime) -> list[DueDateMoved]:
    """As intake decides when it starts with these rules."""
    asked = (decider.decide(RecountDue(each, rules, now), state) for each, state in running.items())
    return [event for events in asked for event in events if isinstance(event, DueDateMoved)]


async def _running(client: Client) -> dict[str, Check]:
    """Those that a rule was counted by and that are neither done nor late."""
    running: dict[str, Check] = {}
    for stream in streams_of("intake"):
        read = messages(client, stream, [f"{stream.lower()}.check.>"])
        async with aclosing(read) as found:
            async for message in found:
                recorded = decode_known(message.headers, message.body, message.sequence)
                if recorded and isinstance(recorded.event, CheckEvent):
                    _take(running, recorded.event)
    return running


def _take(running: dict[str, Check], event: CheckEvent) -> None:
    check = event.check_id
    if isinstance(event, CheckOpened) and event.reckoning:
        running[check] = decider.evolve(decider.initial_state, event)
    elif (state := running.get(check)) is not None:
        state = decider.evolve(state, event)
        if isinstance(state, Opened) and (state.done or state.overdue):
            del running[check]
        else:
            running[check] = state
