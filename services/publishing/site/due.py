"""Why a check is due on its day, for programs: the rule, and each day that was not counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from shared.contracts.checking import Verdict
from shared.contracts.clock import MovedFor
from shared.contracts.reckoning import Reckoning


class NotCounted(BaseModel):
    day: date
    why: str | None = Field(description="what the day is called; null: a weekend")


class ClockStep(BaseModel):
    """An event of PUBLIC, without what all of the check have in common."""

    what: str = Field(description="the kind of event, such as DueDateMoved")
    on: date
    due_on: date = Field(description="as it is from then on")
    old_due_on: date | None = Field(None, description="as it was before, where it moved")
    paused_on: date | None = None
    until_on: date | None = Field(None, description="to when more time is asked for")
    why: MovedFor | None = Field(None, description="why it moved")
    reason: str | None = None
    done_on: date | None = Field(None, description="of the claim that is spoken of")
    said_on: date | None = Field(
        None, description="as its owner said after the due day; it counts once it is upheld"
    )
    verdict: Verdict | None = Field(None, description="what they found instead of done")
    rest: str | None = Field(None, description="the check that is the rest of a half")
    tier: int | None = Field(None, description="how far up it was passed")
    to: str | None = Field(None, description="to whom it was passed up")


class DueExplained(BaseModel):
    """Of one check."""

    check: str
    due_on: date = Field(description="late once this day is over at its place")
    reckoning: Reckoning | None = Field(
        description="what it was reckoned by; null: the day was named, or the owner waited for"
        " an editor"
    )
    not_counted: list[NotCounted] = Field(description="in their order")
    paused: bool = Field(description="its owner waits for somebody else; it is not due meanwhile")
    steps: list[ClockStep] = Field(description="what became of it, in their order")


def is_paused(steps: Sequence[Mapping[str, Any]]) -> bool:
    turns = [each["what"] for each in steps if each["what"] in ("CheckPaused", "CheckResumed")]
    return turns[-1:] == ["CheckPaused"]


def explained(
    check: str,
    due_on: date,
    reckoning: Reckoning | None,
    steps: Sequence[Mapping[str, Any]] = (),
) -> DueExplained:
    skipped = reckoning.skipped() if reckoning else ()
    return DueExplained(
        check=check,
        due_on=due_on,
        reckoning=reckoning,
        not_counted=[NotCounted(day=day, why=why or None) for day, why in skipped],
        paused=is_paused(steps),
        steps=[ClockStep.model_validate(each) for each in steps],
    )
