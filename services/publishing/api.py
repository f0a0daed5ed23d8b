"""The addresses of the public site, and what programs may ask of it."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.publishing.projections.kept import By
from services.publishing.projections.register import State
from services.publishing.site.bulletin_pages import BULLETINS
from services.publishing.site.chart_pages import CHARTS
from services.publishing.site.check_pages import CHECKS
from services.publishing.site.checks import ON_A_PAGE, ChecksTold
from services.publishing.site.due import DueExplained
from services.publishing.site.figures import Figures
from services.publishing.site.late import MOST, Late, LateAsked, after_of
from services.publishing.site.owners import Patterns
from services.publishing.site.pages import OWNERS, PATTERNS
from services.publishing.site.question_pages import QUESTIONS
from services.publishing.site.site import Site
from services.publishing.site.story_pages import STORIES
from shared.contracts.values import MOST_TIERS
from shared.web.answers import ASK_AGAIN
from shared.web.direct import KeptRoute
from shared.web.problems import RESPONSES

MOST_CHECKS = 1_000


def routes(site: Site) -> list[BaseRoute]:
    """Everything under `/`; whatever is more special has to come before it."""
    return [
        KeptRoute("/", site.front),
        KeptRoute("/place/{code}", site.place),
        Route("/live", site.telling.changes),
        KeptRoute("/live/front", site.front_parts),
        KeptRoute("/live/place/{code}", site.place_parts),
        Route(CHECKS, site.checks),
        Route(f"{CHECKS}.csv", site.downloads.checks_as_csv),
        Route(f"{CHECKS}.ics", site.downloads.checks_as_calendar),
        Route("/checks/{check}", site.check),
        Route("/checks/{check}/{picture}.jpg", site.look),
        Route("/reports/{report}", site.report),
        Route("/reports/{report}/{picture}.jpg", site.picture),
        Route(STORIES, site.stories),
        Route(f"{STORIES}/{{story}}", site.story),
        Route(f"{STORIES}/{{story}}/{{number}}", site.story),
        Route(QUESTIONS, site.questions.listed),
        Route(f"{QUESTIONS}/{{question}}", site.questions.one),
        Route(BULLETINS, site.bulletins),
        Route(f"{BULLETINS}/share", site.share),
        Route(f"{BULLETINS}/share.csv", site.downloads.share_as_csv),
        Route(f"{BULLETINS}/{{number}}.txt", site.bulletin_aloud),
        Route(f"{BULLETINS}/{{number}}", site.bulletin),
        Route(OWNERS, site.owners),
        Route(f"{OWNERS}.csv", site.downloads.owners_as_csv),
        Route(PATTERNS, site.patterns),
        Route(f"{PATTERNS}.csv", site.downloads.patterns_as_csv),
        Route(CHARTS, site.charts),
        Route(f"{CHARTS}/{{chart}}.svg", site.downloads.chart_as_svg),
        Route(f"{CHARTS}/{{chart}}.csv", site.downloads.chart_as_csv),
        Route("/feed/{kind}.atom", site.downloads.feed),
        Route("/feed/{kind}/{archive}.atom", site.downloads.feed),
        Route("/feed/{kind}.json", site.downloads.json_feed),
        Route("/feed/{kind}/{archive}.json", site.downloads.json_feed),
        Route("/sitemap.xml", site.downloads.sitemap),
        *site.data.routes(),
        *site.preferences.routes(),
        *site.open311.routes(),
        Route("/{kind}", site.listing),
        Route("/{path:path}", site.nothing),
    ]


class ChecksQuery(BaseModel):
    """What is asked of the register; all of it where nothing is said."""

    owner: str | None = Field(None, max_length=300, description="by any of its names")
    place: str | None = Field(None, max_length=120, description="a place's code, with all in it")
    sector: str | None = Field(None, max_length=60)
    state: State | None = None
    first: date | None = Field(None, alias="from", description="the first due day")
    until: date | None = Field(None, description="the last due day")
    age: int | None = Field(None, ge=0, le=400_000, description="due at least so many days ago")
    tier: int | None = Field(None, ge=1, le=MOST_TIERS, description="the highest it was raised in")
    after: str | None = Field(None, max_length=60, description="from the answer before")
    limit: int = Field(ON_A_PAGE, ge=1, le=MOST_CHECKS)


class PatternsQuery(BaseModel):
    """Of checks due on some days, at a place and in a sector, or of all."""

    by: By = "place"
    place: str | None = Field(None, max_length=120, description="a place's code, with all in it")
    sector: str | None = Field(None, max_length=60)
    first: date | None = Field(None, alias="from", description="the first due day")
    until: date | None = Field(None, description="the last due day")
    after: str | None = Field(None, max_length=300, description="from the answer before")


def router(site: Site) -> APIRouter:
    """What programs can ask."""
    api = APIRouter(prefix="/api", tags=["What is public"], responses=RESPONSES)

    @api.head("/figures", include_in_schema=False)
    @api.get("/figures", summary="Figures of a place, or of all")
    async def figures(
        response: Response,
        place: Annotated[str | None, Query(max_length=120, description="a place's code")] = None,
    ) -> Figures:
        response.headers["Cache-Control"] = ASK_AGAIN
        return await site.programs.figures(place)

    @api.head("/checks", include_in_schema=False)
    @api.get("/checks", summary="The register of checks, by due day")
    async def checks(response: Response, asked: Annotated[ChecksQuery, Query()]) -> ChecksTold:
        response.headers["Cache-Control"] = ASK_AGAIN
        given = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
        limit = given.pop("limit")
        return await site.programs.checks({name: str(text) for name, text in given.items()}, limit)

    @api.head("/checks/{check}/due", include_in_schema=False)
    @api.get("/checks/{check}/due", summary="Why a check is due on its day")
    async def due(
        response: Response, check: Annotated[str, FromPath(description="the id of its page")]
    ) -> DueExplained:
        response.headers["Cache-Control"] = ASK_AGAIN
        return await site.programs.due(check)

    @api.head("/late", include_in_schema=False)
    @api.get("/late", summary="What was late on one day, as was public on another")
    async def late(
        response: Response,
        on: Annotated[date, Query(description="the day, at whose end it was late")],
        known: Annotated[
            date | None, Query(description="the day at whose end that was known; by default today")
        ] = None,
        place: Annotated[str | None, Query(max_length=120, description="a place's code")] = None,
        after: Annotated[str | None, Query(max_length=43, description="as an answer said")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    ) -> Late:
        response.headers["Cache-Control"] = ASK_AGAIN
        try:
            asked = LateAsked(on, known or date.max, place, after_of(after), limit)
        except ValueError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None
        return await site.programs.late(asked)

    @api.head("/patterns", include_in_schema=False)
    @api.get("/patterns", summary="How commitments were kept, by owner, place, sector or month")
    async def patterns(response: Response, asked: Annotated[PatternsQuery, Query()]) -> Patterns:
        response.headers["Cache-Control"] = ASK_AGAIN
        given = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
        return await site.programs.patterns(given)

    return api
