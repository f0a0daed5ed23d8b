"""What the gate tells the site of how far it is. Of what comes in unseen it must tell nothing."""

from pydantic import BaseModel, Field

SUBJECT = "query.gate.standing"
HELD = "query.gate.held"
"""Which the site may not ask."""


class Standing(BaseModel):
    """Not `whole`: what stood inside when the gate began is not looked through yet, or very much
    waits. Whole percents, and none where they would tell of single events."""

    whole: bool
    percent: int | None = Field(None, ge=0, le=99)
    well: bool = True
