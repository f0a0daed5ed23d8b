"""The half year that all tests here share: what the demo left, beside the city's own file."""

import csv
import gzip
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real_suite import Home, free_ports

ENDS_WITHIN_S = 600
FILE = Path("deploy/data/boston311-2011h2.csv.gz")
Rows = dict[str, dict[str, str]]


def by_number() -> Rows:
    """The rows of the file by the city's own number; read here once more, by nobody's mapping."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        return {row["case_enquiry_id"]: row for row in csv.DictReader(file)}


@dataclass(frozen=True)
class HalfYear:
    """What `tribune demo --exit --json` left behind and said on both outputs."""

    home: Home
    exit_code: int
    summary: dict[str, Any]
    told: str
    seconds_after_summary: float
    city: Rows = field(default_factory=by_number)


def demonstrated(where: Home, told: Path, *options: str) -> HalfYear:
    """By the command line, as anybody does it."""
    port = str(free_ports())
    with where.begin("demo", "--exit", "--json", "--port", port, *options, told=told) as process:
        assert process.stdout is not None
        summary = next((line for line in process.stdout if line.startswith("{")), "")
        summed_up = time.monotonic()
        rest, _ = process.communicate(timeout=ENDS_WITHIN_S)
    assert summary, told.read_text()
    assert rest == "", "the summary is the last line"
    after = time.monotonic() - summed_up
    return HalfYear(where, process.returncode, json.loads(summary), told.read_text(), after)
