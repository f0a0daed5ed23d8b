"""The page on which anybody reports something, and is given a code for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.belonging import Belonging
from services.intake.corroborating import TooManyStrangersError
from services.intake.domain.course import OwnReportError
from services.intake.files.uploading import BusyError, Uploads
from services.intake.site.finding_places import places_called
from services.intake.site.report_files import ReportFiles
from services.intake.site.report_form import ReportForms, Typed
from services.intake.site.report_map import DO, POINT, ReportMap
from services.intake.site.seen_before import SeenBefore
from services.intake.site.seen_page import OWN
from services.intake.site.with_files import (
    GONE,
    NOT_JUST_NOW,
    NOT_TAKEN,
    TOO_MANY,
    FormsWithFiles,
    why_not_taken,
)
from services.intake.trail.filing import Filed, Filing, Told
from services.intake.trail.typed import MOST_SIGNS
from shared.contracts.point import read
from shared.contracts.receipt import Refused
from shared.eventsourcing.errors import DomainError, RefusedAppendError, TryLaterError
from shared.eventsourcing.projections.read_model import Row
from shared.web.language import Marked, marked
from shared.web.lines import plain_lines
from shared.web.turns import NoTurnError

PATH = "/report"
NONE = "none"
FIND = "find"
LONG_LIST = 8
NOT_CALLED_SO = marked("No place is called so. All of them are in the list.")


@dataclass(frozen=True)
class ReportPage:
    """`places` and `sectors` are names by code; `known_to` is what the charter proposes. With
    `before` people are asked first whether it was reported already; with `drawn` they may show the
    place on a map. With `belonging` the report of a member who has signed in carries their
    pseudonym, unless they say no."""

    forms: ReportForms
    filing: Filing
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    known_to: str
    before: SeenBefore | None = None
    drawn: ReportMap | None = None
    belonging: Belonging | None = None
    uploads: Uploads | None = None

    @property
    def _files(self) -> ReportFiles:
        return ReportFiles(self.filing, self.uploads)

    def routes(self) -> list[Route]:
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """What was uploaded is kept whatever is wrong with the rest: nobody can fill that in
        again for whoever chose it."""
        if request.method != "POST":
            return await self.ask(request)
        fields: dict[str, str] = {}
        posted = FormsWithFiles(self.forms.frame.forms, self.uploads).posted(request)
        try:
            async with posted as (fields, found):
                wrong = await self._files.uploaded(fields, found)
        except NOT_TAKEN as error:
            typed = dict(error.texts) if isinstance(error, BusyError) else fields
            return await self._asking(request, typed, {"files": why_not_taken(error)}, _AWAY)
        except DomainError:
            raise self.forms.not_possible from None
        if wrong:
            return await self._asking(request, fields, wrong)
        return await self.take(request, fields)

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {}, {})

    async def take(self, request: Request, fields: dict[str, str]) -> Response:
        """The answer itself tells the code, so that no address leads to it."""
        fields["text"] = plain_lines(fields.get("text", ""))
        if self.drawn and self.drawn.pressed(fields):
            return await self._asking(request, *self.drawn.changed(fields), done=fields.get(DO, ""))
        if fields.get(DO) == FIND:
            return await self._found(request, fields)
        typed = self.forms.filled(Typed, fields)
        wrong = typed if isinstance(typed, dict) else self._unknown(typed)
        if not isinstance(typed, dict) and self._files.is_over(typed.attached.split()):
            fields["attached"], wrong = "", {**wrong, "files": GONE}
        if isinstance(typed, dict) or wrong:
            return await self._asking(request, fields, wrong)
        if self.before and typed.same != NONE and (asked := await self._before(request, typed)):
            return asked
        try:
            if not await self._files.are_kept(typed.once, typed.attached.split()):
                fields["attached"] = ""
                return await self._asking(request, fields, {"files": GONE})
            filed = await self.filing.file(typed.once, self._to_file(request, typed))
        except (TryLaterError, RefusedAppendError, OSError, TimeoutError):
            return await self._asking(request, fields, {"text": NOT_JUST_NOW}, _AWAY)
        except NoTurnError:
            return await self._asking(request, fields, {"text": TOO_MANY}, _AWAY)
        return self._filed(request, filed)

    async def _before(self, request: Request, typed: Typed) -> Response | None:
        """None if nothing that is public is like it: then it is sent."""
        before = self.before
        assert before is not None  # noqa: S101  it was looked at
        point = read(typed.point) if self.drawn else None
        found = await before.found(typed.once, typed.place, typed.sector, point)
        if row := found.get(typed.same):
            who = self.forms.guard.who(request) if typed.is_named else None
            try:
                await before.seen_too(typed.once, row["report_id"], who)
            except TooManyStrangersError:
                return await self._asking(request, typed.model_dump(), {"text": TOO_MANY}, _AWAY)
            except OwnReportError:
                return await self._asking(request, typed.model_dump(), {"text": OWN})
            except DomainError:
                raise self.forms.not_possible from None
            return self.forms.form(request, "seen-too.html")
        fields = typed.model_dump()
        options = {name: self._told(row) for name, row in found.items()}
        say = self.forms.frame.language.gettext
        options[NONE] = say(marked("None of these: send mine"))
        return self.forms.form(request, "alike.html", fields, options=options) if found else None

    def _told(self, row: Row) -> str:
        """Never what was written in it."""
        language = self.forms.frame.language
        where = f"{self.sectors[row['sector']]}, {self.places.get(row['place'], row['place'])}"
        day = language.day(row["filed_at"])
        times = row["corroborated"]
        seen = language.ngettext("seen by %(num)s more", "seen by %(num)s more", times)
        return f"{where}, {day}" + (f", {seen % {'num': times}}" if times else "")

    def _unknown(self, typed: Typed) -> dict[str, Marked]:
        known = {"place": typed.place in self.places, "sector": typed.sector in self.sectors}
        wrong = {field: self.forms.words[field] for field, is_one in known.items() if not is_one}
        return wrong or (self.drawn.wrong(typed.place, read(typed.point)) if self.drawn else {})

    async def _found(self, request: Request, fields: Mapping[str, str]) -> Response:
        """If it is one place, it is chosen; what was chosen before stays otherwise."""
        named = places_called(fields.get(FIND, ""), self.places)
        if not named:
            return await self._asking(request, fields, {FIND: NOT_CALLED_SO}, HTTPStatus.OK)
        chosen = {"place": next(iter(named))} if len(named) == 1 else {}
        return await self._asking(request, {**fields, **chosen}, {}, done=FIND)

    def _listed(self, fields: Mapping[str, str]) -> dict[str, str]:
        """With what is chosen, whatever is searched."""
        named = places_called(fields.get(FIND, ""), self.places) or self.places
        chosen = fields.get("place", "")
        return _sorted({**named, **{each: self.places[each] for each in {chosen} & {*self.places}}})

    async def _asking(
        self,
        request: Request,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
        done: str = "",
    ) -> Response:
        """`done` is the button that was pressed on the way: it is where they go on."""
        once = fields.get("once", "") if "once" not in errors else ""
        drawn = self.drawn
        sheet = await asyncio.to_thread(drawn.drawn, fields, self.places) if drawn else None
        return self.forms.form(
            request,
            "report.html",
            {"known_to": self.known_to, **fields},
            errors,
            status if errors else HTTPStatus.OK,
            once=once or token_hex(16),
            kept=len(fields.get("attached", "").split()),
            with_files=self.uploads is not None,
            places=self._listed(fields),
            long_list=len(self.places) > LONG_LIST,
            sheet=sheet,
            is_member=self._member(request) is not None,
            done=done or (POINT if drawn and drawn.pressed(fields) else ""),
            sectors=_sorted(self.sectors),
            most=MOST_SIGNS,
        )

    def _member(self, request: Request) -> str | None:
        """The login of a member who has signed in, where it means something."""
        who = self.forms.guard.who(request) if self.belonging else None
        return who.login_id if who is not None and who.holder == "member" else None

    def _to_file(self, request: Request, typed: Typed) -> Told:
        login = self._member(request) if typed.is_named else None
        return Told(
            place=typed.place,
            sector=typed.sector,
            text=typed.text,
            confidential=typed.known_to == "body",
            point=read(typed.point) if self.drawn else None,
            attachments=tuple(typed.attached.split()),
            correspondent=self.belonging.pseudonym(login) if login and self.belonging else None,
        )

    def _filed(self, request: Request, filed: Filed) -> Response:
        receipt = filed.receipt
        refused = receipt.problem.detail if isinstance(receipt, Refused) else ""
        again = not isinstance(receipt, Refused) and receipt is not None and receipt.duplicate
        return self.forms.form(
            request,
            "filed.html",
            code=filed.code,
            refused=refused,
            again=again,
            waits=receipt is None,
        )


_AWAY = HTTPStatus.SERVICE_UNAVAILABLE


def _sorted(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
