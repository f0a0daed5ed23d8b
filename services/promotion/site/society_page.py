"""The page of a society, for everybody; and what its members do there with one press."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.society import (
    AnswerForSociety,
    DissolveSociety,
    JoinSociety,
    LeaveSociety,
)
from services.promotion.domain.society_state import Society
from services.promotion.projections import federations
from services.promotion.site.society_desk import PATH, SocietyDesk, named, path_of
from services.promotion.site.society_listed import LIVES, told
from services.promotion.societies.heads import head_of
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PRESSED: dict[str, tuple[Callable[..., Any], Marked]] = {
    "join": (JoinSociety, marked("You belong to it now.")),
    "leave": (LeaveSociety, marked("You have left it.")),
    "stay": (AnswerForSociety, marked("It goes on.")),
    "dissolve": (DissolveSociety, marked("It is dissolved.")),
}
ASKED: dict[str, Marked] = {
    "leave": marked("Leave it"),
    "dissolve": marked("Dissolve it for ever"),
}
OFFICES: dict[str, Marked] = {
    "deputy": marked("deputy"),
    "secretary": marked("secretary"),
    "treasurer": marked("treasurer"),
}
STAFF = {"operator", "editor"}
SHOWN = 50


@dataclass(frozen=True)
class SocietyPage:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own, one = forms.guard.requires(MEMBER), f"{PATH}/{{society}}"
        return [
            *(
                Route(
                    f"{one}/{name}",
                    own(forms.either(self._ask(name), self._press(name))),
                    methods=["GET", "POST"] if name in ASKED else ["POST"],
                )
                for name in PRESSED
            ),
            Route(one, self.show),
        ]

    def _ask(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """What can't be undone is asked once more, by a page of its own."""

        async def ask(request: Request) -> Response:
            desk = self.desk
            if name not in ASKED:
                return desk.forms.lead(path_of(request.path_params["society"]))
            society_id, society = await desk.one(request)
            me = session_of(request).login_id
            say = desk.forms.frame.language.gettext
            return desk.forms.form(
                request,
                "society-sure.html",
                here=path_of(society_id),
                act=name,
                called=say(ASKED[name]),
                is_last=me in society.members and len(society.members) == 1 and not society.entry,
                leads=bool(me) and society.leader == me,
            )

        return ask

    def _press(self, name: str) -> Callable[[Request, dict[str, str]], Awaitable[Response]]:
        command, told = PRESSED[name]

        async def press(request: Request, _: dict[str, str]) -> Response:
            desk, session = self.desk, session_of(request)
            society_id, _society = await desk.one(request)
            given = command(society_id, session.login_id, desk.societies.now())
            await desk.forms.done(desk.societies.give(given, session))
            return desk.forms.lead_saying(request, path_of(society_id), told)

        return press

    async def show(self, request: Request) -> Response:
        """Of one that is suspended nobody is shown the words but its members and the staff."""
        desk, say = self.desk, self.desk.forms.frame.language.gettext
        society_id, society = await desk.one(request)
        session = desk.forms.guard.who(request)
        roles = desk.forms.guard.roles_of(session) if session else frozenset[str]()
        me = session.login_id if session else ""
        is_shown = society.life != "suspended" or me in society.members or bool(roles & STAFF)
        held = await desk.rows.activities(society_id) if is_shown else []
        wanted = [society.words, society.appeal_words, *(each["words"] for each in held)]
        said = await desk.societies.said(wanted) if is_shown else {}
        head = await head_of(desk.societies, society_id)
        goes_on = await desk.rows.some([head]) if head != society_id else []
        above = await desk.rows.some(sorted(society.all_federations))
        its = await desk.rows.members_of(society_id, federations.IN)
        return desk.forms.form(
            request,
            "society.html",
            above=await told(desk, above) if is_shown else [],
            its=await told(desk, its) if is_shown else [],
            goes_on=await told(desk, goes_on) if is_shown else [],
            here=path_of(society_id),
            society=society,
            said=said.get(society.words),
            texts={each: words.text for each, words in said.items()},
            life=say(LIVES[society.life]),
            entry=society.entry,
            registry=desk.registry(society.entry.registry) if society.entry else "",
            where=named(society.places, desk.places),
            about=named(society.sectors, desk.sectors),
            places=desk.places,
            at_least=desk.figure(society.counted),
            held=[each | {"came": desk.figure(each["came"])} for each in held],
            is_shown=is_shown,
            appealed=said.get(society.appeal_words),
            is_member=MEMBER in roles,
            mine=society.members.get(me),
            leads=bool(me) and society.leader == me,
            is_officer=society.leader == me or any(who == me for who, _ in society.offices),
            is_staff=bool(roles & STAFF),
            members=_seen_by_members(society) if me in society.members else [],
            office_names={office: say(text) for office, text in OFFICES.items()},
        )


def _seen_by_members(society: Society) -> list[dict[str, Any]]:
    """By the how many-th they were to join: who leads, who has an office, and the newest."""
    officers = {who for who, _ in society.offices} | {society.leader}
    everybody = sorted(society.members.items(), key=lambda each: -each[1].number)
    first = [each for each in everybody if each[0] in officers]
    others = [each for each in everybody if each[0] not in officers]
    return [
        {
            "number": standing.number,
            "leads": who == society.leader,
            "offices": sorted(office for each, office in society.offices if each == who),
        }
        for who, standing in [*first, *others][:SHOWN]
    ]
