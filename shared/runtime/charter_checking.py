"""Whether claims of done are checked by people drawn by lot: the charter's `checking.toml`."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contracts.checking import CheckingTerms
from shared.runtime.charter_base import STRICT, AtLeastOne

MOST_SEATS = 50
LONGEST_DAYS = 3_650

Seats = Annotated[int, Field(ge=1, le=MOST_SEATS)]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class CheckingTold(BaseModel):
    """Nothing is checked unless `agree` is said. `version` is raised by whoever changes a term."""

    model_config = STRICT

    version: AtLeastOne = 1
    agree: Seats | None = None
    answer_days: Days = 3
    find_days: Days = 7
    most_drawn: Seats = 9
    candidates: Seats = 5
    often: Seats = 3
    often_days: Days = 30
    rest_days: Days = 30
    appeal_days: Days = 14

    @property
    def terms(self) -> CheckingTerms | None:
        return None if self.agree is None else CheckingTerms(**self.model_dump())
