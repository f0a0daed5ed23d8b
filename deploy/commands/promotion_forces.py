"""`tribune promotion forces`: who rises at a place about a sector, and by which events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.commands.progress import telling
from deploy.connecting import connected
from deploy.looking.lookup import Log
from deploy.looking.workdays import workdays
from deploy.problems import WRONG_USE
from deploy.terminal import Terminal
from services.promotion.domain.rising import WHOLE, Rising, rising
from services.promotion.workdays import Span, Workday, span
from shared.contracts.place import EVERYWHERE, is_within
from shared.contracts.reference import Reference
from shared.runtime.charter import read_charter
from shared.runtime.outside import harmless
from shared.runtime.toml_words import meant

progress = Terminal(stderr=True)
Found = Mapping[Workday, Sequence[Reference]]


async def forces(data_dir: Path | None, place: str, sector: str, *, as_json: bool) -> int:
    """Exit 2 where the charter does not know the place or the sector."""
    async with connected(data_dir) as suite:
        charter = read_charter(suite.settings.charter_dir)
        for given, kind, known in (
            (place, "place", {*charter.places, EVERYWHERE}),
            (sector, "sector", {*charter.sectors, ""}),
        ):
            if given not in known:
                words = f'"{given}" is no {kind} of the charter{meant(given, known)}'
                progress.print(harmless(words), style="red", highlight=False, soft_wrap=True)
                return WRONG_USE
        with telling(progress, "reads PROMOTION", "events") as tell:
            everything = await workdays(Log(suite.client, suite.codec), tell)
    of = span(max(each.on for each in everything)) if everything else None
    found = {each: at for each, at in everything.items() if _is_asked(each, place, sector)}
    told = rising(found, of) if of else []
    if as_json:
        print(json.dumps(_as_json(told, found, of)))  # noqa: T201
        return 0
    for line in _in_words(told, of):
        print(harmless(line))  # noqa: T201
    return 0


def _is_asked(one: Workday, place: str, sector: str) -> bool:
    return is_within(one.place, place) and sector in ("", one.sector)


def _as_json(told: Sequence[Rising], found: Found, of: Span | None) -> dict[str, Any]:
    days = of and {name: day.isoformat() for name, day in of._asdict().items()}
    return {"span": days, "forces": [_one(each, found, of) for each in told if of]}


def _one(one: Rising, found: Found, of: Span) -> dict[str, Any]:
    """With all that was recent, by its events."""
    recent = sorted(
        (each.on.isoformat(), each.kind, each.place, str(reference))
        for each, at in found.items()
        if (each.member_id, each.sector) == (one.member_id, one.sector) and each.on >= of.since
        for reference in at
    )
    rest = one._asdict() | {name: getattr(one, name) / WHOLE for name in ("rise", "own", "others")}
    names = ("on", "kind", "place", "at")
    told = [dict(zip(names, each, strict=True)) for each in recent]
    return rest | {"places": dict(one.places), "credits": told}


def _in_words(told: Sequence[Rising], of: Span | None) -> Iterator[str]:
    if of is None:
        yield "nobody has a confirmed report yet"
        return
    yield f"who rises from {of.since} to {of.until}, beside the days from {of.before}"
    for each in told:
        where = ", ".join(f"{place} {days}" for place, days in each.places)
        yield (
            f"{each.member_id}  {each.sector}  {each.days} days by {each.confirmers} confirmers"
            f" ({where}); {each.own / WHOLE:.2f} of before ({each.before} days),"
            f" {each.others / WHOLE:.2f} of {each.peers} others ({each.peers_days} days)"
        )
    if not told:
        yield "nobody rises there by these figures"
