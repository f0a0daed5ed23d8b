"""Commitments and claims as an upstream system says them."""

import json
from datetime import UTC, datetime
from typing import Any

from shared.contracts.identity import aggregate_id
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent

PLACE = "us.ma.boston.roxbury"


def march(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


MADE_AT = march(1)


def check(commitment: str) -> str:
    return aggregate_id("check", "boston", commitment)


def filed(report: str, source: str) -> UpstreamEvent:
    """A confidential report."""
    return _upstream(
        "report.submitted",
        MADE_AT,
        source,
        report=report,
        place=PLACE,
        sector="sanitation",
        filed_at=MADE_AT.isoformat(),
    )


def made(
    commitment: str,
    due_at: datetime,
    made_at: datetime = MADE_AT,
    source: str = "boston",
    report: str | None = None,
) -> UpstreamEvent:
    return _upstream(
        "commitment.made",
        made_at,
        source,
        commitment=commitment,
        report=report,
        owner=f"Office of {commitment}",
        task="mend it",
        place=PLACE,
        sector="sanitation",
        made_at=made_at.isoformat(),
        due_at=due_at.isoformat(),
        confidential=False,
    )


def done(commitment: str, done_at: datetime) -> UpstreamEvent:
    return _upstream(
        "commitment.done",
        done_at,
        "boston",
        commitment=commitment,
        owner=f"Office of {commitment}",
        done_at=done_at.isoformat(),
    )


def _upstream(kind: str, at: datetime, source: str, **data: Any) -> UpstreamEvent:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"{data.get('commitment', data.get('report'))}/{kind}",
        "ce-source": f"/{source}",
        "ce-type": kind,
        "ce-time": at.isoformat(),
    }
    body = json.dumps(data).encode()
    return UpstreamEvent(at, kind, lambda: Outgoing(f"inbox.{source}.{kind}", body, headers))
