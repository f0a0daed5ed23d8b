"""Words of questions that were declined, withdrawn or hidden go, whoever died over it."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import Engine

from services.publishing.newsroom.question_words import QuestionWords
from services.publishing.projections import questions_desk
from shared.eventsourcing.projections.database import ask_in


def going(
    engine: Engine, words: QuestionWords, moved: asyncio.Event, stir: Callable[[], None]
) -> Callable[[], Awaitable[None]]:
    """Until cancelled: whenever the rows have moved. Also where a backup was put back. `stir` is
    for pages that are kept: they may have been made before."""

    async def run() -> None:
        erased: set[str] = set()
        while True:
            moved.clear()
            gone = set(await ask_in(engine, questions_desk.words_gone))
            if gone - erased:
                await words.empty(gone - erased)
                stir()
            erased |= gone
            await moved.wait()

    return run
