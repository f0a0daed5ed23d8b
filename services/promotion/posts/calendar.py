"""Has posts looked at when their moment comes, with who is qualified for them by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.promotion.domain.post import LookAtPost
from services.promotion.domain.ranking import Candidate
from services.promotion.posts.pool import pool
from services.promotion.projections import evidence, posts, qualifications
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.serving import position
from shared.eventsourcing.timers.calendar import Due, Timers

AT_ONCE = 20


@dataclass
class PostsDue:
    """What is known of a page is remembered until the next one: who may be ranked for each post,
    as of a sequence."""

    engine: Engine
    pools: dict[str, list[Candidate]] = field(default_factory=dict)
    as_of: int = 0

    @property
    def stream(self) -> str:
        return posts.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((posts.due.term,))

    async def position(self) -> int:
        return await ask_in(self.engine, _reached)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        return await ask_in(self.engine, self._page, now, after)

    async def next(self, since: datetime) -> datetime | None:
        return await ask_in(self.engine, posts.due.next, since)

    def _page(self, connection: Connection, now: datetime, after: Due | None) -> Sequence[Due]:
        """Nobody is ranked while the rows of who may be hold less of the log than those of posts:
        whom they lack would be passed over."""
        reached = _reached(connection)
        if not reached:
            return []
        found = posts.due.page(connection, now, after, AT_ONCE)
        about = posts.some(connection, [due.thing for due in found])
        self.as_of = reached
        self.pools = {
            row["post_id"]: pool(connection, row["tracks"].split(), row["place"], row["sector"])
            for row in about
        }
        return found

    def command(self, due: Due, now: datetime) -> LookAtPost:
        return LookAtPost(due.thing, now, self.pools[due.thing], self.as_of)


def _reached(connection: Connection) -> int:
    """Up to where all of these rows hold the log; 0 while some are not shown or lag behind."""
    models = (evidence.read_model, qualifications.read_model)
    found = position(connection, models, posts.read_model.stream)
    about = posts.due.position(connection)
    return found.sequence if found.is_shown and found.sequence >= about else 0


def timers(engine: Engine) -> Timers:
    dues = PostsDue(engine)
    return Timers(dues, dues.command)
