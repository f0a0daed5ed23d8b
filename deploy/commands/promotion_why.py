"""`tribune promotion why`: why somebody is qualified on a track, or what they lack."""

import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from deploy.connecting import connected
from deploy.looking.ids import Names
from deploy.looking.lookup import Log
from deploy.looking.members import member_named
from deploy.looking.standing import Standing, credits_of, standing
from deploy.problems import WRONG_USE
from deploy.terminal import Terminal
from services.promotion.domain.track import Figure, Track
from services.promotion.rules import tracks_of
from services.publishing.settings import known_release_key
from shared.contracts.member import (
    MemberQualified,
    QualificationEnded,
    QualificationLapsed,
    RefutationNoted,
    ReportCredited,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.runtime.charter import read_charter
from shared.runtime.outside import harmless
from shared.runtime.toml_words import meant

beside = Terminal(stderr=True)


async def why(
    data_dir: Path | None, given: str, name: str, directory: Path | None, *, as_json: bool
) -> int:
    """By the suite's own charter, or another one. Exit 2 where it has no such track."""
    async with connected(data_dir) as suite:
        charter = read_charter(directory or suite.settings.charter_dir)
        tracks = {each.name: each for each in tracks_of(charter)}
        if name not in tracks:
            words = f'"{name}" is no track of the charter{meant(name, tracks)}'
            beside.print(harmless(words), style="red", highlight=False, soft_wrap=True)
            return WRONG_USE
        log = Log(suite.client, suite.codec)
        names = Names(list(suite.inboxes), known_release_key(suite.settings))
        key = await member_named(log, given, names)
        stands = await standing(log, key, tracks[name])
        _begin(stands, as_json=as_json)
        before = ""
        async with aclosing(credits_of(log, key, stands)) as found:
            async for recorded, counts in found:
                if as_json:
                    print(f"{before}{json.dumps(_one(recorded, counts))}", end="")  # noqa: T201
                    before = ",\n"
                else:
                    print(harmless(_one_in_words(recorded, counts)))  # noqa: T201
        if as_json:
            print("]}")  # noqa: T201
    return 0


def _begin(stands: Standing, *, as_json: bool) -> None:
    """All but the events, which come as they are read."""
    if as_json:
        print(f'{json.dumps(_as_json(stands))[:-1]}, "events": [', end="")  # noqa: T201
        return
    for line in _in_words(stands):
        print(harmless(line))  # noqa: T201


def _as_json(stands: Standing) -> dict[str, Any]:
    held, track = stands.held.get(stands.track.name), stands.track
    ended = stands.ended.get(track.name)
    newest = stands.work.newest
    return {
        "member": stands.member,
        "track": track.name,
        "rule_version": track.version,
        "qualified": held and _qualified(held),
        "ended": ended and _ended(ended),
        "meets": stands.is_met,
        "as_of": newest and newest.isoformat(),
        "figures": [each._asdict() | {"met": each.met} for each in stands.figures()],
        "missing": stands.missing,
    }


def _qualified(recorded: RecordedEvent) -> dict[str, Any]:
    event = recorded.event
    if not isinstance(event, MemberQualified):
        raise TypeError(type(event).__name__)
    at = str(recorded.reference)
    return {"at": at, "on": event.on.isoformat(), "rule_version": event.rule_version}


def _ended(recorded: RecordedEvent) -> dict[str, Any]:
    event = recorded.event
    if not isinstance(event, QualificationEnded):
        raise TypeError(type(event).__name__)
    how = "lapsed" if isinstance(event, QualificationLapsed) else "revoked"
    lacked = [each.model_dump() for each in event.lacks]
    return {
        "at": str(recorded.reference),
        "how": how,
        "on": event.on.isoformat(),
        "rule_version": event.rule_version,
        "lacked": lacked,
    }


def _in_words(stands: Standing) -> Iterator[str]:
    yield _how(stands, stands.track)
    for each in stands.figures():
        yield f"  {_figure(each)}"
    for name in stands.missing:
        yield f"  missing: is not qualified on {name}, which comes before"
    if stands.work.newest:
        yield f"as of the newest credit, of {stands.work.newest}; all that happened:"


def _how(stands: Standing, track: Track) -> str:
    of = f"{stands.member} on {track.name}, version {track.version}"
    if (held := stands.held.get(track.name)) is not None:
        said = _qualified(held)
        return (
            f"{of}: qualified since {said['on']} by version {said['rule_version']} ({said['at']});"
            f" `tribune why {said['at']}` proves it"
        )
    if (ended := stands.ended.get(track.name)) is not None:
        said = _ended(ended)
        of = (
            f"{of}: {said['how']} on {said['on']}, by version {said['rule_version']}"
            f" ({said['at']}); and since then"
        )
    if stands.is_met:
        return f"{of}: meets the rule, and qualifies with the next report that is confirmed"
    return f"{of}: not qualified"


def _figure(figure: Figure) -> str:
    bound = "at most" if figure.most else "at least"
    said = f"{figure.what}: {figure.has:,.4g} of {bound} {figure.wanted:,.4g}"
    return said if figure.met else f"missing: {said}"


def _one(recorded: RecordedEvent, counts: str) -> dict[str, Any]:
    event = recorded.event
    if not isinstance(event, ReportCredited | RefutationNoted):
        raise TypeError(type(event).__name__)
    cause = event.earned_by if isinstance(event, ReportCredited) else event.noted_from
    return {
        "at": str(recorded.reference),
        "what": type(event).__name__,
        "because": str(cause.reference),
        "on": event.on.isoformat(),
        "place": event.place,
        "sector": event.sector,
        "counts": counts,
    }


def _one_in_words(recorded: RecordedEvent, counts: str) -> str:
    said = _one(recorded, counts)
    return (
        f"  {said['on']}  {said['what']}  {said['at']}  because {said['because']}"
        f"  {said['place']} {said['sector']}  {counts}"
    )
