"""What operators ask of petitions."""

from typing import Any

from pydantic import BaseModel

from services.promotion.projections import petitions
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "promotion"
MOST_TOLD = 500


class WhichPetitions(BaseModel):
    """Of nothing in particular."""


def answer_about_petitions(runtime: Runtime) -> None:
    """The newest; without words, which are on their pages, and figures below the smallest."""
    smallest, on_day = runtime.charter.smallest_figure, runtime.charter.language.on_day

    @answers(runtime.broker, "query.promotion.petitions", "WhichPetitions", NAME)
    async def which(_asked: WhichPetitions) -> dict[str, Any]:
        """Petitions, how they stand, and by when an answer is owed."""
        rows = await ask_in(runtime.engine, petitions.newest, None, MOST_TOLD)
        told = [
            {
                "petition": row["petition_id"],
                "place": row["place"],
                "sector": row["sector"],
                "state": row["state"],
                "needs": row["needs"],
                "at_least": row["at_least"] if row["at_least"] >= smallest else None,
                "until": on_day(row["until"]).isoformat(),
                "answer_due": on_day(row["due_at"]).isoformat() if row["due_at"] else None,
            }
            for row in rows
        ]
        return {"petitions": told}
