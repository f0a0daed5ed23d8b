"""Answers what is kept for how long, and what falls due when: counts alone, by source."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from services.intake.projections import kept, kept_due
from services.intake.projections.kept_due import Terms, ToAnnounce
from shared.contracts.values import EARLIEST
from shared.eventsourcing.projections.database import run_in
from shared.runtime.broker import answers, problem
from shared.runtime.charter_keeping import Term
from shared.runtime.databases import away
from shared.runtime.runtime import Runtime

STATES = (kept.KEPT, kept.ANNOUNCED, kept.ERASED, kept.CLEAR)


class WhatIsKept(BaseModel):
    pass


def answer_what_is_kept(runtime: Runtime) -> None:
    engine, terms = runtime.engine, runtime.charter.terms

    @answers(runtime.broker, "query.intake.kept", "WhatIsKept", runtime.name)
    async def what_is_kept(_asked: WhatIsKept) -> Any:
        """By source with a term: how much is kept, announced and erased, and the days on which
        erasures fall due. Nothing that names anybody."""
        try:
            return await run_in(engine, told, engine, terms)
        except OperationalError as error:
            words = away(runtime.name, engine.url, error)
            if words is None:
                raise
            return problem(503, "Intake's database is away", words)


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
