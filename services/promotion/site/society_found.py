"""The pages on which members found a society, word it anew, and say what it held."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.site.society_desk import PATH, SocietyDesk, path_of, typed_lines
from services.promotion.site.society_forms import PLACES, SECTORS, Activity, Founded, Worded
from services.promotion.site.society_listed import told
from services.promotion.societies.doing import Held
from shared.contracts.roles import MEMBER
from shared.eventsourcing.projections.read_model import Row
from shared.web.guard import session_of
from shared.web.language import Marked, marked

FOUNDED = marked("It is founded, and you lead it. Tell others of this page.")
HELD = marked("It is written down.")
REWORDED = marked("These are its words now.")
BOTH = ["GET", "POST"]
ALIKE = 5
WORDS, HELD_FORM = "society-words.html", "society-held.html"


@dataclass(frozen=True)
class FoundingPages:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own, one = forms.guard.requires(MEMBER), f"{PATH}/{{society}}"
        return [
            Route(f"{PATH}/found", own(forms.either(self.ask, self.found)), methods=BOTH),
            Route(f"{one}/words", own(forms.either(self.ask_words, self.reword)), methods=BOTH),
            Route(f"{one}/held", own(forms.either(self.ask_held, self.hold)), methods=BOTH),
        ]

    async def ask(self, request: Request) -> Response:
        return self.desk.asking(request, "society-found.html", {}, {})

    async def found(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "cause")
        typed = desk.forms.filled(Founded, fields)
        wrong = typed if isinstance(typed, dict) else self._unknown(typed)
        if isinstance(typed, dict) or wrong:
            return desk.asking(request, "society-found.html", fields, wrong)
        where, about = typed.chosen(PLACES), typed.chosen(SECTORS)
        session = session_of(request)
        is_new = not typed.seen and not await desk.societies.is_founded(session, typed.once)
        if is_new and (alike := await self._alike(typed, where, about)):
            fields = fields | {"seen": "yes"}
            return desk.asking(request, "society-found.html", fields, {}, alike=alike)
        society_id = await desk.forms.done(
            desk.societies.found(session, typed.once, typed.charter, where, about)
        )
        return desk.forms.lead_saying(request, path_of(society_id), FOUNDED)

    async def _alike(self, typed: Founded, where: list[str], about: list[str]) -> list[Row]:
        """Who else cares about this is told before there is one more."""
        said = f"{typed.name}\n{typed.cause}\n{typed.tags}"
        return await told(self.desk, (await self.desk.directory.alike(said, where, about))[:ALIKE])

    def _unknown(self, typed: Founded) -> dict[str, Marked]:
        given = typed.model_dump()
        places, sectors = ({each: given[each] for each in some} for some in (PLACES, SECTORS))
        desk = self.desk
        return desk.unknown(places, desk.places) | desk.unknown(sectors, desk.sectors)

    async def ask_words(self, request: Request) -> Response:
        """With what stands there, if it does."""
        society_id, society = await self.desk.one(request)
        said = (await self.desk.societies.said([society.words])).get(society.words)
        fields = (
            {"name": said.name, "cause": said.text, "tags": ", ".join(said.tags)} if said else {}
        )
        return self.desk.asking_of(request, society_id, WORDS, fields, {})

    async def reword(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "cause")
        society_id, _ = await desk.one(request)
        typed = desk.forms.filled(Worded, fields)
        if isinstance(typed, dict):
            return desk.asking_of(request, society_id, WORDS, fields, typed)
        session = session_of(request)
        await desk.forms.done(desk.societies.reword(session, society_id, typed.once, typed.charter))
        return desk.forms.lead_saying(request, path_of(society_id), REWORDED)

    async def ask_held(self, request: Request) -> Response:
        society_id, _ = await self.desk.one(request)
        return self.desk.asking_of(request, society_id, HELD_FORM, {}, {})

    async def hold(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "what")
        society_id, _ = await desk.one(request)
        typed = desk.forms.filled(Activity, fields)
        if isinstance(typed, dict):
            return desk.asking_of(request, society_id, HELD_FORM, fields, typed)
        if wrong := desk.unknown({"place": typed.place}, desk.places):
            return desk.asking_of(request, society_id, HELD_FORM, fields, wrong)
        held = Held(typed.what, typed.place, typed.on, typed.came)
        session = session_of(request)
        await desk.forms.done(desk.societies.hold(session, society_id, typed.once, held))
        return desk.forms.lead_saying(request, path_of(society_id), HELD)
