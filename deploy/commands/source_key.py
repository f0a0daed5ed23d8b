"""`tribune key`: made here for a source that sends over HTTP; the suite gets its digest alone."""

import json
import secrets
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.asking import request
from deploy.connecting import SETUP, Connected, connected
from deploy.given import UnknownNameError
from deploy.looking.reading import messages
from deploy.terminal import Terminal
from services.intake.domain.source_key import category
from shared.contracts.routing import log_of
from shared.contracts.source_key import SourceKeyEvent, SourceKeyGiven
from shared.contracts.source_key_form import RANDOM, SIGNS, digest_of, written
from shared.runtime.charter import read_charter
from shared.runtime.source_keys import FILTERS

SHOWN = 12
"""Signs of a key's id: enough to tell one from another."""

console = Terminal(stderr=True, soft_wrap=True)


@dataclass(frozen=True)
class Known:
    """A key as its events have left it, and when it was given."""

    given: SourceKeyGiven
    since: datetime
    is_revoked: bool

    @property
    def state(self) -> str:
        ends = self.given.expires_at
        is_over = ends is not None and ends <= datetime.now(UTC)
        return "revoked" if self.is_revoked else "expired" if is_over else "good"

    def row(self) -> dict[str, Any]:
        ends = self.given.expires_at
        return {
            "id": self.given.key_id[:SHOWN],
            "source": self.given.source,
            "state": self.state,
            "kinds": list(self.given.kinds),
            "hook": self.given.hook,
            "each_s": self.given.each_s,
            "since": self.since.isoformat(timespec="seconds"),
            "expires": ends.isoformat(timespec="seconds") if ends else None,
        }


async def add(
    data_dir: Path | None,
    source: str,
    kinds: list[str],
    each_s: int,
    days: int,
    hook: str | None = None,
) -> int:
    key, key_id = _fresh(), secrets.token_hex(16)
    async with connected(data_dir, SETUP, services=True) as suite:
        if source not in read_charter(suite.settings.charter_dir).sources:
            raise UnknownNameError(
                f"the charter has no source {source}: name it in sources.toml and run `tribune"
                " setup`"
            )
        ends = datetime.now(UTC) + timedelta(days=days) if days else None
        body = {
            "key_id": key_id,
            "source": source,
            "digest": digest_of(key),
            "kinds": kinds,
            "hook": hook,
            "each_s": each_s,
            "expires_at": ends.isoformat() if ends else None,
        }
        await request(suite.client, "cmd.intake.GiveSourceKey", body)
    _tell(key, f"The key {key_id[:SHOWN]} of {source}, which is shown only now:")
    return 0


async def rotate(data_dir: Path | None, which: str) -> int:
    key = _fresh()
    async with connected(data_dir, SETUP, services=True) as suite:
        known = _the_one(await _known(suite), which)
        body = {"key_id": known.given.key_id, "digest": digest_of(key)}
        await request(suite.client, "cmd.intake.ReplaceSourceKey", body)
    told = f"The new key {known.given.key_id[:SHOWN]} of {known.given.source}, shown only now;"
    _tell(key, f"{told} the old one is good no more:")
    return 0


async def revoke(data_dir: Path | None, which: str) -> int:
    async with connected(data_dir, SETUP, services=True) as suite:
        known = _the_one(await _known(suite), which)
        await request(suite.client, "cmd.intake.RevokeSourceKey", {"key_id": known.given.key_id})
    console.print(f"The key {known.given.key_id[:SHOWN]} of {known.given.source} is revoked")
    return 0


async def listing(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        rows = [known.row() for known in await _known(suite)]
    if as_json:
        print(json.dumps(rows))  # noqa: T201
        return 0
    table = Table("id", "source", "state", "kinds", "each second", "since", "until")
    for row in rows:
        kinds = ", ".join(row["kinds"]) or "all"
        kinds += f" by the hook {row['hook']}" if row["hook"] else ""
        rate = str(row["each_s"] or "no limit")
        until = row["expires"] or ""
        table.add_row(row["id"], row["source"], row["state"], kinds, rate, row["since"], until)
    Terminal().print(table)
    return 0


def _fresh() -> str:
    return written("".join(secrets.choice(SIGNS) for _ in range(RANDOM)))


def _tell(key: str, said: str) -> None:
    """The key alone goes where output goes, so that a file can take it."""
    console.print(said)
    print(key)  # noqa: T201


async def _known(suite: Connected) -> list[Known]:
    """As the log tells, also where no service runs."""
    states: dict[str, tuple[Any, datetime]] = {}
    read = messages(suite.client, log_of("intake"), FILTERS)
    async with aclosing(read) as found:
        async for message in found:
            recorded = suite.codec.decode_known(message.headers, message.body, message.sequence)
            if recorded is None or not isinstance(recorded.event, SourceKeyEvent):
                continue
            decider, event = category.decider, recorded.event
            before = states.get(event.key_id, (decider.initial_state, recorded.recorded_at))
            states[event.key_id] = decider.evolve(before[0], event), before[1]
    return [
        Known(key.given, since, key.is_revoked)
        for key, since in states.values()
        if key.given is not None
    ]


def _the_one(known: list[Known], which: str) -> Known:
    """By the beginning of its id; or by its source, if that has one good key only."""
    good = [each for each in known if not each.is_revoked]
    found = [each for each in good if which in (each.given.source, each.given.key_id)]
    found = found or [each for each in good if each.given.key_id.startswith(which)]
    if len(found) == 1:
        return found[0]
    how = "there are several such keys" if found else f"there is no good key {which}"
    raise UnknownNameError(f"{how}; `tribune key list` has their ids")
