"""Findings that a checker's browser kept where there was no network, and what it shows there."""

from http import HTTPStatus
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.intake.by_lot import ByLot
from services.intake.domain.finding import MovedOnError
from services.intake.site.checking_page import (
    PATH,
    TROUBLES,
    VERDICTS,
    CheckerForms,
    CheckingPage,
)
from services.intake.site.finding_form import Finding
from services.intake.site.with_files import ATTACHED
from shared.contracts.roles import MEMBER
from shared.contracts.values import Line
from shared.eventsourcing.projections.read_model import Row
from shared.web.answers import ASK_AGAIN, NOT_KEPT
from shared.web.guard import session_of
from shared.web.headers import ASKS_WHERE, PERMISSIONS
from shared.web.language import Marked, marked
from shared.web.parts import InParts

NOT_THEIRS = marked("It was kept by somebody else, or nobody is to check it any more.")


class KeptFinding(Finding):
    """`mark` tells whose browser kept it; `confirmed` that it is to be kept although it counts for
    nothing."""

    mark: Line
    confirmed: Literal["", "yes"] = ""


class KeptFindings:
    """`AWAY` has nothing that was made for anybody, so a browser may keep it; answers are read by a
    script."""

    def __init__(self, forms: CheckerForms, by_lot: ByLot, page: CheckingPage) -> None:
        self._forms = forms
        self._by_lot = by_lot
        self._page = page

    def routes(self) -> list[Route]:
        own, here = self._forms.guard.requires(MEMBER), f"{PATH}/finding/kept"
        take = own(self._page.pictures.taking(self.take, self._not_now))
        return [
            Route(f"{PATH}/away", self.away),
            Route(f"{PATH}/worker.js", self.worker),
            Route(here, take, methods=["POST"]),
        ]

    async def away(self, request: Request) -> Response:
        facts = self._page.facts() | {"errors": {}}
        page = self._forms.frame.page(request, "checking-away.html", HTTPStatus.OK, **facts)
        page.headers[PERMISSIONS] = ASKS_WHERE
        return page

    async def worker(self, _: Request) -> Response:
        """Of the page itself, too, and not only of what lies below it."""
        frame = self._forms.frame
        headers = {
            "Service-Worker-Allowed": f"{frame.sites.root}{PATH}",
            "Cache-Control": ASK_AGAIN,
        }
        asset = frame.assets["checking-worker.js"]
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    async def _not_now(self, _: Request, __: dict[str, str], why: Marked) -> Response:
        return self._told(HTTPStatus.SERVICE_UNAVAILABLE, why)

    async def take(self, request: Request, fields: dict[str, str], files: InParts) -> Response:
        """422 where something is to be mended, 404 where it is not theirs, 409 where the checking
        went on: with both states, and nothing was written down until that is confirmed."""
        typed = self._forms.filled(KeptFinding, fields)
        errors = typed if isinstance(typed, dict) else self._page.wrong(typed)
        if isinstance(typed, dict) or errors:
            return self._told(HTTPStatus.UNPROCESSABLE_ENTITY, next(iter(errors.values())))
        login = session_of(request).login_id
        is_theirs = typed.mark == self._by_lot.mark(login, typed.checking)
        seat = await self._page.seat(login, typed.checking) if is_theirs else None
        if seat is None:
            return self._told(HTTPStatus.NOT_FOUND, NOT_THEIRS)
        if wrong := await self._page.pictures.uploaded(login, fields, files):
            return self._told(HTTPStatus.UNPROCESSABLE_ENTITY, next(iter(wrong.values())))
        found = self._page.found(typed.model_copy(update={ATTACHED: fields.get(ATTACHED, "")}))
        confirmed = typed.confirmed == "yes"
        try:
            await self._by_lot.find(login, typed.checking, found, confirmed=confirmed)
        except MovedOnError:
            return self._moved_on(typed, seat)
        except tuple(TROUBLES) as trouble:
            return self._told(HTTPStatus.UNPROCESSABLE_ENTITY, TROUBLES[type(trouble)])
        return self._told(HTTPStatus.OK, marked("Your finding is written down."))

    def _moved_on(self, typed: KeptFinding, seat: Row) -> Response:
        say, about = self._forms.frame.language.gettext, seat["about"]
        told = say(
            marked("It went on meanwhile. Sent all the same, your finding counts for nothing.")
        )
        if about["verdict"]:
            verdict = say(VERDICTS[about["verdict"]])
            told += " " + say(marked("The verdict is: %(verdict)s.")) % {"verdict": verdict}
        states = {"rests_on": typed.rests_on, "stands_at": about["stands_at"]}
        of_both = states | {"found": typed.verdict, "verdict": about["verdict"], "told": told}
        return JSONResponse(of_both, HTTPStatus.CONFLICT, NOT_KEPT)

    def _told(self, status: int, text: Marked) -> Response:
        told = {"told": self._forms.frame.language.gettext(text)}
        return JSONResponse(told, status, NOT_KEPT)
