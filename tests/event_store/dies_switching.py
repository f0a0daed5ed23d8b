"""A process that makes a read model beside another one, and dies on its way:
`python dies_switching.py NATS DATABASE POINT`."""

import asyncio
import os
import sys
from typing import Any

from counts import counting

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.follower import Follower
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.projector import Projector

DIED = 9
HALF_WAY, BEFORE, AFTER = POINTS = ("half way", "before the switch", "after the switch")


def _die(*_: Any) -> None:
    os._exit(DIED)


def _dies_after(owner: Any, name: str) -> None:
    done = getattr(owner, name)

    def then_die(*given: Any) -> None:
        done(*given)
        _die()

    setattr(owner, name, then_die)


async def main(nats_url: str, database_url: str, point: str) -> None:
    if point == HALF_WAY:
        write = Projector.write

        def written(self: Projector, *given: Any) -> None:
            write(self, *given)
            if self.models[0].name == "counts_v2":
                _die()

        Projector.write = written  # type: ignore[method-assign]
    elif point == BEFORE:
        _dies_after(serving, "serve")
    else:
        _dies_after(Follower, "_switch")
    models = [counting("others_v1"), counting("counts_v2", replaces=counting("counts_v1"))]
    engine = open_database(database_url)
    prepare(engine, models)
    await Projections(engine, models).run(await connect(nats_url, "dies"), "dies")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
