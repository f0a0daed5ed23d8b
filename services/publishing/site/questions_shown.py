"""The addresses of questions that readers open."""

from collections.abc import Container
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from services.publishing.site.asking import registered, sequence_of
from services.publishing.site.handing import Handing
from services.publishing.site.question_pages import QUESTIONS, QuestionPages
from services.publishing.site.sorry import NotFoundError
from shared.contracts.identity import is_ours


class QuestionsShown:
    def __init__(self, handing: Handing, pages: QuestionPages, places: Container[str]) -> None:
        self._handing = handing
        self._pages = pages
        self._places = places

    async def listed(self, request: Request) -> Response:
        """Those that wait; with `answered=yes` the others."""
        given = request.query_params
        place = registered(code, self._places) if (code := given.get("place")) else None
        after, is_answered = sequence_of(given.get("after")), given.get("answered") == "yes"
        render = partial(self._pages.listed, place, after, is_answered=is_answered)
        key = f"{QUESTIONS}?place={place}&after={after}&answered={is_answered}"
        return self._handing.page(request, await self._handing.handed(key, render))

    async def one(self, request: Request) -> Response:
        page = request.path_params["question"]
        if not is_ours(page):
            raise NotFoundError
        render = partial(self._pages.one, page)
        handed = await self._handing.handed(f"{QUESTIONS}/{page}", render)
        return self._handing.page(request, handed)
