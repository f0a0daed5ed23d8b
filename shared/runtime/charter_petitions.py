"""What petitions oblige to, and whom: the charter's `petitions.toml`."""

from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from shared.contracts.petition import MOST_DAYS
from shared.contracts.place import of_smallest
from shared.contracts.values import Line
from shared.runtime.charter_base import STRICT, AtLeastOne

MOST_NEEDED = 10_000

Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Needed = Annotated[int, Field(ge=1, le=MOST_NEEDED)]


class PetitionsTold(BaseModel):
    """There are none unless `owner` is said, who owes the answer. `needs` says for each place that
    is named, and all that lies in it, how many supporters oblige to one. `version` is raised by
    whoever changes a term."""

    model_config = STRICT

    version: AtLeastOne = 1
    owner: Line | None = None
    task: Line = "Answer a petition"
    term_days: Days = 60
    known_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 30
    answer_days: Days = 30
    needs: dict[str, Needed] = {}

    @model_validator(mode="after")
    def _owner_and_number(self) -> "PetitionsTold":
        if (self.owner is None) != (not self.needs):
            raise ValueError("must say both an owner and under [needs] how many, or neither")
        return self

    def needed_at(self, place: str) -> int | None:
        """None where there are no petitions: nothing is said for it, nor for what it lies in."""
        return of_smallest(place, self.needs, None)
