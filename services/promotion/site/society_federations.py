"""The page on which who looks after a society asks federations, and admits those that ask it."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.projections import federations
from services.promotion.site.society_desk import PATH, SocietyDesk, path_of
from services.promotion.site.society_forms import OfFederation
from services.promotion.site.society_listed import told
from services.promotion.societies.federating import Federating
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

DONE = marked("It is written down.")


@dataclass(frozen=True)
class FederationPages:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        both = forms.guard.requires(MEMBER)(forms.either(self.ask, self.give))
        return [Route(f"{PATH}/{{society}}/federations", both, methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {}, {})

    async def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        desk = self.desk
        society_id, society = await desk.one(request)
        rows = desk.rows
        return desk.asking_of(
            request,
            society_id,
            "society-federations.html",
            fields,
            errors,
            above=await told(desk, await rows.some(sorted(society.federations))),
            asked=await told(desk, await rows.some(sorted(society.asked))),
            asking=await told(desk, await rows.members_of(society_id, federations.ASKED)),
            its=await told(desk, await rows.members_of(society_id, federations.IN)),
        )

    async def give(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        society_id, _ = await desk.one(request)
        typed = desk.forms.filled(OfFederation, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed)
        federating = Federating(desk.societies)
        does = {
            "ask": federating.ask,
            "leave": federating.leave,
            "admit": federating.admit,
            "part": federating.part,
        }
        session = session_of(request)
        await desk.forms.done(does[typed.what](session, society_id, typed.other))
        return desk.forms.lead_saying(request, path_of(society_id), DONE)
