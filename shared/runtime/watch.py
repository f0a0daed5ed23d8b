"""Watches the streams while the service runs: what is damaged stops it, what runs full is told."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from shared.contracts.routing import is_inbox, source_of
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.differences import differences
from shared.eventsourcing.jetstream.ends import deleted_from
from shared.eventsourcing.jetstream.streams import is_remade
from shared.eventsourcing.pipeline import heed_cancellation
from shared.runtime import metrics
from shared.runtime.log_server import LogServer, NotMonitoredError
from shared.runtime.sizes import in_words

LOOKS_EVERY_S = 2.0
INBOX_FULL_FROM, STORE_FULL_FROM = 0.95, 0.90
CLOCK_WRONG_FROM_S = 10.0


class Watch:
    """`missing` streams are not declared yet; `warnings` tell operators what to do in time;
    `reasons` why the log takes nothing."""

    def __init__(self, client: Client, declared: Sequence[StreamConfig], server: LogServer) -> None:
        self._client = client
        self._declared = declared
        self._server = server
        self._known: dict[str, int] = {}
        self._of_streams: list[str] = []
        self.missing: list[str] = [str(config.name) for config in declared]
        self.warnings: list[str] = []
        self.reasons: list[str] = []

    async def run(self) -> None:
        """Until cancelled. Raises LogDamagedError."""
        while True:
            heed_cancellation()
            with suppress(NatsError, OSError, TimeoutError):
                await self.look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Once at everything. Raises LogDamagedError."""
        try:
            await self._look_at_streams()
        finally:
            reasons, warnings = await self._look_at_server()
            warnings = [*self._of_streams, *warnings]
            self._tell_new([*warnings, *reasons])
            self.warnings, self.reasons = warnings, reasons

    async def _look_at_streams(self) -> None:
        missing, warnings = [], []
        for config in self._declared:
            info = await self._info(config)
            if info is None:
                missing.append(str(config.name))
            else:
                warnings += await self._unless_it_cant_write(config, info)
                warnings += _fullness(info)
        self.missing, self._of_streams = missing, warnings

    async def _look_at_server(self) -> tuple[list[str], list[str]]:
        """Why it takes nothing, and what to do before that."""
        try:
            state = await self._server.state(self._client)
        except NotMonitoredError:
            why = self._server.why_away()
            metrics.store_full.set(1 if why else float("nan"))
            metrics.server_ill.set(bool(why))
            return [why] if why else [], []
        used, most = state.store.used, state.store.most
        share = used / max(most, 1)
        metrics.store_full.set(share)
        metrics.server_ill.set(bool(state.ill))
        metrics.clock_ahead.set(state.ahead_s)
        reasons, warnings = [], _clocks(state.ahead_s)
        if state.ill:
            cure = f". {BEGINS_AGAIN}" if state.cant_write else ""
            reasons.append(f"the log server is not healthy: {state.ill}{cure}")
        if share >= 1:
            reasons.append(f"the log's store is full: {_of(used, most)}. {MORE}")
        elif share >= STORE_FULL_FROM:
            warnings.append(f"the log's store fills: {_of(used, most)}. {MORE}")
        return reasons, warnings

    async def _unless_it_cant_write(self, config: StreamConfig, info: StreamInfo) -> list[str]:
        """What a server with a write error tells of a stream includes what it could not store; it
        is gone, without any loss, when the server begins again."""
        known = dict(self._known)
        try:
            return await self._compare(config, info)
        except LogDamagedError:
            if not await self._cant_write():
                raise
            self._known = known
            return []

    async def _cant_write(self) -> bool:
        """Also if it can't be asked just now, for it may have been killed for that."""
        try:
            return (await self._server.state(self._client)).cant_write
        except NotMonitoredError:
            return self._server.has_answered

    async def _info(self, config: StreamConfig) -> StreamInfo | None:
        """None while it is not there; of what is derived, also when it is gone."""
        name = str(config.name)
        try:
            return await self._client.jetstream().stream_info(name)
        except NotFoundError:
            if name in self._known and not is_remade(name):
                raise LogDamagedError(f"the stream {name} is gone") from None
            self._known.pop(name, None)
            return None

    async def _compare(self, config: StreamConfig, info: StreamInfo) -> list[str]:
        """What may differ, in words."""
        found = differences(config, info.config)
        if damage := [str(difference) for difference in found if difference.is_damage]:
            raise LogDamagedError("; ".join(damage))
        limits = [f"{each}; `tribune setup` changes it" for each in found if each.is_limit]
        name, state = str(config.name), info.state
        limits += [f"{name}: {KEEPS_WORDS.format(name)}" for each in found if each.keeps_words]
        known = self._known.get(name, 0)
        self._known[name] = state.last_seq
        if is_remade(name) or not (config.deny_delete or is_inbox(name)):
            return limits
        if state.last_seq < known:
            raise LogDamagedError(f"{name} ends at {state.last_seq}, and reached {known} before")
        if not info.config.deny_delete:  # what is missing in front of it, its reader refuses
            return limits
        there = state.last_seq - state.first_seq + 1 if state.messages else 0
        if state.messages != there or state.num_deleted:
            lost = state.num_deleted or there - state.messages
            said = f"{name}: {lost:,} messages are gone from its middle"
            if not config.max_age or not await self._were_taken_in(name):
                raise LogDamagedError(said)
            limits.append(f"{said}; all of them had been taken in, so nothing is lost")
        if not config.max_age and state.last_seq and state.first_seq > 1:
            raise LogDamagedError(f"{name} begins at {state.first_seq}: what came before is gone")
        return limits

    async def _were_taken_in(self, inbox: str) -> bool:
        """Whether all that is gone from an inbox had its receipt: an inbox is not the truth."""
        source = source_of(inbox)
        through = (await taken_in(self._client, source)).through
        gone = await deleted_from(self._client, inbox)
        return bool(gone) and max(gone) <= through

    def _tell_new(self, told: list[str]) -> None:
        """Each once, when it begins."""
        known = {line.partition(":")[0] for line in [*self.warnings, *self.reasons]}
        for line in told:
            if line.partition(":")[0] not in known:
                structlog.get_logger().warning("the log server is not well", reason=line)


BEGINS_AGAIN = (
    "It takes nothing before it begins again: make room, then `tribune up` sees to it by itself;"
    " with docker compose, `docker compose kill nats` first, make room, `docker compose up -d`"
)
KEEPS_WORDS = (
    "what sources sent stays in it in the clear until it is 30 days old, for it was declared before"
    " words were deleted there; `tribune setup --anew {}` begins it anew, once intake is stopped"
)
CLOCKS = (
    "Let NTP keep both; until then who signs in elsewhere may not be believed here, and what falls"
    " due is found early or late"
)
MORE = "Give it more (TRIBUNE_NATS_MAX_FILE, `tribune up --max-file`), or free the disk"


def _clocks(ahead_s: float) -> list[str]:
    if abs(ahead_s) < CLOCK_WRONG_FROM_S:
        return []
    which = "ahead of" if ahead_s > 0 else "behind"
    apart = timedelta(seconds=round(abs(ahead_s)))
    return [f"one of the clocks is wrong: ours is {apart} {which} that of the log server. {CLOCKS}"]


def _fullness(info: StreamInfo) -> list[str]:
    most = info.config.max_bytes or 0
    if most <= 0:
        return []
    name, stored = str(info.config.name), info.state.bytes
    metrics.inbox_full.labels(name).set(stored / most)
    if stored < INBOX_FULL_FROM * most:
        return []
    cure = "Give it more max_bytes in sources.toml and run `tribune setup`, or it will be refused"
    return [f"{name} is nearly full: {_of(stored, most)}. {cure}"]


def _of(stored: int, most: int) -> str:
    return f"{in_words(stored)} of {in_words(most)}"
