"""A member's page of posts: what they are asked, can come forward for, and why others were."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.comparison import Beside, comparison
from services.promotion.domain.post import ActOfMember, Nominate, PressOfMember, WithdrawRecall
from services.promotion.domain.post_state import Post
from services.promotion.posts.doing import themselves
from services.promotion.projections.posts import OPEN
from services.promotion.site.post_forms import NOBODY_CALLED_SO, Done, Named
from services.promotion.site.post_words import FITTING, STANDS, reasons
from services.promotion.site.posts_page import PostDesk
from shared.contracts.roles import MEMBER
from shared.runtime.slips import Slips
from shared.web.answers import SaidError
from shared.web.guard import session_of
from shared.web.language import Marked, marked

OWN, SLIP = "/me/posts", "slip"
SHOWN = 50
TOLD: dict[str, Marked] = {
    "forward": marked("You have come forward."),
    "back": marked("You have stood back."),
    "accept": marked("You have the seat, and nothing of you is public."),
    "decline": marked("You have declined."),
    "resign": marked("You have resigned."),
    "recall": marked("Your wish to recall them counts, once."),
    "unrecall": marked("Your wish to recall them counts no more."),
}


class TooOldError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("Not taken"),
            marked("Please come from your reports once more: this page is good for half an hour."),
        )


@dataclass(frozen=True)
class OwnPosts:
    """Who somebody is among the members is said by a slip, each time; it is kept nowhere."""

    desk: PostDesk
    slips: Slips

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own = forms.guard.requires(MEMBER)
        naming = own(forms.either(self.show, self.nominate))
        return [
            Route(OWN, own(forms.either(self.show, self.do)), methods=["GET", "POST"]),
            Route("/me/nominate", naming, methods=["POST"]),
            Route(f"{OWN}/{{post}}", own(self.why)),
        ]

    def _known(self, request: Request, slip: str) -> str | None:
        guard = self.desk.forms.guard
        return self.slips.person(slip, session_of(request).login_id, guard.now())

    def _member(self, request: Request, fields: Mapping[str, str]) -> str:
        """Raises TooOldError."""
        if (member := self._known(request, fields.get(SLIP, ""))) is None:
            raise TooOldError
        return member

    async def do(self, request: Request, fields: dict[str, str]) -> Response:
        desk, member = self.desk, self._member(request, fields)
        typed = desk.forms.filled(Done, fields)
        if isinstance(typed, dict):
            return await self._page(request, fields[SLIP], {}, typed)
        post = await desk.posts.one(typed.post)
        sits = (who for who, one in post.placed.items() if one.seat == typed.seat)
        command = _command(typed, member, next(sits, ""), desk.posts.now())
        await desk.forms.done(desk.posts.give(command, themselves(member)))
        return self._lead(request, fields[SLIP], TOLD[typed.what])

    async def nominate(self, request: Request, fields: dict[str, str]) -> Response:
        desk, member = self.desk, self._member(request, fields)
        typed = desk.forms.filled(Named, fields)
        if isinstance(typed, dict):
            return await self._page(request, fields[SLIP], fields, typed)
        post = await desk.posts.one(typed.post)
        terms = post.opened
        pool = await desk.posts.rows.pool(terms.tracks, terms.place, terms.sector) if terms else []
        named = desk.posts.called(typed.code, (each.member_id for each in pool))
        if not named:
            return await self._page(request, fields[SLIP], fields, {"code": NOBODY_CALLED_SO})
        command = Nominate(typed.post, member, desk.posts.now(), named)
        await desk.forms.done(desk.posts.give(command, themselves(member)))
        return self._lead(request, fields[SLIP], marked("You have named them."))

    def _lead(self, request: Request, slip: str, text: Marked) -> Response:
        return self.desk.forms.lead_saying(request, f"{OWN}?{urlencode({SLIP: slip})}", text)

    async def show(self, request: Request) -> Response:
        return await self._page(request, request.query_params.get(SLIP, ""), {}, {})

    async def _page(
        self,
        request: Request,
        slip: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
    ) -> Response:
        desk, member = self.desk, self._known(request, slip)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        rows = await self._rows(member) if member else []
        return desk.forms.form(
            request,
            "own-posts.html",
            {name: fields.get(name, "") for name in ("post", "code")},
            errors,
            status,
            slip=slip if member else "",
            code=desk.posts.code(member) if member else "",
            whence=desk.forms.frame.sites.page_of("intake", "/mine/posts"),
            rows=rows,
            open={row["post_id"]: row["title"] for row in rows},
        )

    async def _rows(self, member: str) -> list[dict[str, Any]]:
        desk, say = self.desk, self.desk.forms.frame.language.gettext
        tracks = {each["track"] for each in await desk.posts.rows.tracks(member)}
        found = []
        for row in await desk.posts.rows.newest(SHOWN):
            if row["life"] != OPEN:
                continue
            post = await desk.posts.one(row["post_id"])
            stands = comparison(post, member)
            others = [one for who, one in post.placed.items() if who != member]
            recalls = others if post.terms.recall_by else []
            found.append(
                desk.facts(post)
                | {
                    "post_id": row["post_id"],
                    "title": row["title"],
                    "stands": stands.stands,
                    "said": say(STANDS[stands.stands]),
                    "until": post.offers[member].until if member in post.offers else None,
                    "may": tracks.issuperset(post.terms.tracks),
                    "is_named": post.named.get(member) == "themselves",
                    "recalls": [(one.seat, member in one.recalled_by) for one in recalls],
                }
            )
        return found

    async def why(self, request: Request) -> Response:
        """Beside each who was chosen: what counted for them, and for who asks."""
        desk, slip = self.desk, request.query_params.get(SLIP, "")
        member = self._known(request, slip)
        if member is None:
            raise TooOldError
        post_id, post = await desk.one(request)
        stands, say = comparison(post, member), desk.forms.frame.language.gettext
        return desk.forms.form(
            request,
            "why-not.html",
            **desk.facts(post),
            here=f"/posts/{post_id}",
            back=f"{OWN}?{urlencode({SLIP: slip})}",
            said=say(STANDS[stands.stands]),
            standing=stands.place,
            beside=[self._told(each, post) for each in stands.beside],
        )

    def _told(self, each: Beside, post: Post) -> dict[str, Any]:
        """Who had no part in it is told no figures: beside what is public, they say who it was."""
        language = self.desk.forms.frame.language
        return {
            "rank": each.rank,
            "reason": each.reason,
            "theirs": reasons(language, each.theirs) if each.theirs and each.own else [],
            "own": reasons(language, each.own) if each.own else [],
            "by": language.gettext(FITTING[each.by]) if each.by else "",
            "is_ahead": each.is_ahead,
            "shown": post.terms.shown,
        }


def _command(typed: Done, member: str, sits: str, now: Any) -> Any:
    common = typed.post, member, now
    match typed.what:
        case "forward":
            return ActOfMember(*common, "come forward")
        case "accept":
            return ActOfMember(*common, "accept")
        case "recall":
            return ActOfMember(*common, "recall", sits)
        case "unrecall":
            return WithdrawRecall(*common, sits)
        case "back":
            return PressOfMember(*common, "stand back")
        case "decline" | "resign":
            return PressOfMember(*common, typed.what)
