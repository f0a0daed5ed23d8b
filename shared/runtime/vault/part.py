"""The vault as a part of a service: opened before anything runs, told of erasures, and what is
sealed by its keys deleted where sources sent it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache

from nats.errors import NoRespondersError

from shared.contracts.routing import log_of
from shared.eventsourcing.inbox.clearing import Clearing
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.runtime.vault.beginning import (
    ERASURES,
    POSITIONS,
    all_erasures,
    erased_in,
    follow_erasures,
    open_vault,
)
from shared.runtime.vault.erased import Erasure
from shared.runtime.vault.errors import VaultAwayError
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.vault import Vault
from shared.runtime.vault.words import WordsInInboxes

LOOKS_AGAIN_S = 0.2
Tell = Callable[[Sequence[Erasure]], Awaitable[None]]


def add_vault(runtime: Runtime) -> Vault:
    """Each process of the service needs it, whoever owns the loops."""
    settings, client, name = runtime.settings, runtime.client, runtime.name
    vault = Vault(
        settings.vault_store,
        settings.vault_key,
        settings.erasures_listed,
        seals_all=runtime.charter.seals_all,
    )

    async def check() -> None:
        with suppress(NoRespondersError, VaultAwayError):  # the loop tells what it waits for
            await open_vault(client, name, vault)

    async def run() -> None:
        while not vault.has_begun:
            with suppress(NoRespondersError):  # readiness names the streams that are missing
                await open_vault(client, name, vault)
            await asyncio.sleep(LOOKS_AGAIN_S)
        await follow_erasures(client, name, vault)

    runtime.watched |= {log_of(name), POSITIONS}
    runtime.checks.append(check)
    runtime.loops.add(Loop("vault", run))
    return vault


def add_listing(runtime: Runtime, vault: Vault, tell: Tell) -> None:
    """What the log says to be erased comes on the list, by one process; and what the list has and
    the log has not, for that was put back from before, it is told."""
    client, service = runtime.client, runtime.service
    log = log_of(service)

    async def run() -> None:
        while not vault.has_begun:  # noqa: ASYNC110  its own loop tells what it waits for
            await asyncio.sleep(LOOKS_AGAIN_S)
        known = set[Erasure]()
        async for batch in all_erasures(client, service):
            await asyncio.to_thread(vault.listed.add, batch)
            known |= set(batch)
        if lacking := set(await asyncio.to_thread(vault.listed.read)) - known:
            await tell(sorted(lacking))
        async with open_reader(client, ReadFrom(log, 1, filters=ERASURES)) as reader:
            while True:
                batch = [erased_in(message) for message in await reader.next()]
                await asyncio.to_thread(vault.listed.add, batch)

    runtime.watched |= {log}
    runtime.loops.add(Loop("list of erasures", run, lease=runtime.lease("erased")))


def add_clearing(runtime: Runtime, vault: Vault) -> Callable[[str], Clearing]:
    """Of all inboxes, by one process at a time; what it returns, of one source, works in any."""
    persons = Persons(vault, runtime.digests)
    keeps_s = runtime.settings.inbox_keeps_words_s

    @cache
    def clearing_of(source: str) -> Clearing:
        is_public = source in runtime.charter.public_sources
        words = WordsInInboxes(vault, persons, hides_names=not is_public)
        return Clearing(runtime.client, runtime.service, source, words, keeps_s)

    async def run() -> None:
        while not vault.has_begun:  # noqa: ASYNC110  its own loop tells what it waits for
            await asyncio.sleep(LOOKS_AGAIN_S)
        sources = runtime.charter.sources
        tasks = [asyncio.create_task(clearing_of(source).run()) for source in sources]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    runtime.watched |= {POSITIONS}
    runtime.loops.add(Loop("words in inboxes", run, lease=runtime.lease("words")))
    return clearing_of
