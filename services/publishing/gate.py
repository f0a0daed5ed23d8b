"""Puts the gate together: the relays into PUBLIC, which alone know the release key.

It is a program of its own, for whoever breaks into the site must find neither key nor reports.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from services.publishing import passages as passing
from services.publishing.knowing import add_answers_about_sessions
from services.publishing.looking_through import LookingThrough, Way
from services.publishing.passages import passages
from services.publishing.public import KEY, TARGET
from services.publishing.release import releases as releasing
from services.publishing.release.day import ReleaseTime
from services.publishing.release.ledger import Ledger
from services.publishing.release.releases import Releases
from services.publishing.settings import known_release_key, release_key
from services.publishing.standing import HELD, SUBJECT
from shared.contracts.identity import fingerprint
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, last_message
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.jetstream.written import Written
from shared.eventsourcing.relay import Passage
from shared.runtime.comings import come, come_and_go
from shared.runtime.loops import Loop
from shared.runtime.owned import answering
from shared.runtime.parts import add_passage
from shared.runtime.program import Program
from shared.runtime.redrive import by_stream, serve_redrive
from shared.runtime.runtime import Runtime
from shared.runtime.settings import Settings

NAME = "gate"
PROGRAM = Program(NAME, "publishing", has_rows=False, has_pages=False)

RELAYS = passing.RELAYS | {releasing.NAME: (releasing.GATE, TARGET)}
"""The stream that each follows, and the one that it writes: passages, and the releases."""

__all__ = ["NAME", "PROGRAM", "RELAYS", "compose", "known_ledger", "known_passages"]


def known_passages(settings: Settings) -> tuple[Passage, ...]:
    """For who proves what was published; none where the release key is not known."""
    key = known_release_key(settings)
    return passages(key) if key else ()


def known_ledger(client: Client, settings: Settings, codec: Codec) -> Ledger | None:
    """The same of the releases."""
    key = known_release_key(settings)
    return Ledger(client, key, codec) if key else None


def compose(runtime: Runtime) -> None:
    key = release_key(runtime.settings)
    check = partial(_check_key, runtime, fingerprint(key))
    runtime.checks.append(check)
    charter = runtime.charter
    told = (charter.language.zone, charter.decimals, charter.zones, charter.smallest_figure)
    known = passages(key, *told)
    written = Written()
    relays = [add_passage(runtime, passage, check, written) for passage in known]
    _add_releases(runtime, key, check, written)
    add_answers_about_sessions(runtime, key)
    serve_redrive(runtime.broker, PROGRAM.service, by_stream(relays), NAME)
    through = LookingThrough(
        [_way(runtime, passage) for passage in known],
        lambda: runtime.client.is_connected,
        runtime.loops.troubles,
    )

    async def answer(_: Any) -> Any:
        return through.standing().model_dump()

    async def run() -> None:
        async with answering(runtime.client, SUBJECT, answer):
            await through.run()

    runtime.loops.add(Loop("standing", run))
    runtime.loops.add(Loop("comings", partial(come_and_go, partial(come, runtime))))


def _add_releases(
    runtime: Runtime, key: bytes, check: Callable[[], Awaitable[None]], written: Written
) -> None:
    charter, client = runtime.charter, runtime.client
    at = ReleaseTime(charter.release_at, charter.language.zone)
    releases = Releases(
        client,
        PROGRAM.service,
        key,
        at,
        charter.smallest_figure,
        runtime.clock,
        wanted=charter.protects,
        anonymous_as_one=charter.anonymous_as_one,
        codec=runtime.codec,
        written=written,
    )

    async def run() -> None:
        await check()
        async with answering(client, HELD, releases.standing):
            await releases.run()

    runtime.watched |= {releasing.GATE, TARGET, "POSITIONS"}
    runtime.loops.add(
        Loop(
            f"relay {releasing.NAME}",
            run,
            releasing.GATE,
            lambda: releases.position,
            lambda: ends_at(client, releasing.GATE),
            runtime.lease(f"relay.{releasing.NAME}"),
        )
    )


def _way(runtime: Runtime, passage: Passage) -> Way:
    """The position stands in the log, so who stands by knows it, too."""
    client = runtime.client

    async def position() -> int:
        return (await PositionKeeper(client, PROGRAM.service, passage.name).begin()).sequence

    return Way(partial(ends_at, client, passage.stream), position)


async def _check_key(runtime: Runtime, ours: str) -> None:
    """Under another key everything would be published a second time, under other ids."""
    last = await last_message(runtime.client, TARGET)
    theirs = last.headers.get(KEY, ours) if last else ours
    if theirs != ours:
        raise LogDamagedError(
            f"{TARGET} was written with another release key (its fingerprint is {theirs}, ours"
            f" {ours}). Nothing was published. Put the old key back (`secrets/release_key`"
            " in the folder of keys, or release.key in the data folder); if it is lost for good,"
            " `tribune setup --anew PUBLIC` begins a new PUBLIC, and all public ids change"
        )
