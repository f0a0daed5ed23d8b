"""What operators ask of publishing about stories and questions."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Engine

from services.publishing.newsroom.question_words import QuestionWords
from services.publishing.newsroom.words import StoryWords
from services.publishing.projections import drafts, questions_desk
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "publishing"
MOST = 500


class WhichStories(BaseModel):
    """The ones that moved last; `before` a sequence of an answer goes on from there."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    before: int | None = None


class WhichQuestions(BaseModel):
    """The ones asked last; `before` a sequence of an answer goes on from there."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    before: int | None = None


def answer_about_questions(runtime: Runtime, words: QuestionWords) -> None:
    engine: Engine = runtime.engine

    @answers(runtime.broker, "query.publishing.questions", "WhichQuestions", NAME)
    async def which(asked: WhichQuestions) -> dict[str, Any]:
        """The questions to the body, how far each is, and what it asks."""
        rows = await ask_in(engine, questions_desk.newest, asked.limit, asked.before)
        said = await words.some([row["words"] for row in rows])
        names = ("question_id", "place", "sector", "way", "state", "number", "sequence")
        return {
            "questions": [
                {name: row[name] for name in names}
                | {"asked_at": row["asked_at"].isoformat()}
                | {"title": said[row["words"]].title if row["words"] in said else None}
                for row in rows
            ]
        }


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
