"""A checker's finding as it is typed, with a point and pictures, also where a browser kept it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from services.intake.by_lot import ByLot, Found
from services.intake.files.uploading import OF_FINDING, BusyError
from services.intake.site.with_files import (
    ATTACHED,
    NOT_TAKEN,
    FormsWithFiles,
    keep_named,
    why_left_out,
    why_not_taken,
)
from shared.contracts.checking import Verdict
from shared.contracts.point import read, written
from shared.contracts.values import Day, Id, Place, Prose
from shared.eventsourcing.errors import DomainError, LogFullError
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked
from shared.web.parts import InParts

NOON = time(12)
LONGEST_NAMES = 1_000
NORTH, EAST = 90, 180


def _point(given: object) -> object:
    """Degrees as somebody types them."""
    text = "".join(str(given).split())
    point = read(text) if text else None
    if text and (point is None or abs(point.latitude) > NORTH or abs(point.longitude) > EAST):
        raise ValueError
    return text


class OfOne(BaseModel):
    checking: Id


class Finding(OfOne):
    """`attached` are pictures, by the names under which they were uploaded, `pictures_for` who may
    see them."""

    verdict: Verdict
    words: Annotated[Prose, StringConstraints(min_length=1, strip_whitespace=True)]
    place: Place
    seen_on: Day
    rests_on: Annotated[int, Field(ge=0)]
    point: Annotated[str, BeforeValidator(_point)] = ""
    attached: Annotated[str, StringConstraints(max_length=LONGEST_NAMES)] = ""
    pictures_for: Literal["body", "all"] = "body"


def found_of(typed: Finding, now: datetime, zone: ZoneInfo, decimals: int) -> Found:
    """At noon of the day that was typed, and not later than `now` on its own day."""
    at = datetime.combine(typed.seen_on, NOON, zone).astimezone(UTC)
    seen_at = min(at, now) if typed.seen_on == now.astimezone(zone).date() else at
    point = read(typed.point)
    stood = written(point.rounded(decimals)) if point else ""
    names = tuple(typed.attached.split())
    seen = typed.verdict, typed.words, typed.place, seen_at, typed.rests_on
    return Found(*seen, stood, names, may_be_shown=typed.pictures_for == "all")


Take = Callable[[Request, dict[str, str], InParts], Awaitable[Response]]
Away = Callable[[Request, dict[str, str], Marked], Awaitable[Response]]


class Pictures:
    """Reads what is sent, and what comes with it."""

    def __init__(self, forms: FormPages, by_lot: ByLot) -> None:
        self._forms = forms
        self._by_lot = by_lot

    def taking(self, take: Take, away: Away) -> Callable[[Request], Awaitable[Response]]:
        """`away` answers where pictures can't be taken in just now."""

        async def answer(request: Request) -> Response:
            forms, fields = self._forms, dict[str, str]()
            posted = FormsWithFiles(forms.frame.forms, self._by_lot.uploads).posted(request)
            try:
                async with posted as (fields, found):
                    return await take(request, fields, found)
            except (BusyError, LogFullError) as error:
                typed = dict(error.texts) if isinstance(error, BusyError) else fields
                return await away(request, typed, why_not_taken(error))
            except NOT_TAKEN:
                raise forms.not_just_now from None
            except DomainError:
                raise forms.not_possible from None

        return answer

    async def uploaded(
        self, login: str, fields: dict[str, str], found: InParts
    ) -> dict[str, Marked]:
        """They are kept whatever is wrong with the rest; what is wrong with them."""
        if fields.pop("leave_out", ""):
            fields[ATTACHED] = ""
        if not (found.files or found.left_out):
            return {}
        before = len(fields.get(ATTACHED, "").split())
        taken = await self._by_lot.take_pictures(login, found, before)
        keep_named(fields, taken)
        return why_left_out(found, taken.wrong, OF_FINDING.many)
