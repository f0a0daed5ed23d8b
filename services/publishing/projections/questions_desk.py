"""Questions as the newsroom has them: what is to be read, and what is to be answered."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts.event import Event
from shared.contracts.question import (
    QuestionAsked,
    QuestionDeclined,
    QuestionEvent,
    QuestionHidden,
    QuestionPassed,
    QuestionWithdrawn,
    TextOfAnswer,
)
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
questions = Table(
    "questions_desk_v1",
    metadata,
    Column("question_id", String(32), primary_key=True),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("way", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("words", String(32), nullable=False),
    Column("is_gone", Boolean, nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("questions_desk_v1_state", questions.c.state, questions.c.sequence)
Index("questions_desk_v1_gone", questions.c.is_gone, questions.c.question_id)


def keys(event: Event) -> Collection[str]:
    return (event.question_id,) if isinstance(event, QuestionEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if isinstance(event, QuestionAsked):
        names = ("question_id", "place", "sector", "way", "words")
        rows[event.question_id] = {name: getattr(event, name) for name in names} | {
            "state": "asked",
            "is_gone": False,
            "number": 0,
            "asked_at": event.at,
            "sequence": recorded.sequence,
        }
    if isinstance(event, QuestionEvent) and (row := rows.get(event.question_id)):
        _happened(row, event)


def _happened(row: Row, event: QuestionEvent) -> None:
    match event:
        case QuestionPassed():
            row["state"] = "open"
        case QuestionDeclined():
            row |= {"state": "declined", "is_gone": True}
        case QuestionWithdrawn(passed=passed):
            row |= {"is_gone": True} | ({} if passed else {"state": "withdrawn"})
        case QuestionHidden():
            row["is_gone"] = True
        case TextOfAnswer(number=number):
            row |= {"state": "answered", "number": number}
        case _:
            pass


TAKES = frozenset(each for each in EVENT_TYPES.values() if issubclass(each, QuestionEvent))
read_model = ReadModel(
    "questions_desk_v1", log_of("publishing"), questions, keys, apply, takes=TAKES
)


def of_state(connection: Connection, state: str, limit: int) -> list[Row]:
    """What waits longest first."""
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.state == state).order_by(rows.c.sequence).limit(limit)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def newest(connection: Connection, limit: int, before: int | None = None) -> list[Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).order_by(rows.c.sequence.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(rows.c.sequence < before)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def words_gone(connection: Connection) -> list[str]:
    """Texts that are to be nowhere any more."""
    rows = rows_of(connection, read_model)
    chosen = select(rows.c.words).where(rows.c.is_gone.is_(True))
    return list(connection.execute(chosen).scalars())
