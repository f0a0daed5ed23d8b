"""Lets a suite that runs work off what stands in its streams, before anything is called behind."""

import asyncio
from contextlib import suppress

from nats.errors import Error as NatsError

from deploy.asking import NotDoneError, ask
from deploy.looking.lag import lags_of_flows
from deploy.programs import PROGRAMS, SERVICES
from deploy.suite import read_models
from deploy.verify.case import Case
from shared.contracts.routing import inbox_of
from shared.eventsourcing.errors import LogDamagedError, LogUnavailableError
from shared.eventsourcing.projections.projections import loops_of

LOOKS_EVERY_S = 0.25
STANDS_STILL_S = 10.0
DONE = 2**63


async def let_it_finish(case: Case) -> None:
    """Until all is worked off that was there when we came, or nothing moves any more."""
    loop = asyncio.get_running_loop()
    before, since = None, loop.time()
    told = False
    goals = await _ends(case)
    while True:
        where = await _positions(case)
        behind = {name: at for name, (stream, at) in where.items() if at < goals.get(stream, 0)}
        if not behind:
            break
        if behind != before:
            before, since = behind, loop.time()
        elif loop.time() - since > STANDS_STILL_S:
            break
        if not told:
            case.say("waits for what is still under way")
            told = True
        due = {name: goals[where[name][0]] for name in behind}
        case.moved("messages", sum(behind.values()), sum(due.values()))
        await asyncio.sleep(LOOKS_EVERY_S)
    case.goals = goals


async def _ends(case: Case) -> dict[str, int]:
    infos = await case.client.jetstream().streams_info()
    return {str(info.config.name): int(info.state.last_seq) for info in infos}


async def _positions(case: Case) -> dict[str, tuple[str, int]]:
    """Of what is told: a reader that can't be asked is found behind later, or is not."""
    found = {}
    with suppress(LogDamagedError, LogUnavailableError, ValueError, KeyError, TypeError):
        for lag in await lags_of_flows(case.client):
            found[lag.reader] = (lag.stream, lag.position if lag.behind else DONE)
    for service in SERVICES:
        with suppress(NatsError, TimeoutError, NotDoneError):
            said = (await ask(case.client, service))["positions"]
            for stream, loop in loops_of(read_models(service)).items():
                found[f"{service} {loop}"] = (stream, said.get(loop, DONE))
            for name, at in said.items():
                if name.startswith("inbox "):
                    found[name] = (inbox_of(name.removeprefix("inbox ")), at)
    return found


async def runs(case: Case) -> bool:
    """Whether anybody answers; and so may still work off what is behind."""
    for service in PROGRAMS:
        with suppress(NatsError, TimeoutError, NotDoneError):
            await ask(case.client, service)
            return True
    return False
