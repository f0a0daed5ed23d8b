"""The page of a post, for everybody; and what placers decide there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.post import (
    AllowChoice,
    ChooseCandidate,
    ChooseNobody,
    ClosePost,
    EndPlacement,
    OpenPost,
    RefuseChoice,
)
from services.promotion.domain.post_state import Post
from services.promotion.signing.giving import actor_in
from services.promotion.site.post_forms import REASON, Decided, Opened, tracks_of
from services.promotion.site.post_words import BY, reasons
from services.promotion.site.posts_page import LOOKS, PATH, PLACER, PostDesk
from shared.contracts.post import PostOpened, Ranked
from shared.web.guard import session_of
from shared.web.language import Marked, marked

DECISIONS: dict[str, Marked] = {
    "ask": marked("Ask this candidate"),
    "allow": marked("Allow the choice of this candidate"),
    "refuse": marked("Refuse the choice of this candidate"),
    "nobody": marked("Take none of the candidates"),
    "end": marked("End this placement"),
    "close": marked("Close the post"),
}
ABOUT_SOMEBODY = {"ask", "allow", "refuse", "end"}
WITH_REASON = {"refuse", "nobody", "end", "close"}
BEGUN = {
    "seats": "1",
    "shown": "3",
    "call_days": "14",
    "answer_days": "7",
    "probation_days": "90",
    "term_days": "730",
    "recall_by": "10",
    "rotates": "yes",
}


@dataclass(frozen=True)
class PostPage:
    desk: PostDesk

    def routes(self) -> list[Route]:
        """What is called by a name comes before what is called by an id."""
        forms = self.desk.forms
        own = forms.guard.requires(PLACER)
        opening = own(forms.either(self.ask, self.open))
        deciding = own(forms.either(self.show, self.decide))
        return [
            Route(f"{PATH}/open", opening, methods=["GET", "POST"]),
            Route(f"{PATH}/{{post}}/decide", deciding, methods=["POST"]),
            Route(f"{PATH}/{{post}}", self.show),
        ]

    async def ask(self, request: Request) -> Response:
        return self._asking(request, dict(BEGUN), {})

    def _asking(
        self, request: Request, fields: dict[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        desk = self.desk
        given = {"places": desk.places, "sectors": desk.sectors, "tracks": desk.tracks}
        return desk.forms.asking(request, "post-open.html", fields, errors, **given)

    async def open(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        typed = desk.forms.filled(Opened, fields)
        if isinstance(typed, dict):
            return self._asking(request, fields, typed)
        if wrong := self._unknown(typed):
            return self._asking(request, fields, wrong)
        session, said = session_of(request), typed.model_dump(exclude={"once"})
        post_id = desk.posts.post_id(session.login_id, typed.once)
        more = {"tracks": tracks_of(typed.tracks), "rotates": bool(typed.rotates)}
        opened = PostOpened(
            **said | more, post_id=post_id, at=desk.posts.now(), by=session.login_id
        )
        giving = desk.posts.give(OpenPost(opened), actor_in(session, PLACER))
        await desk.forms.done(giving)
        told = marked("The post is open. Candidates come forward until they are ranked.")
        return desk.forms.lead_saying(request, f"{PATH}/{post_id}", told)

    def _unknown(self, typed: Opened) -> dict[str, Marked]:
        desk, words = self.desk, self.desk.forms.words
        known = {
            "place": typed.place in desk.places,
            "sector": typed.sector in desk.sectors,
            "tracks": all(each in desk.tracks for each in tracks_of(typed.tracks)),
        }
        return {field: words[field] for field, is_known in known.items() if not is_known}

    async def decide(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self.desk
        post_id, post = await desk.one(request)
        typed = desk.forms.filled(Decided, fields)
        if isinstance(typed, dict):
            return await self._page(request, post_id, post, fields, typed)
        who = desk.posts.called(typed.who, _about(post))
        wrong: dict[str, Marked] = {}
        if typed.what in ABOUT_SOMEBODY and not who:
            wrong["who"] = desk.forms.words["who"]
        if typed.what in WITH_REASON and not typed.reason:
            wrong["reason"] = REASON
        if wrong:
            return await self._page(request, post_id, post, fields, wrong)
        session = session_of(request)
        common = post_id, session.login_id, desk.posts.now()
        command: Any
        match typed.what:
            case "ask":
                command = ChooseCandidate(*common, who, typed.reason, desk.second_person)
            case "allow":
                command = AllowChoice(*common, who)
            case "refuse":
                command = RefuseChoice(*common, who, typed.reason)
            case "nobody":
                command = ChooseNobody(*common, typed.reason)
            case "end":
                command = EndPlacement(*common, who, typed.reason)
            case "close":
                command = ClosePost(*common, typed.reason)
        await desk.forms.done(desk.posts.give(command, actor_in(session, PLACER)))
        return desk.forms.lead_saying(request, f"{PATH}/{post_id}", marked("It is done."))

    async def show(self, request: Request) -> Response:
        post_id, post = await self.desk.one(request)
        return await self._page(request, post_id, post, {}, {})

    async def _page(
        self,
        request: Request,
        post_id: str,
        post: Post,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
    ) -> Response:
        """Who the candidates are the public is not told, nor how many where these are few."""
        desk, roles = self.desk, self.desk.roles(request)
        say, looks = desk.forms.frame.language.gettext, bool(roles & LOOKS)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        code = desk.posts.code
        return desk.forms.form(
            request,
            "post.html",
            fields,
            errors,
            status,
            here=f"{PATH}/{post_id}",
            **desk.facts(post),
            looks=looks,
            decides=PLACER in roles and post.life == "open",
            ranking=[self._told(each) for each in post.bench] if looks else [],
            proposed=[code(who) for who in post.proposed] if looks else [],
            offers={code(who): offer.until for who, offer in post.offers.items()} if looks else {},
            placed={code(who): one for who, one in post.placed.items()} if looks else {},
            decisions={name: say(text) for name, text in DECISIONS.items()},
            people={code(who): code(who) for who in _about(post)} if looks else {},
        )

    def _told(self, one: Ranked) -> dict[str, Any]:
        language = self.desk.forms.frame.language
        return {
            "code": self.desk.posts.code(one.member_id),
            "by": language.gettext(BY[one.by]),
            "reasons": reasons(language, one),
        }


def _about(post: Post) -> Iterable[str]:
    """Of whom something can be decided."""
    return [*(each.member_id for each in post.bench), *post.proposed, *post.offers, *post.placed]
