"""Who was late on one day as was public on another, for programs: a page of them."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, Field

from shared.contracts.identity import is_ours

MOST = 1_000


class LateCheck(BaseModel):
    check: str
    place: str
    owner: str | None = Field(description="null: it waits for an editor")
    due_on: date


class Late(BaseModel):
    """What was late at the end of a day, as far as was public at the end of another one."""

    on: date
    known: date
    as_of: datetime = Field(description="when this was the newest; later days may change yet")
    checks: list[LateCheck] = Field(description="by due day")
    after: str | None = Field(
        description="what to ask for to get the next ones, few as these may be; null: no more"
    )


@dataclass(frozen=True)
class LateAsked:
    on: date
    known: date
    place: str | None
    after: tuple[date, str] | None
    limit: int


def after_of(text: str | None) -> tuple[date, str] | None:
    """Raises ValueError."""
    if text is None:
        return None
    day, _, check = text.partition("/")
    if not is_ours(check):
        raise ValueError("after is what an answer before said")
    return date.fromisoformat(day), check
