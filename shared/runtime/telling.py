"""The loop that tells one source its receipts."""

from shared.contracts.routing import RECEIPTS
from shared.eventsourcing.inbox.telling import Telling
from shared.eventsourcing.jetstream.ends import last_under
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime


def add_telling(runtime: Runtime, source: str) -> None:
    """Apart from the inbox's loop, so that taking in waits for nothing of it."""
    client, telling = runtime.client, Telling(runtime.client, source)
    runtime.watched.add(telling.stream)
    runtime.loops.add(
        Loop(
            f"receipts {source}",
            telling.run,
            RECEIPTS,
            lambda: telling.position,
            lambda: last_under(client, RECEIPTS, telling.filters),
            runtime.lease(f"receipts.{source}"),
        )
    )
