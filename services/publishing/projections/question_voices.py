"""Which questions somebody asked or joined, by the code that the gate makes of their login."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    select,
)

from services.publishing.projections import questions_desk
from shared.contracts.event import Event
from shared.contracts.question import (
    QuestionAsked,
    QuestionJoined,
    QuestionLeft,
    QuestionWithdrawn,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()
voices = Table(
    "question_voices_v1",
    metadata,
    Column("voice", String(64), primary_key=True),
    Column("who", String(32), nullable=False),
    Column("question_id", String(32), nullable=False),
    Column("is_asker", Boolean, nullable=False),
    Column("is_voice", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("question_voices_v1_of", voices.c.who, voices.c.sequence)

OF_ONE = (QuestionAsked, QuestionJoined, QuestionLeft, QuestionWithdrawn)


def keys(event: Event) -> Collection[str]:
    return (f"{event.by}{event.question_id}",) if isinstance(event, OF_ONE) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Whoever leaves what they did not ask has nothing to do with it any more."""
    event = recorded.event
    if not isinstance(event, OF_ONE):
        return
    (key,) = keys(event)
    row = rows.get(key) or {
        "voice": key,
        "who": event.by,
        "question_id": event.question_id,
        "is_asker": isinstance(event, QuestionAsked),
        "sequence": recorded.sequence,
    }
    is_voice = isinstance(event, QuestionJoined) or (
        isinstance(event, QuestionAsked) and event.is_own
    )
    rows[key] = row | {"is_voice": is_voice}


TAKES: frozenset[type[Event]] = frozenset(OF_ONE)
read_model = ReadModel("question_voices_v1", log_of("publishing"), voices, keys, apply, takes=TAKES)


def of(connection: Connection, who: str, limit: int) -> list[Row]:
    """The newest first, as the newsroom has them, with what somebody has to do with each."""
    own, desk = (rows_of(connection, each) for each in (read_model, questions_desk.read_model))
    chosen = (
        select(desk, own.c.is_asker, own.c.is_voice)
        .join(own, own.c.question_id == desk.c.question_id)
        .where(own.c.who == who, own.c.is_asker.is_(True) | own.c.is_voice.is_(True))
        .order_by(own.c.sequence.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(chosen).mappings()]
