"""`tribune promotion what-if`: who would gain, lose or keep a qualification by other tracks."""

import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from deploy.commands.progress import telling
from deploy.connecting import connected
from deploy.looking.lookup import Log
from deploy.looking.members import of_all
from deploy.problems import WRONG_USE
from deploy.terminal import Terminal
from services.promotion.domain.track import Figure
from services.promotion.domain.what_if import Change, Replay
from services.promotion.rules import tracks_of
from shared.runtime.charter import CharterError, read_charter

MOST_NAMED = 20

console, progress = Terminal(), Terminal(stderr=True)


async def what_if(data_dir: Path | None, directory: Path, *, as_json: bool) -> int:
    """Exit 2 where the charter can't be read."""
    try:
        replay = Replay(tracks_of(read_charter(directory)))
    except CharterError as error:
        console.print(str(error), highlight=False, soft_wrap=True)
        return WRONG_USE
    events = 0
    async with connected(data_dir) as suite:
        with telling(progress, "replays PROMOTION", "events") as tell:
            read = of_all(Log(suite.client, suite.codec), tell)
            async with aclosing(read) as found:
                async for recorded in found:
                    replay.take(recorded.event)
                    events += 1
    if as_json:
        print(json.dumps(_as_json(replay, events)))  # noqa: T201
    else:
        for line in _in_words(replay, events):
            console.print(line, highlight=False, soft_wrap=True)
    return 0


def _as_json(replay: Replay, events: int) -> dict[str, Any]:
    return {
        "events": events,
        "members": len(replay.members),
        "tracks": [_of_track(replay, each) for each in replay.changes()],
    }


def _of_track(replay: Replay, change: Change) -> dict[str, Any]:
    name = change.track
    return {
        "track": name,
        "rule_version": change.rule_version or None,
        "holds": len(change.keep) + len(change.lose),
        "would_hold": len(change.keep) + len(change.gain),
        "gain": [
            {"member": each, "on": replay.members[each].would[name].isoformat()}
            for each in change.gain
        ],
        "lose": [
            {"member": each, "lacks": [_figure(lack) for lack in replay.lacks(each, name)]}
            for each in change.lose
        ],
        "keep": change.keep,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"what": figure.what, "wanted": figure.wanted, "has": figure.has}


def _in_words(replay: Replay, events: int) -> Iterator[str]:
    yield f"{events:,} events of {len(replay.members):,} members, replayed under these tracks"
    for change in replay.changes():
        name, version = change.track, change.rule_version
        rule = f"version {version}" if version else "which that charter does not have"
        yield (
            f"{name}, {rule}: {len(change.gain):,} would gain it, {len(change.lose):,} lose it,"
            f" {len(change.keep):,} keep it"
        )
        for each in change.gain[:MOST_NAMED]:
            yield f"  gains  {each}  on {replay.members[each].would[name]}"
        yield from _more(change.gain)
        for each in change.lose[:MOST_NAMED]:
            lacks = "; ".join(_lack(lack) for lack in replay.lacks(each, name))
            yield f"  loses  {each}  {lacks}".rstrip()
        yield from _more(change.lose)


def _more(members: list[str]) -> Iterator[str]:
    if (more := len(members) - MOST_NAMED) > 0:
        yield f"  and {more:,} more; --json names all"


def _lack(figure: Figure) -> str:
    """A loser may meet the rule at the end, and not hold what comes before it."""
    bound = "at most" if figure.most else "at least"
    return f"{figure.what} {figure.has:,.4g} where {bound} {figure.wanted:,.4g} is asked for"
