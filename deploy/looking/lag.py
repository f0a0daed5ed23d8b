"""How far everything that flows has come: inboxes, reactions, relays, read models."""

import asyncio
from dataclasses import dataclass

from deploy.asking import ask
from deploy.programs import SERVICES
from deploy.suite import flows, read_models
from shared.contracts.routing import logs
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.projections.projections import loops_of

LOOK_AGAIN_S = 0.1


@dataclass(frozen=True)
class Lag:
    """`reader` is at `position` of `stream`, and has to reach `goal`."""

    reader: str
    stream: str
    position: int
    goal: int

    @property
    def behind(self) -> int:
        return max(0, self.goal - self.position)


async def lags_of_flows(client: Client) -> list[Lag]:
    """Of reactions and relays, whether they run or not: their positions stand in the log."""
    found = []
    for flow in flows():
        goal = await last_under(client, flow.stream, flow.filters)
        at = await PositionKeeper(client, flow.service, flow.name).begin()
        found.append(Lag(f"{flow.service} {flow.name}", flow.stream, at.sequence, goal))
    return found


async def lags_of_read_models(client: Client) -> list[Lag]:
    """As the services say. Raises NoRespondersError where one does not run."""
    found = []
    for service in SERVICES:
        for stream, loop in loops_of(read_models(service)).items():
            goal = await ends_at(client, stream)
            at = (await ask(client, service))["positions"].get(loop, 0)
            found.append(Lag(f"{service} read models", stream, at, goal))
    return found


async def _making(client: Client) -> bool:
    """Whether a read model is not served yet."""
    said = [await ask(client, service) for service in SERVICES]
    return any(each.get("making") for each in said)


async def settled(client: Client) -> dict[str, int]:
    """Wait until every reader has worked through its stream; the last sequence of each log.

    Flows are looked at before what they lead to, and the ends before and after: so nothing can be
    under way unseen.
    """
    while True:
        before = {name: await ends_at(client, name) for name in logs()}
        lags = [*await lags_of_flows(client), *await lags_of_read_models(client)]
        after = {name: await ends_at(client, name) for name in logs()}
        if before == after and not any(lag.behind for lag in lags) and not await _making(client):
            return after
        await asyncio.sleep(LOOK_AGAIN_S)
