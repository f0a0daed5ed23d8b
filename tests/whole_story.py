"""One commitment from its derived due date to a verdict after an appeal, under one charter that has
due dates, tiers, parties and checkers; and all of it on any suite that runs under that charter."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from by_lot import DAY, World, charter_with
from real_suite import until

from deploy.asking import request as asked
from deploy.looking.why import explain
from services.intake.domain.checking import AcceptChecking, DeclineChecking
from services.intake.domain.finding import GiveFinding
from shared.contracts import public, public_checking
from shared.contracts.check import CheckOpened, CheckOverdue, DoneClaimed
from shared.contracts.checking import (
    AppealMade,
    CheckDisputed,
    CheckerCredited,
    CheckerDeclined,
    CheckerLapsed,
    CheckersDrawn,
    CheckHalved,
    CheckingClosed,
    CheckingOpened,
    ClaimRefuted,
    FindingGiven,
    Verdict,
    VerdictReached,
)
from shared.contracts.clock import CheckReminded
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.public import CheckHandedOver as HandedOverInPublic

HERE, ELSEWHERE = "us.ma.boston.roxbury", "us.ma.boston.dorchester"
DUE = """
[reminder]
days = 2
[[tier]]
days = 2
[[rule]]
name = "lamps"
days = 5
[almanac.boston]
places = ["us"]
zone = "America/New_York"
[almanac.boston.off]
2031-01-09 = "Day of lamps"
"""
PARTIES = """
[town]
name = "The Town"
[works]
name = "Public Works"
aliases = ["PWD"]
above = "town"
[parks]
name = "Parks"
"""
ONCE: dict[type[Event], int] = {
    CheckReminded: 1,
    DoneClaimed: 1,
    CheckingOpened: 1,
    CheckerDeclined: 1,
    CheckerLapsed: 1,
    CheckDisputed: 1,
    ClaimRefuted: 1,
    AppealMade: 1,
    VerdictReached: 2,
    CheckingClosed: 1,
    CheckHalved: 1,
    CheckHandedOver: 1,
    CheckOpened: 2,
    CheckOverdue: 2,
    CheckerCredited: 4,
    FindingGiven: 6,
}
IN_PUBLIC: dict[type[Event], int] = {
    public.CheckOpened: 2,
    public.CheckOverdue: 2,
    public.DoneClaimed: 1,
    HandedOverInPublic: 1,
    public_checking.ClaimRefuted: 1,
    public_checking.CheckHalved: 1,
}


class Story(World):
    async def drawn(self, number: int) -> list[str]:
        """Who was drawn in the draw of that number, once that was made."""
        return list((await self.has(CheckersDrawn, number))[number - 1].drawn)

    async def finds(self, who: str, verdict: Verdict, rests_on: int = 1) -> None:
        (checking,) = await self.told(CheckingOpened)
        seen = "As I saw it", HERE, self.now, rests_on, self.now
        accepts = AcceptChecking(checking.checking_id, who, self.now)
        await self.members(accepts, GiveFinding(checking.checking_id, who, verdict, *seen))
        await self.later(0.01)

    async def counted(self, kinds: Collection[type[Event]]) -> Counter[type[Event]]:
        found = Counter(
            type(each.event) for each in await self.log(*{each.service for each in kinds})
        )
        return Counter({kind: found[kind] for kind in kinds})

    async def why(self, kind: type[Event]) -> str:
        """What explains the last of a kind."""
        at = (await self.recorded(kind))[-1].reference
        lines = [each async for each in explain(self.client, str(at))]
        return "\n".join(f"{each.what} {each.text}" for each in lines)


def charter_of_it(folder: Path) -> Path:
    return charter_with(folder, due=DUE, parties=PARTIES)


async def all_of_it(story: Story, kill: Callable[[int], None]) -> None:
    """From the due date to the credits; `kill` ends one of the processes of intake, by its number,
    where there are several."""
    people = await story.people_are_ready(*[HERE] * 8, *[ELSEWHERE] * 5)
    await _it_becomes_late(story)
    owned = {"commitment": "1", "owner": "PWD"}
    await story.says(("commitment.done", {**owned, "done_at": story.now.isoformat()}))
    (checking,) = await story.has(CheckingOpened, 1)
    kill(1)
    await _half_is_found(story, checking)
    over = {"to": "Parks", "handed_over_at": story.now.isoformat(), "reason": "In a park"}
    await story.says(("commitment.handed-over", {**owned, **over}))
    why = {"owner": "PWD", "reason": "It shines by night"}
    await story.says(("commitment.appealed", {"commitment": "1", **why}))
    await story.has(AppealMade, 1)
    appeal = {"checking_id": checking.checking_id, "reason": "It shines by night"}
    await asked(story.client, "cmd.intake.AppealAsOwner", appeal, within_s=30)
    kill(2)
    await story.later(0.01)
    called = await story.drawn(6)
    assert {people[who] for who in called} == {ELSEWHERE}
    for who in called:
        await story.finds(who, "half done", rests_on=3)
    await story.has(CheckerCredited, 4)
    _, rest = await story.has(CheckOpened, 2)
    (halved,) = await story.has(CheckHalved, 1)
    assert (rest.check_id, rest.owner) == (halved.rest_id, "Parks")
    assert rest.due_at == halved.rest_due_at > story.now + 29 * DAY
    assert await story.counted(ONCE) == ONCE

    async def is_told() -> bool:
        return await story.counted(IN_PUBLIC) == IN_PUBLIC

    await until(is_told, "PUBLIC has it all")
    text = str([each.event for each in await story.log("public")])
    assert [each for each in (*people, "As I saw it") if each in text] == []
    await _is_explained(story)


async def _it_becomes_late(story: Story) -> None:
    """Due by the charter's rule; reminded of, overdue, and passed up to the unit above."""
    made: dict[str, object] = {"commitment": "1", "owner": "pwd", "task": "Mend the lamp"}
    made |= {"place": HERE, "sector": "street-lights", "confidential": False}
    await story.says(("commitment.made", made | {"made_at": story.now.isoformat()}))
    (opened,) = await story.has(CheckOpened, 1)
    due_at = datetime(2031, 1, 15, 4, 59, 59, tzinfo=UTC)
    assert (opened.owner, opened.due_at) == ("Public Works", due_at)
    assert "Day of lamps" in await story.why(CheckOpened)
    await story.later(5)
    assert len(await story.has(CheckReminded, 1)) == 1
    await story.later(7)
    raised = await story.has(CheckOverdue, 2)
    assert [(each.tier, each.to) for each in raised] == [(1, None), (2, "The Town")]


async def _half_is_found(story: Story, checking: CheckingOpened) -> None:
    """One declines, one is silent; done and not done: disputed; two more say half."""
    await story.later(0.01)
    declines, silent = await story.drawn(1)
    await story.members(DeclineChecking(checking.checking_id, declines, story.now))
    await story.later(0.01)
    (one,) = await story.drawn(2)
    await story.finds(one, "done")
    await story.later(4)
    (two,) = await story.drawn(3)
    await story.finds(two, "not done")
    for number in (4, 5):
        (another,) = await story.drawn(number)
        await story.finds(another, "half done")
    (lapsed,) = await story.told(CheckerLapsed)
    assert lapsed.member_id == silent
    (verdict,) = await story.has(VerdictReached, 1)
    assert verdict.verdict == "half done"
    await story.has(ClaimRefuted, 1)


async def _is_explained(story: Story) -> None:
    """Each step says what led to it, down to what upstream said."""
    for kind, words in WHY.items():
        text = await story.why(kind)
        missing = [each for each in words if each not in text]
        assert missing == [], (kind, text)


WHY: dict[type[Event], tuple[str, ...]] = {
    CheckersDrawn: ("drawn again, it is so",),
    CheckHalved: ("CheckingClosed",),
    CheckReminded: ("timer reminder",),
    ClaimRefuted: ("VerdictReached", "done"),
    CheckHandedOver: ("commitment.handed-over",),
}
