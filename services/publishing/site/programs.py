"""What programs are told, as JSON: figures, the register, who was late, how all was kept."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from starlette.exceptions import HTTPException

from services.publishing.site.check_pages import API
from services.publishing.site.checks import ChecksTold, checks_asked
from services.publishing.site.due import DueExplained
from services.publishing.site.figures import Figures
from services.publishing.site.handing import Handing
from services.publishing.site.late import Late, LateAsked
from services.publishing.site.owners import Patterns, patterns_asked
from services.publishing.site.pages import PATTERNS, Pages
from services.publishing.site.sorry import NotFoundError
from shared.contracts.identity import is_ours
from shared.runtime.charter import Charter

NO_PLACE = "There is no such place in the register."
NO_SUCH = "There is no such place, sector or state, or no such day, number or check."
NO_CHECK = "There is no such check, or it was withdrawn."


class Programs:
    """All raise HTTPException with words where something is asked for that there is not."""

    def __init__(self, handing: Handing, pages: Pages, charter: Charter) -> None:
        self._handing, self._pages = handing, pages
        self._places, self._sectors = charter.places, charter.sectors

    async def figures(self, place: str | None) -> Figures:
        self._require_known(place)
        render = partial(self._pages.figures, place)
        handed = await self._handing.told(f"/api/figures?place={place}", render)
        told = Figures.model_validate_json(handed.page.text)
        at, missing = handed.standing.of or told.as_of, handed.standing.missing
        return told.model_copy(update={"as_of": at, "whole": missing is None})

    async def due(self, check: str) -> DueExplained:
        if not is_ours(check):
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_CHECK)
        try:
            render = partial(self._pages.checks.due, check)
            handed = await self._handing.told(f"/api/checks/{check}/due", render)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_CHECK) from None
        return DueExplained.model_validate_json(handed.page.text)

    async def checks(self, given: Mapping[str, str], limit: int) -> ChecksTold:
        try:
            asked = checks_asked(given, self._places, self._sectors)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_SUCH) from None
        render = partial(self._pages.checks.as_json, asked, limit)
        handed = await self._handing.told(f"{API}?{asked}&{limit}", render)
        return ChecksTold.model_validate_json(handed.page.text)

    async def late(self, asked: LateAsked) -> Late:
        self._require_known(asked.place)
        render = partial(self._pages.late, asked)
        handed = await self._handing.told(f"/api/late?{asked}", render)
        return Late.model_validate_json(handed.page.text)

    async def patterns(self, given: Mapping[str, str]) -> Patterns:
        try:
            asked = patterns_asked(given, self._places, self._sectors)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_SUCH) from None
        render = partial(self._pages.of_patterns_as_json, asked)
        handed = await self._handing.told(f"/api{PATTERNS}?{asked}", render)
        return Patterns.model_validate_json(handed.page.text)

    def _require_known(self, place: str | None) -> None:
        if place is not None and place not in self._places:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_PLACE)
