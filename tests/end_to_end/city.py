"""The half year that all tests here share: what the demo left, beside the city's own file."""

import csv
import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real_suite import Home

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
