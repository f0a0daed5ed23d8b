"""Writes events into read models: a batch and the checkpoint in one transaction."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection, Engine

from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.eventsourcing.projections.around import is_row_fault, write_around
from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.set_aside import SetAside
from shared.eventsourcing.projections.taking import by_type, taken


class Writer:
    """For all read models of one stream. `tells` of what is set aside."""

    def __init__(
        self, engine: Engine, models: Sequence[ReadModel], stream: str = "", *, tells: bool = True
    ) -> None:
        self.stream = stream or models[0].stream
        self.set_aside: dict[str, int] = {}
        self._engine = engine
        self._models = tuple(models)
        self._tells = tells
        self._positions: dict[str, int] = {}

    @property
    def position(self) -> int:
        """The sequence up to which all models are."""
        return min(self._positions.values(), default=0)

    @property
    def models(self) -> tuple[ReadModel, ...]:
        return self._models

    def position_of(self, family: str) -> int:
        """Of the version that it writes; 0 if it writes none."""
        own = [each.name for each in self._models if each.family == family]
        return max((self._positions.get(name, 0) for name in own), default=0)

    def take_over(self, model: ReadModel, made: "Writer") -> None:
        """Instead of its other versions, from the writer that made it."""
        self._models = (*(each for each in self._models if each.family != model.family), model)
        self._positions = {
            each.name: self._positions.get(each.name, made.position) for each in self._models
        }
        known = self.set_aside | made.set_aside
        self.set_aside = {
            each.name: known[each.name] for each in self._models if each.name in known
        }

    def expect(self, connection: Connection) -> None:
        """Nobody moves them before this transaction ends. Raises ConcurrencyError if one has."""
        for model in self._models:
            name = model.position_in(self.stream)
            checkpoints.expect(connection, name, self._positions[model.name])

    def begin(self) -> int:
        """Read the checkpoints again: they are the only truth about what was applied."""
        with self._engine.connect().execution_options(reads_only=True) as connection:
            self._positions = {
                model.name: checkpoints.read(connection, model.position_in(self.stream))
                for model in self._models
            }
            self.set_aside = self._set_aside(connection)
        return self.position

    def settle_now(self, batch: Decoded, last: int) -> None:
        if batch.unreadable:
            self._write_around(batch.events, last, batch.unreadable)
        else:
            self.write(batch.events, last)

    def write(self, events: Sequence[RecordedEvent], last: int) -> None:
        """All models in one transaction; what one of them can't take is set aside."""
        try:
            with self._engine.begin() as connection:
                behind = [each for each in self._models if self._positions[each.name] < last]
                self._move(connection, behind, last)
                of_types = by_type(events)
                first = events[0].sequence if events else 0
                for model in behind:
                    done = self._positions[model.name]
                    if own := taken(model, events, of_types):
                        ahead = own if done < first else [e for e in own if e.sequence > done]
                        model.write(connection, ahead)
        except Exception as error:
            if not is_row_fault(error):
                raise
            self._write_around(events, last, ())
        else:
            self._moved_to(last)

    def _write_around(
        self,
        events: Sequence[RecordedEvent],
        last: int,
        unreadable: Sequence[tuple[Message, UnreadableEventError]],
    ) -> None:
        """Slowly, and only once a fault has shown."""
        with self._engine.begin() as connection:
            for model in self._models:
                done = self._positions[model.name]
                if done < last:
                    self._move(connection, [model], last)
                    own = [event for event in events if event.sequence > done]
                    aside = model.position_in(self.stream)
                    found = write_around(connection, model, own, aside)
                    found += [
                        SetAside(aside, message.sequence, "", type(error).__name__)
                        for message, error in unreadable
                        if message.sequence > done
                    ]
                    set_aside.add(connection, found)
                    self._tell(found)
            self.set_aside = self._set_aside(connection)
        self._moved_to(last)

    def _move(self, connection: Connection, models: Sequence[ReadModel], last: int) -> None:
        """Who reads another stream into the same rows waits until this transaction ends. Those at
        one place are moved at once: where events come one by one, a question for each model was a
        third of the work."""
        at: dict[int, list[str]] = {}
        for model in models:
            if model.also:
                checkpoints.lock(connection, model.name)
            at.setdefault(self._positions[model.name], []).append(model.position_in(self.stream))
        for old, names in at.items():
            checkpoints.move(connection, names, old, last)

    def _tell(self, found: Sequence[SetAside]) -> None:
        for each in found if self._tells else ():
            structlog.get_logger().error(
                "an event is set aside",
                model=each.model,
                sequence=each.sequence,
                error=each.error,
            )

    def _moved_to(self, last: int) -> None:
        for model in self._models:
            self._positions[model.name] = max(last, self._positions[model.name])

    def _set_aside(self, connection: Connection) -> dict[str, int]:
        return set_aside.counts(connection, self._models)
