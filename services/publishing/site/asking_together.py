"""Puts the pages together on which questions are asked, read and answered."""

from functools import partial

from sqlalchemy import Engine
from starlette.routing import Route

from services.publishing.newsroom.questioning import Questions
from services.publishing.projections import question_voices, questions_desk, worth
from services.publishing.site.question_desk import QuestionDesk
from services.publishing.site.question_forms import QuestionForms
from services.publishing.site.question_room import QuestionRoom
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.charter import Charter
from shared.web.guard import Guard


def question_routes(
    guard: Guard, questions: Questions, engine: Engine, charter: Charter
) -> list[Route]:
    """Before those of stories, whose ids stand where ours have a word."""
    ask, forms = partial(ask_in, engine), QuestionForms(guard)
    named = charter.places, charter.sectors
    room = QuestionRoom(
        forms, questions, partial(ask, worth.these), partial(ask, question_voices.of), *named
    )
    desk = QuestionDesk(forms, questions, partial(ask, questions_desk.of_state), *named)
    return [*room.routes(), *desk.routes()]
