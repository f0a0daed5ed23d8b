"""Declares a suite's streams as charter and settings say, and keeps room for the logs."""

from collections.abc import Mapping
from contextlib import suppress

from nats.errors import NoRespondersError
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from shared.contracts.routing import inbox_of, is_inbox, log_of, source_of
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.differences import IDS, Difference
from shared.eventsourcing.jetstream.streams import (
    Declared,
    InboxLimits,
    InboxLimitsError,
    NoStorageError,
    declare,
    suite_streams,
)
from shared.runtime.monitoring import store
from shared.runtime.sizes import in_words


async def declare_suite(
    client: Client, inboxes: Mapping[str, InboxLimits], monitor_url: str
) -> Declared:
    """Raises InboxLimitsError with the figures and what to change, and LogDamagedError."""
    others = await _other_inboxes(client, inboxes)
    holds = {source: limits.max_bytes for source, limits in inboxes.items()} | others
    limit = await store(client, monitor_url)
    if limit is not None and sum(holds.values()) > limit.most / 2:
        raise InboxLimitsError(_no_room(holds, f"stores at most {in_words(limit.most)}"))
    declared = suite_streams(inboxes)
    for config in declared:
        await _go_on_counting(client, config)
    try:
        return await declare(client.jetstream(), declared)
    except NoStorageError as error:
        raise InboxLimitsError(_no_room(holds, "has no room for that")) from error


async def _go_on_counting(client: Client, config: StreamConfig) -> None:
    """An inbox that is gone begins behind what was taken in: under an old number nothing would be
    read."""
    name = str(config.name)
    with suppress(NoRespondersError, NotFoundError):
        if is_inbox(name):
            source = source_of(name)
            through = await ReceiptWriter(
                client, Publisher(client), source, log_of("intake")
            ).reached()
            config.first_seq = through + 1 if through else None


def told(done: Declared) -> list[str]:
    """What was done, a line each."""
    lines = [f"declared {', '.join(done.created)}"] if done.created else []
    lines += [
        f"{change.stream}: {change.setting} is now {_said(change, change.declared)}, was"
        f" {_said(change, change.live) if change.live else 'without limit'}"
        for change in done.changed
    ]
    return lines or ["all streams are there as declared"]


def _said(change: Difference, limit: float) -> str:
    return f"{limit:g} s" if change.setting == IDS else in_words(int(limit))


async def _other_inboxes(client: Client, inboxes: Mapping[str, InboxLimits]) -> dict[str, int]:
    """Those whose source is not in the charter any more still hold their room."""
    declared = {inbox_of(source) for source in inboxes}
    live = [info.config for info in await client.jetstream().streams_info()]
    return {
        str(config.name): max(config.max_bytes or 0, 0)
        for config in live
        if is_inbox(str(config.name)) and config.name not in declared
    }


def _no_room(holds: Mapping[str, int], limit: str) -> str:
    each = ", ".join(f"{name} {in_words(size)}" for name, size in holds.items())
    return (
        f"the inboxes may hold {in_words(sum(holds.values()))} together ({each}), and the NATS"
        f" server {limit}: half of it is for the logs. Lower max_bytes in sources.toml or"
        " TRIBUNE_INBOX_MAX_BYTES, or raise max_file in the NATS configuration"
        " (TRIBUNE_NATS_MAX_FILE, `tribune up --max-file`)"
    )
