"""What takes in from sources: a loop for each inbox, and the key that digests ids."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress

from nats.errors import NoRespondersError

from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.inbox.digest_key import hold
from shared.eventsourcing.inbox.expiring import Expiring
from shared.eventsourcing.inbox.letters import KEYLESS, Letters
from shared.eventsourcing.inbox.prepare import Ahead, Translate, nothing_ahead
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.ends import last_under, until_there
from shared.runtime.charter_keeping import Term
from shared.runtime.loops import Loop
from shared.runtime.parts import DEAD
from shared.runtime.runtime import Runtime

LOOKS_AGAIN_S = 0.2
EXPIRES_EVERY_S = 600.0


def add_inbox(
    runtime: Runtime,
    source: str,
    handler: CommandHandler,
    translate: Translate,
    letters: Letters = KEYLESS,
    ahead: Ahead = nothing_ahead,
) -> Inbox:
    client, moment, digests = runtime.client, runtime.moment, runtime.digests
    inbox = Inbox(
        client, runtime.service, source, handler, translate, moment, digests, letters, ahead
    )

    async def run() -> None:
        await _hold_our_key(runtime)
        await inbox.run()

    runtime.watched |= {inbox.stream, "RECEIPTS", log_of(runtime.service), DEAD}
    runtime.loops.add(
        Loop(
            f"inbox {source}",
            run,
            inbox.stream,
            lambda: inbox.position,
            lambda: last_under(client, inbox.stream, ()),
            runtime.lease(f"inbox.{source}"),
            tally=lambda: vars(inbox.tally),
        )
    )
    return inbox


def add_expiry(runtime: Runtime, inboxes: Iterable[Inbox], terms: Mapping[str, Term]) -> None:
    """By one process, for those sources whose data are not kept always. Messages are as old as the
    log server says, by this machine's clock."""
    ended = [
        Expiring(runtime.client, runtime.service, each, terms[each.source].keep.total_seconds())
        for each in inboxes
        if each.source in terms
    ]
    if not ended:
        return

    async def run() -> None:
        for each in inboxes:
            await until_there(runtime.client, each.stream)
        while True:
            for one in ended:
                await one.once()
            await asyncio.sleep(EXPIRES_EVERY_S)

    runtime.watched |= {DEAD}
    runtime.loops.add(Loop("what is kept too long", run, lease=runtime.lease("expiry")))


def add_digest_key(runtime: Runtime) -> None:
    """Before commands are served, who stands by is told, too; where streams are not there yet, once
    they are."""

    async def is_held() -> bool:
        with suppress(NoRespondersError):
            await _hold_our_key(runtime)
            return True
        return False

    async def check() -> None:
        await is_held()

    async def until_held() -> None:
        while not await is_held():  # noqa: ASYNC110  readiness names the streams that are missing
            await asyncio.sleep(LOOKS_AGAIN_S)
        await asyncio.Event().wait()

    runtime.checks.append(check)
    runtime.loops.add(Loop("digest key", until_held))


async def _hold_our_key(runtime: Runtime) -> None:
    """Raises LogDamagedError."""
    sources, key = tuple(runtime.charter.sources), runtime.digests.fingerprint
    await hold(runtime.client, runtime.service, sources, key)
