"""The demonstration's mapping gives the same events as ever, byte for byte."""

import gzip
import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.mapping import Mapping, UpstreamEvent
from deploy.feeding.tables import open_table, read_rows
from deploy.feeding.taking import take

EVENTS = 203_912
DIGEST = "25d19b4401ac43e19f2974d910a9e9d85ba394bc01e07af014e2bd7d8c672b3a"
"""Of subject, headers and body of all events in their order, as the first mapping gave them."""

FIRST_ROWS = 2_000


def digest_of(events: Iterable[UpstreamEvent]) -> str:
    digest = hashlib.sha256()
    for event in events:
        outgoing = event.outgoing()
        digest.update(f"{event.at} {event.kind} {outgoing.subject}".encode())
        digest.update(repr(sorted(outgoing.headers.items())).encode() + outgoing.body)
    return digest.hexdigest()


def test_the_half_year_is_mapped_as_ever() -> None:
    mapping = Mapping(MAPPING)
    taken = take(open_table(FILE, wanted=mapping.columns()), mapping)
    assert not taken.problems
    assert taken.counts.total() == EVENTS
    assert digest_of(taken.events()) == DIGEST


def test_what_a_replay_sends_is_what_publish_sends(tmp_path: Path) -> None:
    with gzip.open(FILE, "rb") as file, (tmp_path / "rows.csv").open("wb") as first:
        first.writelines(islice(file, FIRST_ROWS))
    replayed = Mapping(MAPPING).events(read_rows(tmp_path / "rows.csv"))
    mapping = Mapping(MAPPING)
    taken = take(open_table(tmp_path / "rows.csv", wanted=mapping.columns()), mapping)
    assert len(replayed) > 3 * FIRST_ROWS
    assert digest_of(taken.events()) == digest_of(replayed)
