"""The coverage ledger as a page, as JSON and as rows for a spreadsheet, for the staff."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from http import HTTPStatus
from re import fullmatch

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.intake.covered import Cell, Figures, cells, children, without_any
from services.intake.site.staff_desk import StaffDesk
from shared.contracts.place import EVERYWHERE
from shared.contracts.roles import Role
from shared.runtime.charter import Charter
from shared.web.language import Marked, marked

PATH = "/coverage"
LOOK: tuple[Role, ...] = ("inspector", "editor", "operator", "auditor")
STATES: dict[str, Marked] = {
    "heard": marked("heard"),
    "silent": marked("silent"),
    "never heard": marked("never heard"),
    "no correspondent": marked("no correspondent"),
}
Within = Callable[[str, str], Awaitable[Sequence[Figures]]]
"""What is known of the beats of a place in a month."""


@dataclass(frozen=True)
class Asked:
    place: str
    month: str
    lines: list[Cell]


class CoveragePage:
    """Whoever knows who has which beat is told who fell silent, so it is for the staff alone."""

    def __init__(
        self, desk: StaffDesk, charter: Charter, within: Within, now: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._charter = charter
        self._within = within
        self._now = now

    def routes(self) -> list[Route]:
        look = self._desk.guard.requires(*LOOK)
        return [
            Route(PATH, look(self.show)),
            Route(f"{PATH}.json", look(self.as_json)),
            Route(f"{PATH}.csv", look(self.as_csv)),
        ]

    async def show(self, request: Request) -> Response:
        asked, charter = await self._asked(request), self._charter
        say = self._desk.frame.language.gettext
        return self._desk.form(
            request,
            "coverage.html",
            asked=asked,
            above=_above(asked.place, charter.places),
            places=charter.places,
            sectors=charter.sectors,
            states={state: say(text) for state, text in STATES.items()},
            lacking=without_any(charter.sectors, asked.lines),
        )

    async def as_json(self, request: Request) -> Response:
        asked = await self._asked(request)
        lines = [asdict(each) for each in asked.lines]
        lacking = without_any(self._charter.sectors, asked.lines)
        told = {"place": asked.place, "month": asked.month, "cells": lines}
        return JSONResponse(told | {"sectors_without_correspondents": lacking})

    async def as_csv(self, request: Request) -> Response:
        asked, text = await self._asked(request), io.StringIO()
        rows = csv.DictWriter(text, ["month", *(each.name for each in fields(Cell))])
        rows.writeheader()
        rows.writerows({"month": asked.month, **asdict(each)} for each in asked.lines)
        headers = {"Content-Disposition": f'attachment; filename="coverage-{asked.month}.csv"'}
        return Response(text.getvalue(), media_type="text/csv", headers=headers)

    async def _asked(self, request: Request) -> Asked:
        today = self._charter.language.on_day(self._now())
        place = request.query_params.get("place", EVERYWHERE)
        month = request.query_params.get("month", f"{today:%Y-%m}")
        is_month = fullmatch("(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", month)
        if place not in self._charter.places or not is_month or month > f"{today:%Y-%m}":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        found = await self._within(place, month)
        lines = list(cells(children(place, self._charter.places), found))
        return Asked(place, month, lines)


def _above(place: str, places: dict[str, str]) -> str | None:
    """The closest place of the charter in which it lies."""
    way = place.split(".")
    higher = (".".join(way[:length]) for length in range(len(way) - 1, 0, -1))
    return next(
        (each for each in higher if each in places), None if place == EVERYWHERE else EVERYWHERE
    )
