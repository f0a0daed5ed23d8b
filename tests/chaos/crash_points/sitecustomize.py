"""Makes a service die once between rows and checkpoint; Python loads this where PYTHONPATH says so.

CRASH_POINT is `in one transaction`, as the projector is, or `in two`, as it must not be: rows are
committed first, and the checkpoint would have followed.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel

CRASH_EXIT = 9
_write = ReadModel.write


def _die_once(name: str) -> None:
    died = Path(os.environ["TRIBUNE_DATA_DIR"]) / f"{name}.died"
    if not died.exists():
        died.touch()
        os._exit(CRASH_EXIT)


def _write_and_die(self: ReadModel, connection: Any, events: list[Any]) -> None:
    """The rows of this batch and the checkpoint are written, and not yet committed."""
    _write(self, connection, events)
    if self.name in os.environ["CRASH_MODELS"].split():
        _die_once(self.name)


def _write_in_two(self: Projector, events: Sequence[Any], last: int) -> None:
    for model in self._models:
        done = self._positions[model.name]
        if done < last:
            with self._engine.begin() as rows:
                _write(model, rows, [event for event in events if event.sequence > done])
            if model.name in os.environ["CRASH_MODELS"].split():
                _die_once(model.name)
            with self._engine.begin() as checkpoint:
                checkpoints.move(checkpoint, [model.name], done, last)
        self._positions[model.name] = max(last, done)


ReadModel.write = _write_and_die  # type: ignore[method-assign]
if os.environ["CRASH_POINT"] == "in two":
    Projector.write = _write_in_two  # type: ignore[method-assign]
