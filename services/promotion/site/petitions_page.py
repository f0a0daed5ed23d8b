"""The register of petitions, and the pages on which members start one and say where they live."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.promotion.petitions.doing import Wanted
from services.promotion.site.petition_desk import PATH, STATES, PetitionDesk, path_of
from services.promotion.site.petition_forms import Living, Started
from services.promotion.site.society_desk import typed_lines
from shared.contracts.roles import MEMBER
from shared.web.answers import NOT_KEPT
from shared.web.guard import session_of
from shared.web.language import marked
from shared.web.paging import Paged, paged

AS_JSON = f"{PATH}.json"
SHOWN = 50
BOTH = ["GET", "POST"]
START, HOME = "petition-start.html", "petition-home.html"
STARTED = marked("It has begun. Tell others of this page.")
NOTED = marked("It is written down. You can sign what begins once it was known long enough.")


@dataclass(frozen=True)
class PetitionsPage:
    desk: PetitionDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own = forms.guard.requires(MEMBER)
        return [
            Route(PATH, self.show),
            Route(AS_JSON, self.as_json),
            Route(f"{PATH}/start", own(forms.either(self.ask, self.start)), methods=BOTH),
            Route(f"{PATH}/home", own(forms.either(self.ask_home, self.say_home)), methods=BOTH),
        ]

    async def _page(self, request: Request, path: str) -> Paged:
        typed = request.query_params.get("before", "")
        is_number = typed.isascii() and typed.isdigit() and int(typed) < 2**53
        before = int(typed) if is_number else None
        found = await self.desk.newest(before, SHOWN + 1)
        return paged(found, SHOWN, path, before, "sequence")

    async def as_json(self, request: Request) -> Response:
        """The same for programs; `older` is where it goes on, if it does."""
        page = await self._page(request, AS_JSON)
        told = [self._plain(each) for each in await self.desk.told(page.rows)]
        root, older = self.desk.forms.frame.sites.root, page.older
        return JSONResponse({"petitions": told, "older": older and root + older}, 200, NOT_KEPT)

    def _plain(self, told: dict[str, Any]) -> dict[str, Any]:
        """`name` is null where it was taken back, and `answer_due` while none is owed."""
        on_day, due = self.desk.forms.frame.language.on_day, told.pop("due_at")
        days = {
            "until": on_day(told["until"]).isoformat(),
            "answer_due": on_day(due).isoformat() if due else None,
        }
        return told | {"name": told["name"] or None} | days

    async def show(self, request: Request) -> Response:
        desk, say = self.desk, self.desk.forms.frame.language.gettext
        page = await self._page(request, PATH)
        session = desk.forms.guard.who(request)
        return desk.forms.form(
            request,
            "petitions.html",
            petitions=await desk.told(page.rows),
            states={state: say(text) for state, text in STATES.items()},
            places=desk.places,
            sectors=desk.sectors,
            newest=page.newest,
            older=page.older,
            as_json=AS_JSON,
            has_petitions=desk.petitions.terms.owner is not None,
            is_member=session is not None and session.holder == MEMBER,
        )

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {}, {})

    async def _asking(self, request: Request, fields: Any, errors: Any) -> Response:
        mine = await self.desk.of_login(session_of(request).login_id)
        return self.desk.asking(request, START, fields, errors, societies=mine)

    async def start(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "text")
        typed = desk.forms.filled(Started, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed)
        known = {"place": desk.open_places(), "sector": desk.sectors}
        given = typed.model_dump()
        wrong = [field for field, names in known.items() if given[field] not in names]
        if wrong:
            errors = {field: desk.forms.words[field] for field in wrong}
            return await self._asking(request, fields, errors)
        session = session_of(request)
        wanted = Wanted(typed.name, typed.text, typed.place, typed.sector, typed.society)
        petition_id = await desk.forms.done(desk.petitions.start(session, typed.once, wanted))
        return desk.forms.lead_saying(request, path_of(petition_id), STARTED)

    async def ask_home(self, request: Request) -> Response:
        return await self._asking_home(request, {}, {})

    async def _asking_home(self, request: Request, fields: Any, errors: Any) -> Response:
        desk = self.desk
        lives = await desk.petitions.lives(session_of(request).login_id)
        typed = fields or ({"place": lives.home} if lives else {})
        return desk.asking(request, HOME, typed, errors, places=desk.places)

    async def say_home(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        typed = desk.forms.filled(Living, fields)
        if isinstance(typed, dict):
            return await self._asking_home(request, fields, typed)
        if typed.place not in desk.places:
            wrong = {"place": desk.forms.words["place"]}
            return await self._asking_home(request, fields, wrong)
        await desk.forms.done(desk.petitions.say_home(session_of(request), typed.place))
        return desk.forms.lead_saying(request, PATH, NOTED)
