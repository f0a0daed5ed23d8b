"""Posts for everybody: which there are, which seats are vacant, and what the body gave reasons
for; as a page and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.promotion.domain.post_state import Post
from services.promotion.posts.doing import Posts
from services.promotion.projections.posts import OPEN
from services.promotion.site.post_forms import PostForms
from shared.web.answers import NOT_KEPT
from shared.web.ids import id_in

PATH = "/posts"
AS_JSON = f"{PATH}.json"
SHOWN = 100
PLACER, LOOKS = "placer", {"placer", "auditor"}


@dataclass(frozen=True)
class PostDesk:
    """`places` and `sectors` are names by code, `tracks` titles by name. `second_person`: what one
    placer chooses another one has to allow. Fewer candidates than the `smallest` are not told."""

    forms: PostForms
    posts: Posts
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    tracks: Mapping[str, str]
    smallest: int
    second_person: bool = False

    async def one(self, request: Request) -> tuple[str, Post]:
        """Of the address. Raises HTTPException where nobody has opened it."""
        post_id = id_in(request, "post")
        post = await self.posts.one(post_id)
        if post.life == "unknown":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return post_id, post

    def roles(self, request: Request) -> frozenset[str]:
        guard = self.forms.guard
        session = guard.who(request)
        return guard.roles_of(session) if session else frozenset()

    def facts(self, post: Post) -> dict[str, Any]:
        terms = post.terms
        return {
            "post": post,
            "terms": terms,
            "where": self.places.get(terms.place, terms.place),
            "about": self.sectors.get(terms.sector, terms.sector),
            "wanted": [self.tracks.get(each, each) for each in terms.tracks],
            "bench": self.bench(post.ranked.candidates if post.ranked else -1),
        }

    def bench(self, candidates: int) -> str:
        """What is told of how many there are: an empty bench is, and few people are not counted."""
        if candidates <= 0:
            return "empty" if candidates == 0 else "unranked"
        return "few" if candidates < self.smallest else str(candidates)


@dataclass(frozen=True)
class PostsPage:
    desk: PostDesk

    def routes(self) -> list[Route]:
        return [Route(PATH, self.show), Route(AS_JSON, self.as_json)]

    async def _rows(self) -> list[dict[str, Any]]:
        desk = self.desk
        return [
            dict(row)
            | {
                "where": desk.places.get(row["place"], row["place"]),
                "about": desk.sectors.get(row["sector"], row["sector"]),
                "vacant": row["seats"] - row["placed"] if row["life"] == OPEN else 0,
                "bench": desk.bench(row["candidates"]),
            }
            for row in await desk.posts.rows.newest(SHOWN)
        ]

    async def show(self, request: Request) -> Response:
        desk = self.desk
        is_placer = PLACER in desk.roles(request)
        return desk.forms.form(
            request, "posts.html", posts=await self._rows(), is_placer=is_placer, as_json=AS_JSON
        )

    async def as_json(self, _: Request) -> Response:
        names = ("title", "place", "sector", "seats", "placed", "vacant", "bench", "life")
        day = self.desk.forms.frame.language.on_day
        told = [
            {"post": row["post_id"]}
            | {name: row[name] for name in names}
            | {"tracks": row["tracks"].split(), "opened_on": day(row["opened_at"]).isoformat()}
            for row in await self._rows()
        ]
        return JSONResponse({"posts": told}, 200, NOT_KEPT)
