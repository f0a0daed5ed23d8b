"""What is kept for how long, and what falls due when: counts alone, by source."""

from typing import Any

from sqlalchemy import Connection, Engine

from services.intake.projections import kept, kept_due
from services.intake.projections.kept_due import Terms, ToAnnounce
from shared.contracts.values import EARLIEST
from shared.runtime.charter_keeping import Term

STATES = (kept.KEPT, kept.ANNOUNCED, kept.ERASED, kept.CLEAR)


def told(engine: Engine, terms: Terms) -> dict[str, Any]:
    """Of what is announced, too, how many reports are still open; `next_reminder` is a day."""
    with engine.connect().execution_options(reads_only=True) as connection:
        counts = kept_due.counts(connection)
        announced = kept_due.announced(connection, terms)
        sources = [
            {
                "source": source,
                "keep_days": term.keep.days,
                "remind_days": term.remind.days,
                "next_reminder": _next(connection, source, term),
                "reports": _states(counts, source, kept.REPORT),
                "persons": _states(counts, source, kept.PERSON),
            }
            for source, term in sorted(terms.items())
        ]
    falls_due = [
        {"day": day, "source": source, "kind": kind, "count": count}
        for day, source, kind, count in announced
    ]
    return {"sources": sources, "falls_due": falls_due}


def _next(connection: Connection, source: str, term: Term) -> str | None:
    since = EARLIEST + term.announced_after
    moments = [
        ToAnnounce(kind, term, [source]).next(connection, since)
        for kind in (kept.REPORT, kept.PERSON)
    ]
    first = min((each for each in moments if each is not None), default=None)
    return first.date().isoformat() if first else None


def _states(counts: dict[str, int], source: str, kind: str) -> dict[str, int]:
    found = {state: counts.get(f"{source} {kind} {state}", 0) for state in STATES}
    return found | {"open": counts.get(f"{source} {kind} {kept.ANNOUNCED} open", 0)}
