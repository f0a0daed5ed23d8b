"""The streams, declared from code; a live one that differs is an error, never changed silently."""

from dataclasses import dataclass
from typing import Any

from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import LogDamagedError

REMADE = ("POSITIONS", "LEASES", "TICKS", "CLOCK")
"""Streams that are no record of anything: what is lost with them is found again from the logs."""

THIRTY_DAYS = 30 * 24 * 3600.0


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


def inbox_stream(source: str) -> StreamConfig:
    """What one upstream source sends; kept for 30 days, for it is not the truth."""
    config = log_stream(f"INBOX_{source.upper()}")
    config.subjects = [f"inbox.{source}.>"]
    config.max_age = THIRTY_DAYS
    return config


def receipts_stream() -> StreamConfig:
    config = log_stream("RECEIPTS")
    config.subjects = ["receipt.>"]
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


def suite_streams(sources: list[str]) -> list[StreamConfig]:
    """All streams of one suite, for the sources that its charter names."""
    logs = [log_stream(name) for name in ("INTAKE", "PROMOTION", "PUBLIC")]
    inboxes = [inbox_stream(source) for source in sources]
    kept = [receipts_stream(), dead_stream(), positions_stream()]
    return [*logs, *inboxes, *kept, leases_stream(), ticks_stream(), clock_stream()]


@dataclass(frozen=True)
class Difference:
    stream: str
    setting: str
    declared: Any
    live: Any

    def __str__(self) -> str:
        return f"{self.stream}: {self.setting} is {self.live!r}, declared is {self.declared!r}"


def differences(declared: StreamConfig, live: StreamConfig) -> list[Difference]:
    """The settings that matter to what the log promises, where they differ."""
    watched = [
        "subjects",
        "retention",
        "storage",
        "discard",
        "max_age",
        "max_msgs",
        "max_bytes",
        "max_msgs_per_subject",
        "deny_delete",
        "deny_purge",
        "allow_direct",
        "allow_atomic",
        "allow_msg_schedules",
    ]
    return [
        Difference(str(declared.name), setting, expected, found)
        for setting in watched
        if (expected := _normal(getattr(declared, setting)))
        != (found := _normal(getattr(live, setting)))
    ]


def _normal(value: Any) -> Any:
    """None, False, 0 and -1 all say "no limit" or "off"; the server names its defaults."""
    off = (None, False, 0, -1, RetentionPolicy.LIMITS, DiscardPolicy.OLD)
    return None if value in off else value


async def declare(jetstream: JetStreamContext, declared: list[StreamConfig]) -> list[str]:
    """Create what is missing and return its names.

    Raises LogDamagedError where a live stream differs from its declaration.
    """
    created, found = [], []
    for config in declared:
        try:
            info = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await jetstream.add_stream(config)
            created.append(str(config.name))
        else:
            found += differences(config, info.config)
    if found:
        lines = "\n  ".join(map(str, found))
        raise LogDamagedError(
            f"live streams differ from their declaration:\n  {lines}\n"
            "Nothing was changed. Put the settings back with `nats stream edit`, or find out who"
            " changed them."
        )
    return created
