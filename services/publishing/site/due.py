"""Why a check is due on its day, for programs: the rule, and each day that was not counted."""

from datetime import date

from pydantic import BaseModel, Field

from shared.contracts.reckoning import Reckoning


class NotCounted(BaseModel):
    day: date
    why: str | None = Field(description="what the day is called; null: a weekend")


class DueExplained(BaseModel):
    """Of one check."""

    check: str
    due_on: date = Field(description="late once this day is over at its place")
    reckoning: Reckoning | None = Field(
        description="what it was reckoned by; null: the day was named, or the owner waited for"
        " an editor"
    )
    not_counted: list[NotCounted] = Field(description="in their order")


def explained(check: str, due_on: date, reckoning: Reckoning | None) -> DueExplained:
    skipped = reckoning.skipped() if reckoning else ()
    return DueExplained(
        check=check,
        due_on=due_on,
        reckoning=reckoning,
        not_counted=[NotCounted(day=day, why=why or None) for day, why in skipped],
    )
