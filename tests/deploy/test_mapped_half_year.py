"""The demonstration's mapping gives the same events as ever, byte for byte."""

import gzip
import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import open_table, read_rows
from deploy.feeding.taking import take
from shared.mapping import Mapping, UpstreamEvent

pytestmark = pytest.mark.deep

ALL = 58_251, 203_912, "25d19b4401ac43e19f2974d910a9e9d85ba394bc01e07af014e2bd7d8c672b3a"
"""Rows, their events, and the digest of these: subject, headers and body of each in its order, as
the first mapping gave them."""

FIRST = 5_000, 17_544, "211d1225bd4d23c6fc1f4e5b91f8a968cf1cbe4eb34596d74351d2ad2cc54d23"


def digest_of(events: Iterable[UpstreamEvent]) -> str:
    digest = hashlib.sha256()
    for event in events:
        outgoing = event.outgoing()
        digest.update(f"{event.at} {event.kind} {outgoing.subject}".encode())
        digest.update(repr(sorted(outgoing.headers.items())).encode() + outgoing.body)
    return digest.hexdigest()


def first_lines(folder: Path, rows: int) -> Path:
    """Of the half year, with its header."""
    with gzip.open(FILE, "rb") as file, (folder / "rows.csv").open("wb") as first:
        first.writelines(islice(file, rows + 1))
    return folder / "rows.csv"


@pytest.mark.parametrize("golden", [FIRST, pytest.param(ALL, marks=pytest.mark.deep)])
def test_the_half_year_is_mapped_as_ever(golden: tuple[int, int, str], tmp_path: Path) -> None:
    rows, events, digest = golden
    mapping = Mapping(MAPPING)
    file = first_lines(tmp_path, rows)
    taken = take(open_table(file, wanted=mapping.columns()), mapping)
    assert not taken.problems
    assert (taken.rows, taken.counts.total()) == (rows, events)
    assert digest_of(taken.events()) == digest
    if golden is FIRST:
        assert digest_of(Mapping(MAPPING).events(read_rows(file))) == digest, "as replays map it"
