"""What pages say while figures are not the whole, and that feeds then say nothing."""

import re

import httpx
import pytest
from public_site import PublicSite
from sqlalchemy import event, update

from services.publishing.projections import board
from services.publishing.site.progress import Kind, Progress
from shared.eventsourcing.projections.checkpoints import checkpoints
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
)

PAGES = ["/", "/place/us.ma.boston", "/overdue", "/qualified?place=us.ma"]
FEEDS = ["/feed/overdue.atom", "/feed/qualified.atom"]
HALF = (PUBLIC_REPORT_FILED, PUBLIC_REPORT_CONFIRMED)
REST = (PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
SO_FAR = 'So far <span class="percent">'
NOT_WHOLE = "<strong>These figures are not the whole.</strong>"
NOTHING_SAID = '<div id="standing" role="status" data-part> </div> <div id="standing-progress"'


def words(answer: httpx.Response) -> str:
    return " ".join(answer.text.split())


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_from_a_part_built_read_model_says_how_far_it_is(
    site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    site.goal = 4
    await site.hears(*HALF)
    answer = await client.get(address)
    assert answer.status_code == 200
    assert NOT_WHOLE in words(answer)
    assert 'So far <span class="percent">50 %</span> of the public events.' in words(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_from_complete_read_models_says_nothing(
    site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    site.goal = 4
    await site.hears(*HALF)
    await client.get(address)
    await site.hears(*REST)
    answer = await client.get(address)
    assert NOTHING_SAID in words(answer)
    assert answer.headers["cache-control"] == "no-cache"
    assert "etag" in answer.headers


@pytest.mark.parametrize("address", PAGES)
async def test_an_empty_instance_is_whole(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    assert NOTHING_SAID in words(answer)


@pytest.mark.parametrize("model", ["board_v5", "overdue_v6", "qualified_v4"])
async def test_each_read_model_can_be_the_one_that_is_behind(
    site: PublicSite, client: httpx.AsyncClient, model: str
) -> None:
    site.goal = 4
    await site.hears(*HALF, *REST)
    with site.engine.begin() as connection:
        behind = update(checkpoints).where(checkpoints.c.name == model)
        connection.execute(behind.values(sequence=3))
    assert f"{SO_FAR}75 %</span> of the public" in words(await client.get("/"))


async def test_what_comes_after_the_goal_counts_for_nothing(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.goal = 2
    await site.hears(*HALF, *REST)
    assert NOTHING_SAID in words(await client.get("/"))


async def test_before_the_goal_is_known_a_page_says_that_it_starts_up(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.goal = None
    answer = await client.get("/")
    assert "<strong>Tribune of Testing is starting up.</strong>" in words(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert "So far" not in answer.text


async def test_a_page_says_how_much_was_looked_through_for_what_is_public(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.releasing = (3_333, 9_999)
    answer = await client.get("/")
    assert NOT_WHOLE in words(answer)
    assert f"{SO_FAR}33 %</span> of the events looked through for what is public" in words(answer)
    site.releasing = None
    assert NOTHING_SAID in words(await client.get("/"))


@pytest.mark.parametrize(
    ("goal", "said"), [(2, "66 %</span> of the events looked"), (4, "50 %</span> of the public")]
)
async def test_of_two_reasons_a_page_tells_the_worse_one(
    site: PublicSite, client: httpx.AsyncClient, goal: int, said: str
) -> None:
    site.goal, site.releasing = goal, (2, 3)
    await site.hears(*HALF)
    assert SO_FAR + said in words(await client.get("/"))


async def test_while_the_gate_is_away_a_page_says_that_more_may_wait(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*HALF)
    site.gate_answers = False
    answer = await client.get("/")
    assert (
        '<strong>Figures of <time datetime="2030-02-16T17:00:00Z">17:00 UTC, 16 Feb 2030</time>'
        "</strong>; whether newer ones wait is not known just now." in words(answer)
    )
    assert "<strong>1</strong></dd> <dd>1 confirmed</dd>" in words(answer)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (await client.get(FEEDS[0])).status_code == 200, "as while the log is away"
    site.gate_answers = True
    assert NOTHING_SAID in words(await client.get("/"))


async def test_who_never_heard_the_gate_does_not_call_anything_the_whole(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.gate_answers, site.releasing = False, Progress(Kind.UNHEARD)
    page = words(await client.get("/"))
    assert "<strong>It is not known just now whether these figures are the whole.</strong>" in page
    assert "So far" not in page
    assert (await client.get(FEEDS[0])).status_code == 503
    assert (await client.get("/api/figures")).json()["whole"] is False
    site.goal = 4
    await site.hears(*HALF)
    assert f"{SO_FAR}50 %</span> of the public" in words(await client.get("/")), "that is certain"


async def test_of_few_that_are_looked_through_no_figure_is_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.releasing = Progress(Kind.RELEASING)
    page = words(await client.get("/"))
    assert NOT_WHOLE in page
    assert "So far" not in page


async def test_what_comes_in_unseen_moves_nothing_that_strangers_see(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Whoever watches would learn when a confidential report is filed, and how many there are."""
    site.releasing = (501_234, 1_000_000)
    await site.looks_again()
    turn = site.live.turn
    before = words(await client.get("/"))
    site.releasing = (501_235, 1_000_001)
    assert not await site.looks_again()
    assert site.live.turn == turn, "no open page is told"
    after = words(await client.get("/"))
    assert re.sub("<time.*?</time>", "", after) == re.sub("<time.*?</time>", "", before)
    for number in ("501,23", "50123", "1,000,00", "100000", "50.1"):
        assert number not in after
    site.releasing = (511_235, 1_000_001)
    assert await site.looks_again()


async def test_what_is_not_whole_is_never_at_a_hundred_percent(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.releasing = (99_999, 100_000)
    assert f"{SO_FAR}99 %<" in (await client.get("/")).text
    site.releasing = (1, 100_000)
    assert f"{SO_FAR}under 1 %<" in (await client.get("/")).text


@pytest.mark.parametrize("address", PAGES)
async def test_what_is_not_there_yet_is_not_said_to_be_none(
    site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    site.goal = 4
    page = words(await client.get(address))
    for claim in ("Nothing has been reported", "No check is overdue", "Nobody has qualified"):
        assert claim not in page
    assert "There is nothing here yet" not in page
    assert "Nothing here so far; the figures are not the whole yet." in page


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("facts", [{"goal": 4}, {"goal": None}, {"releasing": (1, 2)}])
async def test_a_feed_that_is_not_whole_is_not_there(
    site: PublicSite, client: httpx.AsyncClient, address: str, facts: dict[str, int | None]
) -> None:
    vars(site).update(facts)
    answer = await client.get(address)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>Not the whole yet</h1>" in answer.text
    vars(site).update({"goal": 0, "releasing": None})
    assert (await client.get(address)).status_code == 200


async def test_while_the_log_is_away_a_page_tells_when_it_last_was_there(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*HALF)
    site.connected = False
    answer = await client.get("/")
    assert (
        '<strong>Figures of <time datetime="2030-02-16T17:00:00Z">17:00 UTC, 16 Feb 2030</time>'
        "</strong>; newer ones cannot arrive just now." in words(answer)
    )
    assert "<strong>1</strong></dd> <dd>1 confirmed</dd>" in words(answer)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    site.connected = True
    assert NOTHING_SAID in words(await client.get("/"))


async def test_a_page_that_is_read_while_the_log_is_away_is_no_newer_for_that(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.connected = False
    site.clock.jump(site.clock.now().replace(hour=20))
    assert "17:00 UTC, 16 Feb 2030" in (await client.get("/")).text


async def test_open_pages_are_told_when_something_else_is_to_be_said(site: PublicSite) -> None:
    changes = site.live.changes()
    assert await anext(changes) == 0
    site.connected = False
    assert await anext(changes) == 0
    site.releasing = (1, 2)
    assert await anext(changes) == 0
    site.gate_answers = False
    assert await anext(changes) == 0


async def test_an_outage_of_the_log_between_two_looks_is_taken_back_from_open_pages(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.get("/")
    changes = site.live.changes()
    assert await anext(changes) == 0
    site.connected = False
    assert "newer ones cannot arrive" in (await client.get("/")).text
    site.connected = True
    assert await anext(changes) == 0
    assert NOTHING_SAID in words(await client.get("/"))


async def test_a_page_shows_one_moment_while_others_write(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*HALF, PUBLIC_CHECK_OPENED)
    site.goal = 4
    written = []

    def write_in_between(*cursor: object) -> None:
        if board.read_model.name in str(cursor[2]) and not written:
            written.append(PUBLIC_CHECK_OVERDUE)
            site.writes(*written)

    event.listen(site.engine, "after_cursor_execute", write_in_between)
    page = words(await client.get("/"))
    assert written
    assert "Mend the lamp" not in page
    assert f"{SO_FAR}75 %</span> of the public" in page


async def test_figures_that_another_process_wrote_are_shown_when_it_is_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.goal = 2
    assert f"{SO_FAR}0 %</span> of the public" in words(await client.get("/"))
    site.writes(*HALF)
    site.live.tell(2)
    async for position in site.live.changes():
        if position == 2:
            break
    assert NOTHING_SAID in words(await client.get("/"))
