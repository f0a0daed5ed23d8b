"""The streams, declared from code; a live one that differs is an error, never changed silently."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from shared.contracts.routing import inbox_of, is_told, logs, told_of
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.differences import INBOX_LIMITS, Difference, differences
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, PUBLIC_FILES, bucket_stream

REMADE = ("POSITIONS", "LEASES", "TICKS", "CLOCK")
"""Streams that are no record of anything: what is lost with them is found again from the logs."""


def is_remade(stream: str) -> bool:
    """Also what sources are told: RECEIPTS has it."""
    return stream in REMADE or is_told(stream)


IDS_REMEMBERED_S = 0.1
"""The least there is. Nothing of ours goes by `Nats-Msg-Id`, and the server keeps each in memory as
long as this: 60 KB a message, of whoever sends."""

THIRTY_DAYS = 30 * 24 * 3600.0
NO_STORAGE = 10047


@dataclass(frozen=True)
class InboxLimits:
    """Bytes that one inbox may hold, and one message of it with its headers: by default the largest
    body that is taken in, 256 KB, and room for headers."""

    max_bytes: int = 2 * 1024**3
    max_msg_size: int = 272 * 1024


def log_stream(name: str) -> StreamConfig:
    """An append-only log of events with atomic batches and optimistic concurrency."""
    return StreamConfig(
        name=name,
        subjects=[f"{name.lower()}.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        deny_delete=True,
        deny_purge=True,
        allow_direct=True,
        allow_atomic=True,
    )


def inbox_stream(source: str, limits: InboxLimits) -> StreamConfig:
    """What one upstream source sends; kept for 30 days, for it is not the truth. A full one refuses
    what is new, so that no source can fill the house. What must not lie there so long is deleted.
    """
    config = log_stream(inbox_of(source))
    config.deny_delete = False
    config.subjects = [f"inbox.{source}.>"]
    config.max_age = THIRTY_DAYS
    config.max_bytes, config.max_msg_size = limits.max_bytes, limits.max_msg_size
    config.duplicate_window = IDS_REMEMBERED_S
    return config


def receipts_stream() -> StreamConfig:
    config = log_stream("RECEIPTS")
    config.subjects = ["receipt.>"]
    return config


def told_stream(source: str) -> StreamConfig:
    """What RECEIPTS says of one source, under sequences that count nobody else's, and a bookmark
    that its reader is not shown: how far RECEIPTS was told."""
    config = log_stream(told_of(source))
    config.subjects = [f"told.{source}.>", f"bookmark.{source}"]
    return config


def dead_stream() -> StreamConfig:
    """A parking lot, not a log: what was redriven is deleted from it."""
    return StreamConfig(
        name="DEAD", subjects=["dead.>"], storage=StorageType.FILE, allow_direct=True
    )


def ticks_stream() -> StreamConfig:
    """Schedules and what they fire; of the fired ones only the newest waits for a worker."""
    return StreamConfig(
        name="TICKS",
        subjects=["schedule.>", "tick.>"],
        storage=StorageType.FILE,
        retention=RetentionPolicy.WORK_QUEUE,
        max_msgs_per_subject=1,
        allow_direct=True,
        allow_msg_schedules=True,
    )


def _newest_only(name: str, subject: str) -> StreamConfig:
    """Of each subject only the newest message counts, and only it is kept."""
    return StreamConfig(
        name=name,
        subjects=[subject],
        storage=StorageType.FILE,
        max_msgs_per_subject=1,
        allow_direct=True,
    )


def positions_stream() -> StreamConfig:
    """How far each reaction and relay has come."""
    return _newest_only("POSITIONS", "position.>")


def leases_stream() -> StreamConfig:
    """Which process owns which loop; worthless at rest."""
    return _newest_only("LEASES", "lease.>")


def clock_stream() -> StreamConfig:
    """The demonstration's clock; only the newest setting counts."""
    return _newest_only("CLOCK", "clock.>")


def suite_streams(inboxes: Mapping[str, InboxLimits]) -> list[StreamConfig]:
    """All streams of one suite, with an inbox for each source that its charter names."""
    of_logs = [log_stream(name) for name in logs()]
    limited = [inbox_stream(source, limits) for source, limits in inboxes.items()]
    told = [told_stream(source) for source in inboxes]
    kept = [receipts_stream(), *told, dead_stream(), positions_stream()]
    files = [bucket_stream(ATTACHMENTS), bucket_stream(PUBLIC_FILES)]
    return [*of_logs, *limited, *kept, *files, leases_stream(), ticks_stream(), clock_stream()]


class InboxLimitsError(Exception):
    """An inbox can't have the limits that are declared; says which, and why."""


class NoStorageError(InboxLimitsError):
    """The server has no storage left for what an inbox may hold."""


@dataclass
class Declared:
    """The streams that were created, and the limits of inboxes that were changed."""

    created: list[str] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)


async def declare(jetstream: JetStreamContext, declared: list[StreamConfig]) -> Declared:
    """Create what is missing; give inboxes that are there the limits that are declared.

    Raises LogDamagedError where a live stream differs otherwise, InboxLimitsError where an inbox
    holds more than it may, or the server has no storage left for it.
    """
    done, missing, damage = Declared(), [], []
    resized: list[tuple[StreamInfo, StreamConfig, list[Difference]]] = []
    for config in declared:
        try:
            live = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            missing.append(config)
            continue
        found = differences(config, live.config)
        damage += [difference for difference in found if difference.is_damage]
        if limits := [difference for difference in found if difference.is_limit]:
            resized.append((live, config, limits))
    if not damage:
        done.changed += await _resize(jetstream, resized)
    for config in missing:
        await _stored_for(config, jetstream.add_stream(config))
        done.created.append(str(config.name))
    if damage:
        lines = "\n  ".join(map(str, damage))
        raise LogDamagedError(
            f"live streams differ from their declaration:\n  {lines}\n"
            "Nothing was changed. Put the settings back with `nats stream edit`, or find out who"
            " changed them."
        )
    return done


async def _resize(
    jetstream: JetStreamContext, inboxes: list[tuple[StreamInfo, StreamConfig, list[Difference]]]
) -> list[Difference]:
    """Who needs less goes first: that may free what another one needs."""
    for live, config, _ in inboxes:
        _refuse_to_lose(config, live.state.bytes)
    inboxes = sorted(
        inboxes, key=lambda item: (item[1].max_bytes or 0) - (item[0].config.max_bytes or 0)
    )
    for live, config, _ in inboxes:
        limits = {each: getattr(config, each) for each in INBOX_LIMITS}
        changed = live.config.evolve(**limits)
        await _stored_for(changed, jetstream.update_stream(changed))
    return [difference for *_, found in inboxes for difference in found]


def _refuse_to_lose(config: StreamConfig, stored: int) -> None:
    """The server would take a limit below what it holds, and from then on refuse everything."""
    if stored > (config.max_bytes or stored):
        raise InboxLimitsError(
            f"{config.name} holds {stored:,} bytes, and max_bytes is to be {config.max_bytes:,}."
            " Nothing was changed. Give it more, or wait: what is 30 days old leaves it."
        )


async def _stored_for(config: StreamConfig, request: Awaitable[Any]) -> None:
    try:
        await request
    except APIError as error:
        if error.err_code != NO_STORAGE:
            raise
        raise NoStorageError(
            f"the server has no storage left for {config.name} with {config.max_bytes or 0:,} bytes"
        ) from error
