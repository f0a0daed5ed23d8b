"""What operators ask of publishing about stories."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Engine

from services.publishing.newsroom.words import StoryWords
from services.publishing.projections import drafts
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "publishing"
MOST = 500


class WhichStories(BaseModel):
    """The ones that moved last; `before` a sequence of an answer goes on from there."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    before: int | None = None


def answer_about_stories(runtime: Runtime, words: StoryWords) -> None:
    engine: Engine = runtime.engine

    @answers(runtime.broker, "query.publishing.stories", "WhichStories", NAME)
    async def which(asked: WhichStories) -> dict[str, Any]:
        """The stories of the newsroom, how far each is, and its title."""
        rows = await ask_in(engine, drafts.newest, asked.limit, asked.before)
        said = await words.some([row["words"] for row in rows if row["words"]])
        return {"stories": [_told(row, said) for row in rows]}


def _told(row: dict[str, Any], said: Any) -> dict[str, Any]:
    names = ("story_id", "place", "stage", "published", "asked", "sequence")
    moments = {each: row[each] and row[each].isoformat() for each in ("until", "ask_at")}
    title = said[row["words"]].title if row["words"] in said else None
    return {name: row[name] for name in names} | moments | {"title": title}
