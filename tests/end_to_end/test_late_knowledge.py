"""What was known when: claims that come late, before and after the sweep, under a set clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from commitments import check, done, made, march
from real_suite import Home, home, jump, started, swept

from deploy.asking import ask
from deploy.embedded import Suite
from deploy.feeding.publish import Publication, publish
from deploy.looking.lag import settled
from deploy.looking.late import who_was_late
from deploy.looking.reading import messages
from shared.contracts.event import Event
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.mapping import UpstreamEvent


@dataclass
class Story:
    """A suite that runs, and what one can see of it from outside."""

    client: Client
    home: Home
    suite: Suite

    async def say(self, *events: UpstreamEvent) -> Publication:
        """Publish, and wait for the receipts and for all that follows from them."""

        async def moved(*_: object) -> None:
            pass

        publication = await publish(self.client, "boston", list(events), moved)
        await settled(self.client)
        return publication

    async def jump(self, to: datetime) -> None:
        await jump(self.client, to)
        await settled(self.client)

    async def history(self, commitment: str) -> list[RecordedEvent]:
        key = AggregateKey("intake", "check", check(commitment))
        return await JetStreamEventStore(self.client).load(key)

    async def kinds(self, commitment: str) -> list[str]:
        return [type(recorded.event).__name__ for recorded in await self.history(commitment)]

    async def late_on(self, day: datetime) -> set[str]:
        rows = await who_was_late(self.client, day)
        return {row["check"] for row in rows}

    def told_late_on(self, day: datetime) -> set[str]:
        """By the command line."""
        told = self.home.tribune("late", "--on", f"{day:%Y-%m-%dT%H:%M:%S}")
        assert told.returncode == 0, told.stderr
        *rows, total = told.stdout.splitlines()
        assert total.startswith(f"{len(rows)} checks were known to be overdue")
        return {line.split()[-1] for line in rows}

    async def board(self) -> dict[str, int]:
        return dict((await ask(self.client, "publishing"))["public"])

    async def page(self) -> str:
        async with httpx.AsyncClient() as http:
            return (await http.get(f"http://127.0.0.1:{self.suite.port}/")).text

    async def public(self) -> list[Event]:
        said = [message async for message in messages(self.client, "PUBLIC")]
        found = [decode(m.headers, m.body, m.sequence) for m in said]
        return [recorded.event for recorded in found if recorded]


@pytest.fixture
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    where = home(request, tmp_path)
    suite = where.suite()
    async with started(suite) as client:
        yield Story(client, where, suite)


async def test_a_claim_that_took_effect_in_time_takes_the_overdue_back_and_the_log_keeps_both(
    story: Story,
) -> None:
    await story.jump(march(2))
    told = [made("roads", march(10)), made("parks", march(10)), made("lights", march(20))]
    await story.say(*told)
    assert await story.late_on(march(9)) == set()
    await story.jump(march(11))
    both = {check("roads"), check("parks")}
    assert await story.late_on(march(12)) == both
    assert (await story.board())["overdue"] == 2
    page = await story.page()
    assert "Office of roads" in page
    assert "Office of lights" not in page

    await story.jump(march(15))
    learned = [done("roads", march(9)), done("parks", march(14))]
    await story.say(*learned)
    assert await story.kinds("roads") == [
        "CheckOpened",
        "CheckOverdue",
        "DoneClaimed",
        "OverdueWithdrawn",
    ]
    assert await story.kinds("parks") == ["CheckOpened", "CheckOverdue", "DoneClaimed"]
    assert (await story.history("parks"))[-1].event.late
    for then, now in ((march(14), march(16)), (march(12), march(15))):
        assert await story.late_on(then) == both, "what was known then stays known as it was"
        assert await story.late_on(now) == {check("parks")}
    assert story.told_late_on(march(14)) == both
    assert story.told_late_on(march(16)) == {check("parks")}
    board = await story.board()
    assert (board["overdue"], board["still_overdue"], board["done_in_time"]) == (1, 0, 1)
    page = await story.page()
    assert "Office of roads" not in page
    assert "Office of parks" in page
    public = [type(event).__name__ for event in await story.public()]
    assert public.count("CheckOverdue") == 2
    assert public.count("OverdueWithdrawn") == 1

    ends = await settled(story.client)
    again = (await story.say(*told, *learned)).answered
    assert (again.accepted, again.duplicate, again.refused) == (0, 5, 0)
    assert await settled(story.client) == ends, "what was said before changes nothing"
    await story.jump(march(16))
    assert await settled(story.client) == ends, "nor does a later sweep raise it again"
    proof = story.home.tribune("verify")
    assert (proof.returncode, proof.stdout.splitlines()[-1]) == (0, "no difference"), proof.stdout


async def test_a_claim_from_after_the_due_date_proves_it_overdue_before_any_sweep(
    story: Story,
) -> None:
    await story.jump(march(2))
    await story.say(made("roads", march(10)), done("roads", march(12)))
    overdue, claimed = (await story.history("roads"))[1:]
    assert [type(r.event).__name__ for r in (overdue, claimed)] == ["CheckOverdue", "DoneClaimed"]
    assert claimed.sequence == overdue.sequence + 1
    assert claimed.event.late
    assert overdue.cause == claimed.cause, "both stem from the claim, no sweep was there"
    await story.jump(march(20))
    assert len(await story.history("roads")) == 3


async def test_the_clock_may_jump_far_and_back_and_only_what_is_due_fires(story: Story) -> None:
    await story.jump(march(2))
    never = datetime(2999, 1, 1, tzinfo=UTC)
    await story.say(made("moon", never), made("roads", march(10)), made("parks", march(20)))
    await story.jump(march(10))
    assert await story.kinds("roads") == ["CheckOpened"], "at the due moment there is still time"
    await story.jump(datetime(2026, 3, 10, 0, 0, 1, tzinfo=UTC))
    assert await story.kinds("roads") == ["CheckOpened", "CheckOverdue"]
    assert await story.kinds("parks") == ["CheckOpened"]
    await story.jump(datetime(2150, 1, 1, tzinfo=UTC))
    assert await story.kinds("parks") == ["CheckOpened", "CheckOverdue"]
    await story.jump(march(5))
    assert await story.kinds("moon") == ["CheckOpened"]
    await story.say(made("late from birth", due_at=march(3), made_at=march(4)))
    await swept(story.client, march(5))
    await settled(story.client)
    assert await story.kinds("late from birth") == ["CheckOpened", "CheckOverdue"]
    assert (await story.board())["overdue"] == 0 + 3
