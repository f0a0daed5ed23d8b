"""In whatever order reports, checks and deliveries come, what follows a confidential report is not
public, and all else is as its source said."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st
from world import World, report_id

from services.intake.domain import check, report
from services.intake.domain.check import OpenCheck
from services.intake.domain.report import FileReport
from services.intake.domain.shield import LiftShield
from services.intake.reactions import SHIELDS
from services.publishing.public import gate
from shared.contracts import public
from shared.eventsourcing.command_handler import CommandHandler
from shared.testing.examples import CHECK_OPENED, MONDAY, REPORT_FILED, varied

REPORTS, CHECKS = 3, 6
let_through = gate(b"a key for tests", UTC)


class Street(World):
    """Two replicas take turns: each remembers what it knew."""

    reaction = SHIELDS
    categories = (report.category, check.category)

    def restart(self) -> None:
        both = [CommandHandler(self.store, self.categories, lambda: MONDAY) for _ in range(2)]
        self._turns = cycle(both)
        self.next_one()

    def next_one(self) -> None:
        self._handler = next(self._turns)

    async def report(self, number: int, *, confidential: bool) -> None:
        filed = varied(REPORT_FILED, report_id=report_id(number), confidential=confidential)
        await self._do(FileReport(filed))

    async def promise(self, number: int, of: int | None, *, confidential: bool) -> None:
        about = {"check_id": check_id(number), "report_id": of and report_id(of)}
        await self._do(OpenCheck(varied(CHECK_OPENED, **about, confidential=confidential)))

    async def lift(self, number: int) -> None:
        await self._do(LiftShield(check_id(number), "editor", "It names nobody", MONDAY))

    def public(self) -> int:
        """How many checks are public by now: what was taken back counts no more."""
        shown: set[str] = set()
        gone: set[str] = set()
        for recorded in self.log:
            match let_through(recorded.event):
                case public.CheckOpened(check=known_as):
                    shown.add(known_as)
                case public.PublicWithdrawn(id=known_as):
                    gone.add(known_as)
        return len(shown - gone)


def check_id(number: int) -> str:
    return f"{number:031x}c"


Step = Callable[[Street], Awaitable[None]]


async def _other(street: Street) -> None:
    street.next_one()


async def _restart(street: Street) -> None:
    street.restart()


_some = st.integers(1, 5).map(lambda count: lambda street: street.react(count))
_again = st.integers(0, 50).map(lambda sequence: lambda street: street.repeat(sequence))
_left: Step = lambda street: street.leave()  # noqa: E731
between: st.SearchStrategy[Step] = st.one_of(
    _some, _again, st.just(_left), st.just(_other), st.just(_restart)
)
reports = st.dictionaries(st.integers(1, REPORTS), st.booleans(), max_size=REPORTS)
"""Whether each is confidential; those that are missing are never filed."""
checks = st.dictionaries(
    st.integers(1, CHECKS),
    st.tuples(st.none() | st.integers(1, REPORTS), st.booleans()),
    max_size=CHECKS,
)
"""Which report each follows, and whether its own source calls it confidential."""


@given(reports, checks, st.data())
def test_what_follows_a_confidential_report_is_not_public(
    reports: dict[int, bool], checks: dict[int, tuple[int | None, bool]], data: st.DataObject
) -> None:
    said: list[Step] = [
        lambda street, n=n, c=c: street.report(n, confidential=c)  # type: ignore[misc]
        for n, c in reports.items()
    ]
    said += [
        lambda street, n=n, of=of, c=c: street.promise(n, of, confidential=c)  # type: ignore[misc]
        for n, (of, c) in checks.items()
    ]
    twice = data.draw(st.lists(st.sampled_from(said), max_size=2)) if said else []
    steps = data.draw(st.permutations([*said, *twice, *data.draw(st.lists(between, max_size=8))]))
    own = {n for n, (_, confidential) in checks.items() if confidential}
    follows = {n for n, (of, _) in checks.items() if of and reports.get(of)}

    async def play() -> None:
        street = Street()
        for step in steps:
            await step(street)
        await street.come_to_rest()
        assert street.public() == len(checks.keys() - own - follows)
        for number in follows - own:
            await street.lift(number)
        await street.come_to_rest()
        assert street.public() == len(checks.keys() - own)
        before = len(street.log)
        await street.repeat(0)
        assert len(street.log) == before

    asyncio.run(play())


async def test_what_comes_behind_its_report_is_never_public_for_a_moment() -> None:
    """In one batch, in the next one, and by a replica that knew of no such report before."""
    street = Street()
    await street.promise(1, 1, confidential=False)
    street.next_one()
    await street.report(1, confidential=True)
    street.next_one()
    await street.promise(2, 1, confidential=False)
    opened = [each.event for each in street.log if each.event.aggregate == "check"]
    assert [let_through(each) is None for each in opened[-1:]] == [True]
    assert street.public() == 1, "the one before waits for the reaction"
