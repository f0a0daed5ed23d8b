"""Puts the pages of posts together."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.routing import Route

from services.promotion.posts.doing import PostRows, Posts
from services.promotion.posts.pool import pool
from services.promotion.projections import candidacies, posts, qualifications, workdays
from services.promotion.site.forces_page import ForcesPage
from services.promotion.site.own_posts import OwnPosts
from services.promotion.site.post_forms import PostForms
from services.promotion.site.post_page import PostPage
from services.promotion.site.posts_page import PostDesk, PostsPage
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.charter_models import PLACE_MEMBER
from shared.runtime.runtime import Runtime
from shared.runtime.slips import Slips
from shared.web.guard import Guard


def post_rows(ask: Callable[..., Awaitable[Any]]) -> PostRows:
    """`ask` asks the database."""
    return PostRows(
        partial(ask, posts.newest),
        partial(ask, candidacies.of_member),
        partial(ask, qualifications.of_member),
        partial(ask, pool),
        partial(ask, workdays.lately),
    )


def post_pages(desk: PostDesk) -> list[Route]:
    slips = Slips(desk.forms.frame.cookies.key)
    return [
        *PostsPage(desk).routes(),
        *PostPage(desk).routes(),
        *OwnPosts(desk, slips).routes(),
        *ForcesPage(desk).routes(),
    ]


def add_posts(runtime: Runtime, handler: CommandHandler, guard: Guard) -> PostDesk:
    charter = runtime.charter
    doing = Posts(
        handler,
        post_rows(partial(ask_in, runtime.engine)),
        runtime.clock.now,
        guard.frame.cookies.key,
    )
    desk = PostDesk(
        PostForms(guard),
        doing,
        charter.places,
        charter.sectors,
        {each.name: each.title for each in charter.tracks},
        charter.smallest_figure,
        PLACE_MEMBER in charter.staff.second_person,
    )
    runtime.routes += post_pages(desk)
    return desk
