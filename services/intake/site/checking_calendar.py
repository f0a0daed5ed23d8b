"""What a checker is asked to check, and until when, as a calendar that they take along."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_lot import ByLot
from services.intake.site.checking_page import PATH, CheckerForms, Shown
from shared.contracts.roles import MEMBER
from shared.eventsourcing.projections.read_model import Row
from shared.web.answers import NOT_KEPT
from shared.web.calendars import MEDIA_TYPE, Entry, as_calendar
from shared.web.guard import session_of
from shared.web.language import Marked, marked

AT = f"{PATH}/calendar.ics"
AS_A_FILE = 'attachment; filename="checking.ics"'
TO_DO: Mapping[str, Marked] = {
    "asked": marked("Say whether you will look: %(task)s, %(place)s"),
    "accepted": marked("Look, and say what you found: %(task)s, %(place)s"),
}
"""By the state of a seat, in their order: accepted takes the place of asked."""


class CheckingCalendar:
    """Behind their session, as their page is: nobody is told who was drawn, and an address that
    opens without one lies with whoever keeps calendars. It names no check."""

    def __init__(self, forms: CheckerForms, by_lot: ByLot, shown: Shown) -> None:
        self._forms = forms
        self._by_lot = by_lot
        self._shown = shown

    def routes(self) -> list[Route]:
        return [Route(AT, self._forms.guard.requires(MEMBER)(self.calendar))]

    async def calendar(self, request: Request) -> Response:
        login, frame = session_of(request).login_id, self._forms.frame
        who = await self._by_lot.person_of(login)
        seats = (await self._shown.of(who)).seats if who else ()
        title = f"{frame.house.name} – {frame.language.gettext(marked('What I am asked to check'))}"
        entries = sorted(self._entries(login, seats), key=lambda entry: entry.at)
        text = as_calendar(title, "What is to be checked", entries, self._by_lot.clock.now())
        headers = NOT_KEPT | {"Content-Disposition": AS_A_FILE}
        return Response(text, headers=headers, media_type=MEDIA_TYPE)

    def _entries(self, login: str, seats: Any) -> Iterator[Entry]:
        frame, states = self._forms.frame, list(TO_DO)
        for seat in seats:
            if seat["about"] and seat["until"] and seat["state"] in TO_DO:
                known_as = self._by_lot.calls_in_calendar(login, seat["checking_id"])
                told = frame.language.gettext(TO_DO[seat["state"]], **self._about(seat["about"]))
                url = f"{frame.sites.base.rstrip('/')}{PATH}"
                yield Entry(
                    f"{known_as}@checking.tribune",
                    seat["until"],
                    told,
                    url,
                    states.index(seat["state"]),
                )

    def _about(self, about: Row) -> Mapping[str, str]:
        where = self._shown.places.get(about["place"], about["place"])
        return {"task": about["task"], "place": where}
