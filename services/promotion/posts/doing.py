"""What placers and members do about posts, and what they call each other by."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.promotion.domain.post import LookAtPost
from services.promotion.domain.post_state import Post
from services.promotion.domain.ranking import Candidate
from services.promotion.workdays import Span, Workday
from shared.contracts.actor import Actor
from shared.contracts.identity import keyed
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.projections.read_model import Row

CODE = 12


@dataclass(frozen=True)
class PostRows:
    """Asked of the rows: the newest posts, a member's candidacies and tracks, who may be a
    candidate by tracks, place and sector, and what was done lately at a place about a sector."""

    newest: Callable[[int], Awaitable[list[Row]]]
    of_member: Callable[[str, int], Awaitable[list[Row]]]
    tracks: Callable[[str], Awaitable[list[Row]]]
    pool: Callable[..., Awaitable[list[Candidate]]]
    lately: Callable[[str, str], Awaitable[tuple[Span, list[Workday]] | None]]


@dataclass(frozen=True)
class Posts:
    """`key` is the frame's: a code says nothing of a member to who does not have it."""

    handler: CommandHandler
    rows: PostRows
    now: Callable[[], datetime]
    key: bytes

    async def one(self, post_id: str) -> Post:
        """As it is now; nobody has opened one whose life is unknown."""
        post: Post = await self.handler.state_after(LookAtPost(post_id, self.now()))
        return post

    async def give(self, command: Any, actor: Actor) -> None:
        """Raises DomainError, TryLaterError."""
        name = uuid4().hex
        await self.handler.carry_out(Envelope(command, name, name, actor=actor))

    def post_id(self, login_id: str, once: str) -> str:
        """Keyed: the lot follows from it, so who opens a post can not try ids beforehand."""
        return keyed(self.key, "post", login_id, once)

    def code(self, member_id: str) -> str:
        """By which placers and other members call a member."""
        return keyed(self.key, "candidate", member_id)[:CODE]

    def called(self, code: str, members: Iterable[str]) -> str:
        """Who of them is called so; nobody if none."""
        wanted = code.strip().lower()
        return next((each for each in members if self.code(each) == wanted), "")


def themselves(member_id: str) -> Actor:
    return Actor("member", "self", member_id)
