"""The page on which somebody takes back what they wrote for a society, one by one."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.site.society_desk import PATH, SocietyDesk, path_of
from services.promotion.site.society_forms import Taken
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

TAKEN_BACK = marked("It is taken back, and gone.")
BOTH = ["GET", "POST"]


@dataclass(frozen=True)
class OwnWordsPages:
    """Also for who has left: the words are theirs."""

    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own = forms.guard.requires(MEMBER)
        return [
            Route(
                f"{PATH}/{{society}}/own", own(forms.either(self.ask, self.take_back)), methods=BOTH
            )
        ]

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {})

    async def _asking(self, request: Request, errors: dict[str, Marked]) -> Response:
        society_id, society = await self.desk.one(request)
        mine = await self.desk.societies.own(session_of(request), society_id)
        return self.desk.asking_of(
            request, society_id, "society-own.html", {}, errors, mine=mine, current=society.words
        )

    async def take_back(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        society_id, _ = await desk.one(request)
        typed = desk.forms.filled(Taken, fields)
        if isinstance(typed, dict):
            return await self._asking(request, typed)
        await desk.societies.take_back(session_of(request), typed.words)
        return desk.forms.lead_saying(request, path_of(society_id, "own"), TAKEN_BACK)
