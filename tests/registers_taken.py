"""A register on its way from its file to promotion's rows, without servers."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from deploy.feeding.tables import open_table
from deploy.feeding.taking import Taken, take
from services.intake.domain import registration
from services.intake.translate import translator
from services.promotion.domain import society
from services.promotion.projections import societies, society_places
from services.promotion.reactions import REGISTERS
from services.promotion.societies.registering import Registering
from services.promotion.societies.words import SocietyWords
from shared.contracts.identity import command_id
from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.receipt import Problem
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.inbox.parse import RefusalError, Upstream
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.mapping import Mapping
from shared.mapping.events import as_they_come
from shared.testing.examples import MONDAY
from shared.testing.projection_spec import as_message

AT_ONCE = 500
IN_BOSTON = frozenset(
    f"us.ma.boston.{name}"
    for name in ("roxbury", "dorchester", "allston", "charlestown", "mattapan", "roslindale")
)
SECTORS = frozenset(("street-lights", "sidewalks", "trees"))
MODELS = (societies.read_model, society_places.read_model)


def take_in(file: Path) -> Taken:
    """What `tribune publish` makes of it, by the mapping beside it."""
    mapping = Mapping(file.parent / "mapping.toml")
    shape = mapping.shape
    return take(open_table(file, shape.file, shape.time_zone, mapping.columns()), mapping)


@dataclass
class Road:
    """Intake's part and promotion's; `refused` is what receipts would say."""

    engine: Engine
    places: frozenset[str]
    sectors: frozenset[str]
    refused: list[Problem] = field(default_factory=list)
    models: tuple[object, ...] = MODELS
    intake: InMemoryEventStore = field(default_factory=InMemoryEventStore)
    promotion: InMemoryEventStore = field(default_factory=InMemoryEventStore)

    def __post_init__(self) -> None:
        self.words = SocietyWords(self.engine)
        self.handler = CommandHandler(self.intake, [registration.category], self.now)
        self.societies = CommandHandler(self.promotion, [society.category], self.now)
        self.registering = Registering(self.societies, self.words)
        self.translate = translator(self.places, self.sectors, {"rna"})
        prepare(self.engine, MODELS)
        self.projector = Projector(self.engine, MODELS)
        self.projector.begin()

    def now(self) -> datetime:
        return MONDAY

    async def import_(self, taken: Taken) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for events in as_they_come(taken.events(), AT_ONCE):
            messages = [each.outgoing() for each in events]
            envelopes = [self._asked(each.headers["ce-id"], each.body) for each in messages]
            outcomes += await self.handler.handle([each for each in envelopes if each])
        taken.close()
        return outcomes

    def _asked(self, ce_id: str, body: bytes) -> Envelope | None:
        data = INBOX_KINDS["society.registered"].model_validate_json(body)
        try:
            command = self.translate(Upstream("rna", "any", ce_id, ce_id, data), MONDAY)
        except RefusalError as error:
            self.refused.append(error.problem)
            return None
        return Envelope(command, command_id("inbox", "rna", ce_id))

    async def pass_on(self, since: int = 0) -> list[Outcome]:
        """What intake wrote becomes societies, and these rows."""
        outcomes: list[Outcome] = []
        before = len(self.told)
        for events in as_they_come(self.intake.streams.get("INTAKE", [])[since:], AT_ONCE):
            asked = [envelope for each in events for envelope in REGISTERS.ask(each)]
            outcomes += await self.registering.handle(asked)
        for events in as_they_come(self.told[before:], AT_ONCE):
            self.projector.apply([as_message(each) for each in events])
        return outcomes

    @property
    def told(self) -> list[RecordedEvent]:
        return self.promotion.streams.get("PROMOTION", [])
