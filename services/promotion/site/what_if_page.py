"""What other tracks would change: the log replayed under them, before anybody adopts them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.track import Track
from services.promotion.rehearsal.told import NAMED, Changed, Rehearsed
from services.promotion.site.posts_page import PLACER, PostDesk
from services.promotion.site.track_words import FIGURES
from shared.runtime.finding import Finding
from shared.web.language import marked

PATH = "/what-if"
LONGEST = 20_000
OPERATOR = "operator"
WRONG = marked("These tracks can't be used as they are. What is wrong stands below.")


@dataclass(frozen=True)
class WhatIfPage:
    """`written` are the charter's own tracks as they stand in its file; `read` takes what was
    typed, or tells what is wrong with it; `rehearse` replays the log under it."""

    desk: PostDesk
    written: str
    read: Callable[[str], Sequence[Track] | list[Finding]]
    rehearse: Callable[[Sequence[Track]], Awaitable[Rehearsed]]

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own = forms.guard.requires(PLACER, OPERATOR)
        return [Route(PATH, own(forms.either(self.ask, self.look)), methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return self._page(request, self.written)

    async def look(self, request: Request, fields: dict[str, str]) -> Response:
        """Nothing changes. Raises TryLaterError."""
        text = fields.get("tracks", "").replace("\r\n", "\n")[:LONGEST]
        tracks = self.read(text)
        wrong = [each for each in tracks if isinstance(each, Finding)]
        if wrong:
            return self._page(request, text, wrong=[f"{each}" for each in wrong])
        asked = [each for each in tracks if isinstance(each, Track)]
        found = await self.rehearse(asked)
        titles = {each.name: each.title for each in asked}
        return self._page(
            request,
            text,
            found=found,
            changes=[self._told(each, titles) for each in found.changes],
        )

    def _page(
        self,
        request: Request,
        text: str,
        wrong: Sequence[str] = (),
        found: Rehearsed | None = None,
        changes: Sequence[Mapping[str, Any]] = (),
    ) -> Response:
        return self.desk.forms.form(
            request,
            "what-if.html",
            {"tracks": text},
            {"tracks": WRONG} if wrong else {},
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
            wrong=wrong,
            found=found,
            changes=changes,
            longest=LONGEST,
            named=NAMED,
        )

    def _told(self, each: Changed, titles: Mapping[str, str]) -> dict[str, Any]:
        """People by the signs that posts call them by."""
        code, say = self.desk.posts.code, self.desk.forms.frame.language.gettext
        return {
            "title": titles.get(each.track, self.desk.tracks.get(each.track, each.track)),
            "version": each.version,
            "gain": each.gain,
            "lose": each.lose,
            "keep": each.keep,
            "gaining": [code(who) for who in each.gaining],
            "losing": [
                (code(one.member), [say(FIGURES[lack]) for lack in one.lacks])
                for one in each.losing
            ],
        }
