"""What of all that is public somebody's report may repeat, before they send it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from services.intake.corroborating import Corroborating
from services.intake.domain.course import EnoughError
from services.intake.projections.alike import Sought
from shared.contracts.point import Point
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.clock import Clock
from shared.web.sessions import Session


@dataclass(frozen=True)
class SeenBefore:
    """`form` is the source whose the form is; `alike` raises TryLaterError."""

    alike: Callable[[Sought], Awaitable[Sequence[Row]]]
    corroborating: Corroborating
    form: str
    within: timedelta
    clock: Clock
    decimals: int = 3

    async def found(
        self, once: str, place: str, sector: str, point: Point | None = None
    ) -> Mapping[str, Row]:
        """By what they are called on this form. None while the database is away: then whatever is
        sent is filed. Words are not compared: whoever guesses them would see which are there."""
        at, told = self.clock.now(), self.decimals
        sought = Sought(place, sector, at, self.within, public=True, point=point, decimals=told)
        try:
            rows = await self.alike(sought)
        except TryLaterError:
            return {}
        return {self.corroborating.known_as(once, row["report_id"]): row for row in rows}

    async def seen_too(self, once: str, report_id: str, who: Session | None) -> None:
        """Raises DomainError, TooManyStrangersError."""
        if who is not None and who.holder == "member":
            with suppress(EnoughError):
                await self.corroborating.by_member(who.login_id, report_id)
        else:
            await self.corroborating.by_form(self.form, once, report_id)
