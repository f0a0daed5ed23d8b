"""Which public ids somebody can put a case number to, who has the source's own file beside PUBLIC.

`python -m deploy.bench.linking FILE --mapping MAPPING` takes the file as the suite would, and then
does what that person can: lets the same gate, under another key, say of each case what would be
public of it, and looks for what is said alike.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from deploy.feeding.tables import open_table
from deploy.feeding.taking import take
from services.intake.domain import check as checks
from services.intake.domain import report as reports
from services.intake.translate import translator
from services.publishing.public import gate
from services.publishing.release.book import PEOPLE, Book
from shared.contracts.event import Event
from shared.contracts.identity import keyed
from shared.contracts.release import ReleaseMade
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.inbox.parse import parse
from shared.mapping import Mapping as Columns
from shared.runtime.charter import Charter, read_charter

OURS, THEIRS = b"a key of ours", b"a key of theirs"
CHARTER = Path("deploy/charter")
SEED = 7


class Inside(NamedTuple):
    at: datetime
    event: Event


class Public(NamedTuple):
    """`said` is all of it but its id; `case` is whose it is, which nobody outside knows."""

    id: str
    said: str
    case: str


def inside(file: Path, mapping: Path, charter: Charter) -> Iterator[Inside]:
    """What intake records of a file of a protected source, in the order of time; nothing falls
    overdue."""
    columns = Columns(mapping)
    shape = columns.shape
    table = open_table(file, shape.file, shape.time_zone, columns.columns())
    source = columns.source
    translate = translator(charter.places, charter.sectors, trusted={source})
    states: dict[str, Any] = {}
    taken = take(table, columns, lambda _: None, None)
    try:
        for one in sorted(taken.events(), key=lambda each: each.at):
            sent = one.outgoing()
            upstream = parse(source, one.kind, sent.headers, sent.body)
            command = translate(upstream, one.at)
            of = checks if hasattr(command, "check_id") else reports
            key = getattr(command, of.category.key)
            state = states.get(key, of.decider.initial_state)
            for event in of.decider.decide(command, state):
                state = of.decider.evolve(state, event)
                yield Inside(one.at, event)
            states[key] = state
    finally:
        taken.close()


def at_once(events: Iterable[Inside], key: bytes, zone: tzinfo = UTC) -> Iterator[Public]:
    let_through = gate(key, zone)
    for _, event in events:
        if (passed := let_through(event)) is not None:
            yield _public(passed, event.aggregate_id)


def day_by_day(events: Iterable[Inside], key: bytes, smallest: int) -> Iterator[Public]:
    """As it is released each midnight of UTC."""
    book = Book(key)
    cases: dict[str, str] = {}
    today: date | None = None
    for number, (at, event) in enumerate(events, 1):
        if today is not None and at.date() > today:
            yield from _released(book, today, smallest, cases)
        today = at.date()
        new = RecordedEvent(f"{number:032x}", event, 0, at, "", "", "", sequence=number)
        for what in ("report", "outcome"):
            cases[keyed(key, what, event.aggregate_id)] = event.aggregate_id
        book.take(new)
    if today is not None:
        yield from _released(book, today, smallest, cases)


def _released(book: Book, day: date, smallest: int, cases: Mapping[str, str]) -> Iterator[Public]:
    on = day + timedelta(days=1)
    read = dict.fromkeys(("intake", "promotion"), 0)
    made = ReleaseMade(release_id="0" * 32, on=on, **read, smallest=smallest, rule=PEOPLE)
    for _, event in book.release(made):
        yield _public(event, cases[event.aggregate_id])


def _public(event: Event, case: str) -> Public:
    said = event.model_dump(mode="json", exclude={event.key})
    return Public(event.aggregate_id, f"{type(event).__name__} {json.dumps(said)}", case)


def _by_id(found: Iterable[Public]) -> dict[str, tuple[str, str]]:
    """All that is said under an id, and the case behind it."""
    said: dict[str, list[str]] = defaultdict(list)
    case: dict[str, str] = {}
    for each in found:
        said[each.id].append(each.said)
        case[each.id] = each.case
    return {id_: ("\n".join(lines), case[id_]) for id_, lines in said.items()}


def linked(public: Iterable[Public], known: Iterable[Public]) -> dict[str, Any]:
    """`unique`: ids to which one case alone fits. `guessed`: those that a guess among all that fit
    gets right; `chance` is what it must get by their numbers alone. `in_order`: those that are got
    right by who takes what fits in the order of the file for the order in PUBLIC."""
    ours, theirs = _by_id(public), _by_id(known)
    fits: dict[str, list[str]] = defaultdict(list)
    for said, case in theirs.values():
        fits[said].append(case)
    random, seen = Random(SEED), Counter[str]()  # noqa: S311  no secret
    found: Counter[str] = Counter()
    chance = 0.0
    least = min((len(fits[said]) for said, _ in ours.values()), default=0)
    for said, case in ours.values():
        choices = sorted(fits[said])
        found["unique"] += len(choices) == 1
        found["guessed"] += random.choice(choices) == case
        found["in_order"] += fits[said][min(seen[said], len(choices) - 1)] == case
        seen[said] += 1
        chance += 1 / len(choices)
    return {
        "ids": len(ours),
        "unique": found["unique"],
        "guessed": found["guessed"],
        "in_order": found["in_order"],
        "chance": round(chance, 1),
        "fewest_that_fit": least,
    }


def figures(file: Path, mapping: Path, charter: Charter) -> dict[str, dict[str, Any]]:
    """Of checks and reports of a source whose data are public, and of reports of one that is
    protected. Who guesses knows every case in the order of the file."""
    is_held = [*inside(file, mapping, charter)]
    is_public = [
        each._replace(event=each.event.model_copy(update={"protected": False})) for each in is_held
    ]
    smallest = charter.smallest_figure
    told: dict[str, dict[str, Any]] = {}
    for name, aggregate in (("checks", "check"), ("reports at once", "report")):
        events = [each for each in is_public if each.event.aggregate == aggregate]
        told[name] = linked(
            at_once(events, OURS, charter.language.zone),
            at_once(events, THEIRS, charter.language.zone),
        )
    held = [each for each in is_held if each.event.aggregate == "report"]
    order: dict[str, int] = {}
    for number, each in enumerate(held):
        order.setdefault(each.event.aggregate_id, number)
    of_file = sorted(day_by_day(held, THEIRS, smallest), key=lambda each: order[each.case])
    told["reports of a protected source"] = linked(day_by_day(held, OURS, smallest), of_file)
    return told


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("file", type=Path)
    given.add_argument("--mapping", type=Path, required=True)
    given.add_argument("--charter", type=Path, default=CHARTER)
    asked = given.parse_args()
    for name, found in figures(asked.file, asked.mapping, read_charter(asked.charter)).items():
        print(json.dumps({"of": name, **found}))  # noqa: T201


if __name__ == "__main__":
    main()
