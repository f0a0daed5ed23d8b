"""What all tests here share: what the demo left, beside the city's own file."""

import csv
import gzip
import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from real_suite import Home, free_ports

ENDS_WITHIN_S = 600
FILE = Path("deploy/data/boston311-2011h2.csv.gz")
Rows = dict[str, dict[str, str]]


def by_number(until: date = date.max) -> Rows:
    """The rows of the file by the city's own number; read here once more, by nobody's mapping."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = {row["case_enquiry_id"]: row for row in csv.DictReader(file)}
    return {
        number: row
        for number, row in rows.items()
        if date.fromisoformat(row["open_dt"].partition(" ")[0]) < until
    }


@dataclass(frozen=True)
class Counted:
    """What the file says of the requests made before a day, as somebody has counted it."""

    reports: int
    checks: int
    upstream_events: int
    late_by_label: int
    late_without_label: int
    due_in_2059: int
    until: date = date.max

    @property
    def late(self) -> int:
        return self.late_by_label + self.late_without_label


WHOLE = Counted(58_251, 47_270, 203_912, 11_521, 158, 18)
TWO_WEEKS = Counted(4_778, 4_060, 16_765, 1_006, 9, 0, date(2011, 7, 15))


@dataclass(frozen=True)
class HalfYear:
    """What `tribune demo --exit --json` left behind and said on both outputs; of the half year, or
    of its beginning."""

    home: Home
    exit_code: int
    summary: dict[str, Any]
    told: str
    seconds_after_summary: float
    counted: Counted
    city: Rows


def demonstrated(where: Home, told: Path, *options: str, of: Counted = WHOLE) -> HalfYear:
    """By the command line, as anybody does it."""
    port = str(free_ports())
    if of.until != date.max:
        options = (*options, "--until", of.until.isoformat())
    with where.begin("demo", "--exit", "--json", "--port", port, *options, told=told) as process:
        assert process.stdout is not None
        summary = next((line for line in process.stdout if line.startswith("{")), "")
        summed_up = time.monotonic()
        rest, _ = process.communicate(timeout=ENDS_WITHIN_S)
    assert summary, told.read_text()
    assert rest == "", "the summary is the last line"
    after = time.monotonic() - summed_up
    said, rows = told.read_text(), by_number(of.until)
    return HalfYear(where, process.returncode, json.loads(summary), said, after, of, rows)
