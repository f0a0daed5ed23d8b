"""Questions that are public: how long each waits, how many ask it, and what was answered."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    select,
)

from shared.contracts.event import Event
from shared.contracts.public_question import (
    AnswerCorrected,
    PublicQuestionEvent,
    PublicTextOfAnswer,
    QuestionAnswered,
    QuestionAsked,
    QuestionCounted,
    QuestionHidden,
    QuestionWithdrawn,
    RatingsCounted,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
questions = Table(
    "questions_v1",
    metadata,
    Column("question", String(32), primary_key=True),
    Column("page", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("owner", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("way", String(10), nullable=False),
    Column("met_on", Date),
    Column("society", String(32)),
    Column("check", String(32), nullable=False),
    Column("words", String(32)),
    Column("digest", String(64), nullable=False),
    Column("tongue", String(30), nullable=False),
    Column("at_least", Integer),
    Column("is_answered", Boolean, nullable=False),
    Column("answers", Text, nullable=False),
    Column("gone_on", Date),
    Column("reason", Text),
    Column("event_id", String(32), nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
Index("questions_v1_page", questions.c.page)
Index("questions_v1_oldest", questions.c.is_answered, questions.c.asked)
Index("questions_v1_of_place", questions.c.place, questions.c.is_answered, questions.c.asked)
Index("questions_v1_changed", questions.c.changed)


def keys(event: Event) -> Collection[str]:
    return (event.question,) if isinstance(event, PublicQuestionEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of words that were taken away none are named."""
    event = recorded.event
    if isinstance(event, QuestionAsked):
        names = ("question", "page", "place", "sector", "owner", "on", "way", "met_on", "society")
        kept = (*names, "check", "words", "digest", "tongue")
        rows[event.question] = {name: getattr(event, name) for name in kept} | {
            "at_least": None,
            "is_answered": False,
            "answers": "[]",
            "gone_on": None,
            "reason": None,
            "event_id": recorded.id,
            "asked": recorded.sequence,
            "asked_at": recorded.recorded_at,
        }
    if isinstance(event, PublicQuestionEvent) and (row := rows.get(event.question)):
        _happened(row, event)
        row |= {"changed": recorded.sequence, "changed_at": recorded.recorded_at}


def _happened(row: Row, event: PublicQuestionEvent) -> None:
    match event:
        case QuestionCounted(at_least=at_least):
            row["at_least"] = at_least
        case QuestionWithdrawn(on=on):
            row |= {"gone_on": on, "words": None}
        case QuestionHidden(on=on, reason=reason):
            row |= {"gone_on": on, "words": None, "reason": reason}
        case PublicTextOfAnswer():
            row |= {"is_answered": True}
            row["answers"] = json.dumps([*json.loads(row["answers"]), _answer(event)])
        case RatingsCounted(number=number):
            names = ("answered", "partly", "not_answered")
            figures = {name: getattr(event, name) for name in names}
            row["answers"] = json.dumps(
                [
                    each | (figures if each["number"] == number else {})
                    for each in json.loads(row["answers"])
                ]
            )
        case _:
            pass


def _answer(event: PublicTextOfAnswer) -> dict[str, Any]:
    return {
        **{name: getattr(event, name) for name in ("number", "office", "words", "digest")},
        "tongue": event.tongue,
        "on": event.on.isoformat(),
        "why": event.why if isinstance(event, AnswerCorrected) else "",
        **dict.fromkeys(("answered", "partly", "not_answered")),
    }


TAKES: frozenset[type[Event]] = frozenset(
    (
        *(QuestionAsked, QuestionCounted, QuestionWithdrawn, QuestionHidden),
        *(QuestionAnswered, AnswerCorrected, RatingsCounted),
    )
)
read_model = ReadModel("questions_v1", log_of("public"), questions, keys, apply, takes=TAKES)


def listed(
    connection: Connection,
    limit: int,
    places: Collection[str] | None = None,
    after: int | None = None,
    *,
    is_answered: bool = False,
) -> list[Row]:
    """Unanswered ones, the oldest first; or answered ones, the newest first. `after` one of these,
    by its sequence."""
    rows = rows_of(connection, read_model)
    order = rows.c.asked.desc() if is_answered else rows.c.asked
    chosen = select(rows).where(rows.c.is_answered.is_(is_answered)).order_by(order).limit(limit)
    if places is not None:
        chosen = chosen.where(rows.c.place.in_(places))
    if after is not None:
        chosen = chosen.where(rows.c.asked < after if is_answered else rows.c.asked > after)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def one(connection: Connection, page: str) -> Row | None:
    """By which its page is called."""
    rows = rows_of(connection, read_model)
    found = connection.execute(select(rows).where(rows.c.page == page)).mappings().first()
    return dict(found) if found else None


def some(connection: Connection, pages: Collection[str]) -> list[Row]:
    """The newest first."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.page.in_(pages)).order_by(rows.c.asked.desc())
    return [dict(row) for row in connection.execute(chosen).mappings()]
