"""The desk of inspectors: the list of reports, cut as they like, and the same as CSV."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.projections.on_desk import Cut
from services.intake.site.desk_words import STATES
from services.intake.site.staff_desk import AT_DESK, StaffDesk
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.projections.read_model import Row
from shared.web.answers import NOT_KEPT
from shared.web.csv_cells import harmless
from shared.web.paging import address

PATH, AS_CSV = "/desk", "/desk.csv"
SHOWN, AT_MOST = 50, 10_000
COLUMNS = (
    "report_id",
    "source",
    "source_id",
    "place",
    "sector",
    "state",
    "filed_at",
    "corroborated",
    "head",
    "files",
)

Code = Annotated[str, StringConstraints(max_length=120)]
Days = Annotated[int, Field(ge=1, le=36_500)]


class Typed(BaseModel):
    """What stands in the address; `older` and `newer` are ages in days."""

    place: Code = ""
    sector: Code = ""
    state: Code = ""
    older: Days | None = None
    newer: Days | None = None
    witnesses: Annotated[int, Field(ge=0, le=1_000)] = 0
    files: Literal["", "yes"] = ""
    before: UtcInstant | None = None
    than: Id | None = None

    def cut(self, now: datetime) -> Cut:
        behind = (self.before, self.than) if self.before and self.than else None
        return Cut(
            self.place,
            self.sector,
            self.state,
            now - timedelta(days=self.newer) if self.newer else None,
            now - timedelta(days=self.older) if self.older else None,
            self.witnesses,
            behind,
            bool(self.files),
        )


@dataclass(frozen=True)
class DeskList:
    """`places` and `sectors` are names by code; `listed` gives so many rows at most."""

    desk: StaffDesk
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    listed: Callable[[Cut, int], Awaitable[Sequence[Row]]]
    now: Callable[[], datetime]

    def routes(self) -> list[Route]:
        look = self.desk.guard.requires(*AT_DESK)
        return [Route(PATH, look(self.show)), Route(AS_CSV, look(self.as_csv))]

    async def show(self, request: Request) -> Response:
        """What is no such filter is none."""
        typed = _typed(request)
        found = await self.listed(typed.cut(self.now()), SHOWN + 1)
        rows, say = found[:SHOWN], self.desk.frame.language.gettext
        asked = typed.model_dump(exclude_defaults=True, exclude={"before", "than"})
        older = ""
        if len(found) > SHOWN:
            last = rows[-1]
            at = {"before": last["filed_at"].isoformat(), "than": last["report_id"]}
            older = address(PATH, **asked, **at)
        return self.desk.form(
            request,
            "desk-list.html",
            {name: str(value) for name, value in asked.items()},
            reports=rows,
            places=self.places,
            sectors=self.sectors,
            states={state: say(text) for state, text in STATES.items()},
            older=older,
            newest=address(PATH, **asked) if typed.before else "",
            as_csv=address(AS_CSV, **asked),
            here=address(PATH, **typed.model_dump(mode="json", exclude_defaults=True)),
        )

    async def as_csv(self, request: Request) -> Response:
        found = await self.listed(_typed(request).cut(self.now()), AT_MOST)
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows([_cell(row[column]) for column in COLUMNS] for row in found)
        headers = NOT_KEPT | {"Content-Disposition": 'attachment; filename="desk.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _typed(request: Request) -> Typed:
    given = {name: text for name, text in request.query_params.items() if text}
    try:
        return Typed.model_validate(given)
    except ValidationError as wrong:
        odd = {str(each["loc"][0]) for each in wrong.errors()}
        return Typed.model_validate({k: v for k, v in given.items() if k not in odd})


def _cell(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value or "")
    return harmless(text)
