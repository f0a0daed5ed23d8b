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

CRASH_EXIT = 9
_move = checkpoints.move


def _die_once(name: str) -> None:
    died = Path(os.environ["TRIBUNE_DATA_DIR"]) / f"{name}.died"
    if not died.exists():
        died.touch()
        os._exit(CRASH_EXIT)


def _move_or_die(connection: Any, name: str, old: int, new: int) -> None:
    """The rows of this batch are written by now, and not yet committed."""
    if name in os.environ["CRASH_MODELS"].split():
        _die_once(name)
    _move(connection, name, old, new)


def _write_in_two(self: Projector, events: Sequence[Any], last: int) -> None:
    for model in self._models:
        done = self._positions[model.name]
        if done < last:
            with self._engine.begin() as rows:
                model.write(rows, [event for event in events if event.sequence > done])
            with self._engine.begin() as checkpoint:
                _move_or_die(checkpoint, model.name, done, last)
        self._positions[model.name] = max(last, done)


checkpoints.move = _move_or_die
if os.environ["CRASH_POINT"] == "in two":
    Projector.write = _write_in_two  # type: ignore[method-assign]
