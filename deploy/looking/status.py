"""The state of the suite at a glance: streams, consumers with their lag, dead letters, services."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from nats.errors import Error as NatsError
from nats.js.api import StreamInfo
from nats.js.errors import NotFoundError

from deploy.asking import NotDoneError, ask, ask_all
from deploy.looking.lag import Lag, lags_of_flows
from deploy.programs import GATE, PROGRAMS
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.streams import InboxLimits, suite_streams
from shared.eventsourcing.jetstream.tls import certificate_ends
from shared.runtime.monitoring import Store, memory_for, store
from shared.runtime.sizes import in_words
from shared.runtime.watch import INBOX_FULL_FROM, STORE_FULL_FROM

HELD_WITHIN_S = 5.0
TOLD_BEFORE = timedelta(days=60)


async def status(
    client: Client, inboxes: Mapping[str, InboxLimits], monitor_url: str
) -> dict[str, Any]:
    """`streams`, `readers`, `dead`, `services` (None for one that does not answer), `held` (what
    waits for its release, and until when; None where the gate does not answer), `retention` (what
    is announced to be erased, and from which day on; None where nothing is), `store` (None where
    the server's monitoring does not answer), until when the `certificate` is good that NATS shows
    (None without TLS), and `warnings`."""
    streams = [await _stream(client, str(config.name)) for config in suite_streams(inboxes)]
    kept, ends = await store(client, monitor_url), certificate_ends(client)
    answers = await asyncio.gather(*(_service(client, service) for service in PROGRAMS))
    return {
        "streams": streams,
        "readers": [asdict(lag) | {"lag": lag.behind} for lag in await _readers(client)],
        "dead": next(
            (s["messages"] for s in streams if s["stream"] == "DEAD" and s["declared"]), 0
        ),
        "services": dict(zip(PROGRAMS, answers, strict=True)),
        "held": await _held(client),
        "retention": await _retention(client),
        "store": kept and asdict(kept),
        "certificate": ends and ends.isoformat(),
        "warnings": _warnings(streams, kept) + _ending(ends) + _aside(answers) + _making(answers),
    }


async def _readers(client: Client) -> list[Lag]:
    """Reactions and relays; read models say it themselves."""
    try:
        return await lags_of_flows(client)
    except LogDamagedError:
        return []


def is_troubled(said: Any) -> bool:
    """Whether a service does not answer, or one of its replicas tells of a trouble."""
    replicas = said["replicas"] if said else []
    return not replicas or any(one["troubles"] or "database" in one for one in replicas)


async def _stream(client: Client, name: str) -> dict[str, Any]:
    try:
        info: StreamInfo = await client.jetstream().stream_info(name)
    except NotFoundError:
        return {"stream": name, "declared": False}
    facts = {
        "stream": name,
        "declared": True,
        "messages": info.state.messages,
        "last_sequence": info.state.last_seq,
        "bytes": info.state.bytes,
    }
    most = info.config.max_bytes or 0
    return facts | ({"max_bytes": most} if most > 0 else {})


async def _service(client: Client, service: str) -> Any:
    """The first answer, with those of all replicas beside it."""
    try:
        replicas = await ask_all(client, service)
    except NatsError:
        return None
    return replicas[0] | {"replicas": replicas} if replicas else None


async def _held(client: Client) -> Any:
    """How many events, and until when."""
    try:
        return await ask(client, GATE, "held", within_s=HELD_WITHIN_S)
    except (NatsError, TimeoutError, NotDoneError):
        return None


async def _retention(client: Client) -> Any:
    """Of reports and persons, how many; and of the reports how many are still open."""
    try:
        found = await ask(client, "intake", "kept", {}, within_s=HELD_WITHIN_S)
    except (NatsError, TimeoutError, NotDoneError):
        return None
    due = found["falls_due"]
    counted = {
        kind: sum(each["count"] for each in due if each["kind"] == kind)
        for kind in ("report", "person")
    }
    still_open = sum(each["reports"]["open"] for each in found["sources"])
    first = min(each["day"] for each in due) if due else None
    return {**counted, "open": still_open, "first": first} if due else None


def _ending(ends: datetime | None) -> list[str]:
    if ends is None or ends - datetime.now(UTC) > TOLD_BEFORE:
        return []
    told = (
        f"NATS's certificate is good until {ends:%Y-%m-%d}, and then nobody connects: `tribune init"
        " --add-missing` makes a new one, and `docker compose restart nats` shows it; without"
        " containers `tribune up` does both at its start"
    )
    return [told]


def _aside(answers: Iterable[Any]) -> list[str]:
    """What read models could not take; replicas that share a database say the same."""
    said = [
        f"{model}: {count:,} events are set aside; mend what they tripped over, then `tribune"
        f" rebuild {model}`"
        for answer in answers
        for one in (answer["replicas"] if answer else ())
        for model, count in one.get("set_aside", {}).items()
    ]
    return list(dict.fromkeys(said))


def _making(answers: Iterable[Any]) -> list[str]:
    """Read models that are not served yet."""
    said = [
        line
        for answer in answers
        for one in (answer["replicas"] if answer else ())
        for line in one.get("making", ())
    ]
    return list(dict.fromkeys(said))


def _warnings(streams: list[dict[str, Any]], kept: Store | None) -> list[str]:
    """What fills up, before it is full."""
    warnings = []
    if kept is not None and kept.used >= STORE_FULL_FROM * kept.most:
        warnings.append(
            f"the NATS server stores {in_words(kept.used)} of {in_words(kept.most)}; when that is"
            " full, nothing more is taken. Raise TRIBUNE_NATS_MAX_FILE, or `tribune up --max-file`"
        )
    if kept is not None and kept.is_cramped:
        warnings.append(
            f"the NATS server is asked to stay below {in_words(kept.memory)} of memory, and for a"
            f" log of {in_words(kept.used)} it wants {in_words(memory_for(kept.used))}: it may get"
            " slow. Raise TRIBUNE_NATS_MEMORY, or `tribune up --nats-memory`, and start it again"
        )
    warnings += [
        f"{row['stream']} holds {in_words(row['bytes'])} of {in_words(row['max_bytes'])}; when that"
        " is full, its source is refused. Raise its max_bytes in sources.toml and run `tribune"
        " setup`"
        for row in streams
        if row.get("max_bytes") and row["bytes"] >= INBOX_FULL_FROM * row["max_bytes"]
    ]
    return warnings
