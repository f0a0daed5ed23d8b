"""A story with something in each data set, and files of open data as a reader has them."""

import csv
import io
import json
from datetime import date
from typing import Any

import httpx

from shared.testing.examples import (
    PUBLIC_CHECK_HALVED,
    PUBLIC_CHECK_HANDED_OVER,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CHECK_PAUSED,
    PUBLIC_CHECK_RESUMED,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_CLAIM_UPHELD,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_FILE_PASSED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    varied,
)

LATE = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 1, 20), late=True)
HALVED, GONE, GONE_REPORT, WAITS = "c" * 32, "d" * 32, "e" * 32, "f" * 32
STORY = (
    varied(PUBLIC_REPORT_FILED, latitude=42.331, longitude=-71.083),
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_FILE_PASSED,
    varied(PUBLIC_REPORT_FILED, report="a" * 32, place="us.ma.salem", sector=None),
    varied(PUBLIC_REPORT_FILED, report=GONE_REPORT, latitude=42.3, longitude=-71.1),
    varied(PUBLIC_WITHDRAWN, what="report", id=GONE_REPORT, reason="Of the report."),
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_PAUSED,
    PUBLIC_CHECK_RESUMED,
    PUBLIC_CHECK_OVERDUE,
    varied(PUBLIC_CHECK_OVERDUE, tier=2, to="The mayor"),
    LATE,
    PUBLIC_CLAIM_REFUTED,
    LATE,
    varied(PUBLIC_CLAIM_UPHELD, late=True, done_on=LATE.done_on),
    PUBLIC_CHECK_HANDED_OVER,
    varied(PUBLIC_CHECK_OPENED, check=HALVED, owner="Parks"),
    varied(PUBLIC_CHECK_HALVED, check=HALVED, rest="9" * 32),
    varied(PUBLIC_CHECK_OPENED, check="9" * 32, owner="Parks"),
    varied(PUBLIC_CHECK_OPENED, check=WAITS, owner=None),
    varied(PUBLIC_CHECK_OPENED, check=GONE, owner="Gone"),
    varied(PUBLIC_CHECK_OVERDUE, check=GONE, owner="Gone", task="Gone"),
    varied(PUBLIC_CLAIM_REFUTED, check=GONE),
    varied(PUBLIC_CHECK_HANDED_OVER, check=GONE, owner="Gone", to="Gone", reason="Gone"),
    varied(PUBLIC_WITHDRAWN, id=GONE, reason="It was another's."),
    PUBLIC_MEMBER_QUALIFIED,
    varied(
        PUBLIC_MEMBER_QUALIFIED,
        member="8" * 32,
        place="us.ma.salem",
        confirmed=None,
        sectors=None,
        days=None,
        refuted_share=None,
    ),
)


async def rows(client: httpx.AsyncClient, dataset: str) -> list[dict[str, Any]]:
    """By JSON Lines."""
    answer = await client.get(f"/data/{dataset}.jsonl")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def cells(client: httpx.AsyncClient, dataset: str) -> list[list[str]]:
    """By CSV, with the heading."""
    answer = await client.get(f"/data/{dataset}.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text, newline="")))
