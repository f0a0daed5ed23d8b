"""What questions to the body oblige to, and whom: the charter's `questions.toml`."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contracts.petition import MOST_DAYS
from shared.contracts.values import Line
from shared.runtime.charter_base import STRICT, AtLeastOne


class QuestionsTold(BaseModel):
    """There are none unless `owner` is said, who owes the answers; `offices` are others in whose
    name it is answered. `version` is raised by whoever changes a term."""

    model_config = STRICT

    version: AtLeastOne = 1
    owner: Line | None = None
    offices: list[Line] = []
    task: Line = "Answer a question"
    answer_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 30
    most_a_day: Annotated[int, Field(ge=1, le=100)] = 3

    @property
    def answering(self) -> tuple[str, ...]:
        """Every name in which is answered, its owner's first."""
        return tuple(dict.fromkeys([*([self.owner] if self.owner else []), *self.offices]))
