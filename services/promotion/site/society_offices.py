"""The page on which who leads a society gives offices, hands over, and says who follows."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.society import (
    GiveOffice,
    HandOverLead,
    RuleSuccession,
    TakeOffice,
)
from services.promotion.domain.society_state import Society
from services.promotion.site.society_desk import PATH, SocietyDesk, path_of
from services.promotion.site.society_forms import OfficeOf, Rule
from services.promotion.site.society_page import OFFICES
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

DONE = marked("It is written down.")
WHATS: dict[str, Marked] = {
    "give": marked("Give an office"),
    "take": marked("Take an office away"),
    "lead": marked("Hand the society over to them"),
}
RULES: dict[str, Marked] = {
    "longest-standing": marked("Who of its active members has been there longest"),
    "deputy": marked("A deputy, if there is one"),
}


@dataclass(frozen=True)
class OfficePages:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own, one = forms.guard.requires(MEMBER), f"{PATH}/{{society}}"
        both = ["GET", "POST"]
        return [
            Route(f"{one}/offices", own(forms.either(self.ask, self.give)), methods=both),
            Route(f"{one}/following", own(forms.either(self.ask, self.rule)), methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        society_id, society = await self.desk.one(request)
        return self._asking(request, society_id, society, {}, {})

    def _asking(
        self,
        request: Request,
        society_id: str,
        society: Society,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
    ) -> Response:
        say = self.desk.forms.frame.language.gettext
        return self.desk.asking_of(
            request,
            society_id,
            "society-offices.html",
            fields,
            errors,
            rule=society.rule,
            whats={what: say(text) for what, text in WHATS.items()},
            offices={office: say(text) for office, text in OFFICES.items()},
            rules={rule: say(text) for rule, text in RULES.items()},
        )

    async def give(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        society_id, society = await desk.one(request)
        typed = desk.forms.filled(OfficeOf, fields)
        if isinstance(typed, dict):
            return self._asking(request, society_id, society, fields, typed)
        whom = _numbered(society, typed.member)
        if whom is None:
            wrong = {"member": desk.forms.words["member"]}
            return self._asking(request, society_id, society, fields, wrong)
        session, at = session_of(request), desk.societies.now()
        common = society_id, session.login_id, at, whom
        match typed.what:
            case "give":
                command: object = GiveOffice(*common, typed.office)
            case "take":
                command = TakeOffice(*common, typed.office)
            case "lead":
                command = HandOverLead(*common)
        await desk.forms.done(desk.societies.give(command, session))
        return desk.forms.lead_saying(request, path_of(society_id), DONE)

    async def rule(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        society_id, society = await desk.one(request)
        typed = desk.forms.filled(Rule, fields)
        if isinstance(typed, dict):
            return self._asking(request, society_id, society, fields, typed)
        session, at = session_of(request), desk.societies.now()
        command = RuleSuccession(society_id, session.login_id, at, typed.rule)
        await desk.forms.done(desk.societies.give(command, session))
        return desk.forms.lead_saying(request, path_of(society_id), DONE)


def _numbered(society: Society, number: int) -> str | None:
    found = (who for who, standing in society.members.items() if standing.number == number)
    return next(found, None)
