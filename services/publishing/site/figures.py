"""The figures of a place for programs: as JSON, and saying whether they are the whole."""

from datetime import datetime

from pydantic import BaseModel, Field


class Figures(BaseModel):
    """Of one place and all below it, or of all places."""

    place: str | None = Field(description="its code; null: all places together")
    name: str | None = Field(description="as the register of places has it")
    as_of: datetime = Field(description="when these figures were the newest")
    whole: bool = Field(description="whether they hold all that stood in the log; else ask again")
    reports: int
    confirmed: int
    refuted: int
    checks: int
    done_in_time: int
    overdue: int = Field(description="checks that were ever overdue")
    still_overdue: int = Field(description="those of them that are not done yet")
    qualifications: int
    members: int = Field(description="with at least one qualification")
