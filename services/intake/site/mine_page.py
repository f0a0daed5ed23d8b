"""A member's own page: their beats and reports, and how often the words of these were shown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, ClassVar

from pydantic import BaseModel, StringConstraints
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.holding import Holding, NotTheCodeError
from services.intake.projections.own import NOTHING, Own
from services.intake.site.desk_words import STATES
from services.intake.site.naming import AnyName, report_id_of
from services.intake.site.openings_page import ROLE_NAMES
from services.intake.site.own import OwnIn
from shared.contracts.roles import MEMBER, Role
from shared.contracts.values import Id
from shared.eventsourcing.errors import TryLaterError
from shared.runtime.form_pages import FormPages
from shared.runtime.vault.holders import TooManyHeldError
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PATH = "/mine"
FILES_TO = "to"
"""The field that says to which report files are added."""
OpeningsOf = Callable[[list[str]], Awaitable[Mapping[str, Mapping[Role, int]]]]
NOT_THE_CODE = marked(
    "That is not the code of this report; or nothing of it is sealed, or it was erased, or who"
    " filed it was."
)
ENDED = ("refuted", "closed", "duplicate", "claimed")
"""States in which no file is added any more."""

TOO_MANY = marked("A hundred reports are here already. Take one off this page first.")


class Shown(BaseModel):
    report: AnyName
    code: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class TakenOff(BaseModel):
    report: Id


class MemberDesk(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "report": marked("Type the report's id, or its source and number with a slash between."),
        "code": marked("Type the code that you were given for it."),
        FILES_TO: marked("Choose a report."),
    }


@dataclass(frozen=True)
class OwnPages:
    """What a correspondent sees of themselves; with no `form` nobody has a pseudonym."""

    own: OwnIn
    form: str
    places: Mapping[str, str]
    sectors: Mapping[str, str]


class MinePage:
    """No address of it names a report: addresses are kept in browsers, and logged by proxies."""

    def __init__(
        self,
        desk: MemberDesk,
        holding: Holding,
        openings_of: OpeningsOf,
        pages: OwnPages | None = None,
    ) -> None:
        self.desk = desk
        self._holding = holding
        self._openings_of = openings_of
        self._pages = pages

    def routes(self) -> list[Route]:
        desk, own = self.desk, self.desk.guard.requires(MEMBER)
        off = own(desk.either(self.back, self.take_off))
        return [
            Route(PATH, own(desk.either(self.show, self.put)), methods=["GET", "POST"]),
            Route(f"{PATH}/off", off, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        try:
            return await self.page(request, {}, {}, HTTPStatus.OK)
        except TryLaterError:
            raise self.desk.not_just_now from None

    async def put(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        typed = desk.filled(Shown, fields)
        if isinstance(typed, dict):
            return await self.page(request, fields, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        report_id = report_id_of(typed.report)
        try:
            await self._holding.put(session_of(request).login_id, report_id, typed.code)
        except NotTheCodeError:
            wrong = {"code": NOT_THE_CODE}
            return await self.page(request, fields, wrong, HTTPStatus.FORBIDDEN)
        except TooManyHeldError:
            wrong = {"report": TOO_MANY}
            return await self.page(request, fields, wrong, HTTPStatus.CONFLICT)
        return desk.lead_saying(request, PATH, marked("The report is on this page now."))

    async def back(self, _: Request) -> Response:
        return self.desk.lead(PATH)

    async def take_off(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self.desk.filled(TakenOff, fields)
        if not isinstance(typed, dict):
            await self._holding.take_off(session_of(request).login_id, typed.report)
        return self.desk.lead_saying(request, PATH, marked("It is not on this page any more."))

    async def page(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Response:
        """A code that was typed does not stand there again. Raises TryLaterError."""
        say, login = self.desk.frame.language.gettext, session_of(request).login_id
        held, pages = await self._holding.of(login), self._pages
        own = await pages.own.of(login) if pages else NOTHING
        return self.desk.form(
            request,
            "mine.html",
            {name: fields.get(name, "") for name in ("report", FILES_TO)},
            errors,
            status,
            openings=await self._openings_of(held) if held else {},
            roles={role: say(text) for role, text in ROLE_NAMES.items()},
            own=own,
            to_add=self._takes_files(own, held),
            pseudonym=pages.own.belonging.pseudonym(login) if pages else "",
            form=pages.form if pages else "",
            places=pages.places if pages else {},
            sectors=pages.sectors if pages else {},
            states={state: say(text) for state, text in STATES.items()},
        )

    def _takes_files(self, own: Own, held: Sequence[str]) -> dict[str, str]:
        """Of those that are held nobody knows here how they stand."""
        language, pages = self.desk.frame.language, self._pages
        found: dict[str, str] = {}
        for each in own.reports:
            if pages and each["state"] not in ENDED:
                where = pages.places.get(each["place"], each["place"])
                what = pages.sectors.get(each["sector"], each["sector"])
                found[each["report_id"]] = f"{language.day(each['filed_at'])}: {what}, {where}"
        return found | {each: each[:8] for each in held if each not in found}
