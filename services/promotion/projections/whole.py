"""Rows that say what ended are shown once they are whole: half of them would miss an end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from shared.contracts.routing import log_of
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.serving import position

P = ParamSpec("P")
T = TypeVar("T")

STREAM = log_of("promotion")


class NotWholeError(Exception):
    """They will be, in a while."""


@dataclass
class Whole:
    """`goal` is how far the rows were seen to be, or the log when the service started. Behind it a
    key that was ended would count as good again, and so would what was revoked."""

    goal: int = 0

    def asks(
        self, model: ReadModel, question: Callable[Concatenate[Connection, P], T]
    ) -> Callable[Concatenate[Connection, P], T]:
        """In the transaction of the question itself. Raises NotWholeError."""

        def ask(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
            reached = position(connection, [model], STREAM)
            if not reached.is_shown or reached.sequence < self.goal:
                raise NotWholeError
            self.goal = reached.sequence
            return question(connection, *args, **kwargs)

        return ask
