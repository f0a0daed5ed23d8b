"""The body and who filed a report speak under its code, and nobody else reads it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import Engine
from street import SOURCE, Street, hidden, passer_by, reported, street, traced

from services.intake.domain.exchange import MOST_IN_A_ROW, Inquire
from services.intake.domain.protection import EraseReport
from shared.contracts.exchange import ReplyGiven
from shared.contracts.identity import aggregate_id
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY

ASKED, REPLIED = "On which <b>floor</b>?", "The third, behind the lift."


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database) as here:
        yield here


async def key_of(here: Street, code: str) -> AggregateKey:
    name = await here.codes.name_of(code)
    return AggregateKey("intake", "exchange", aggregate_id("report", SOURCE, name))


async def replies(here: Street, code: str, *, sealed: bool = False) -> list[str]:
    store = JetStreamEventStore(here.nats) if sealed else here.opened
    events = [each.event for each in await store.load(await key_of(here, code))]
    return [each.words for each in events if isinstance(each, ReplyGiven)]


async def inquires(here: Street, code: str) -> None:
    report = (await key_of(here, code)).id
    await here.do(Inquire(report, "inspector", ASKED, MONDAY))


async def replies_on_page(client: httpx.AsyncClient, code: str, words: str) -> httpx.Response:
    """The page itself bears all that its form has to send, but for what is typed."""
    page = await traced(client, code)
    return await client.post("/trace/reply", data=hidden(page) | {"words": words})


@pytest.mark.parametrize("known_to", ["body", "all"])
async def test_a_question_is_read_and_replied_to_under_the_code(
    here: Street, known_to: str
) -> None:
    """Sealed, also where the report is open to all."""
    async with passer_by(here) as client:
        code = await reported(client, known_to=known_to)
        assert "The body asks" not in (await traced(client, code)).text
        await inquires(here, code)
        page = await traced(client, code)
        assert "The body asks (inspector):" in page.text
        assert "On which &lt;b&gt;floor&lt;/b&gt;?" in page.text
        answer = await client.post("/trace/reply", data=hidden(page) | {"words": REPLIED})
        again = await client.post("/trace/reply", data=hidden(page) | {"words": "Or not."})
        after = await traced(client, code)
    assert answer.status_code == again.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "It is with the body now." in answer.text
    assert REPLIED not in answer.text + after.text, "a code may fall into other hands"
    assert "You said something." in after.text
    assert await replies(here, code) == [REPLIED], "the same form twice is one reply"
    assert await replies(here, code, sealed=True) == [CLOSED]


async def test_programs_read_and_reply_too(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        await inquires(here, code)
        said = {"words": REPLIED, "once": "7" * 32}
        for _twice in range(2):
            answer = await client.post(
                "/api/trace/replies", json=said, headers={"Receipt-Code": code}
            )
            assert (answer.status_code, answer.content) == (204, b"")
        told = await client.get("/api/trace", headers={"Receipt-Code": code})
    day = MONDAY.date().isoformat()
    assert told.json()["said"] == [
        {"by": "body", "role": "inspector", "day": day, "words": ASKED},
        {"by": "you", "role": None, "day": day, "words": ""},
    ]
    assert await replies(here, code) == [REPLIED]


@pytest.mark.parametrize(
    ("code", "said", "status"),
    [
        ("1234", {"words": "x"}, 422),
        ("0" * 16, {"words": "x"}, 404),
        (None, {"words": ""}, 422),
        (None, {"words": "x" * 4_001}, 422),
        (None, {"words": "bell \x07"}, 422),
        (None, {"words": " "}, 422),
        (None, {}, 422),
        (None, {"words": "x", "once": "again"}, 422),
    ],
)
async def test_what_can_not_be_taken_is_said(
    here: Street, code: str | None, said: dict[str, str], status: int
) -> None:
    async with passer_by(here) as client:
        known = code or await reported(client)
        answer = await client.post("/api/trace/replies", json=said, headers={"Receipt-Code": known})
        assert answer.status_code == status, answer.text
        assert known not in answer.text
        if code is None:
            assert await replies(here, known) == []


async def test_too_many_in_a_row_are_told_to_wait(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        for number in range(MOST_IN_A_ROW):
            said = {"words": str(number)}
            await client.post("/api/trace/replies", json=said, headers={"Receipt-Code": code})
        page = await replies_on_page(client, code, "one more")
        told = await client.post(
            "/api/trace/replies", json={"words": "more"}, headers={"Receipt-Code": code}
        )
    assert page.status_code == 422
    assert "Nothing more is taken" in page.text
    assert told.status_code == 409
    assert len(await replies(here, code)) == MOST_IN_A_ROW


@pytest.mark.parametrize("words", ["", " \n ", "x" * 4_001])
async def test_a_form_without_words_is_shown_again(here: Street, words: str) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        answer = await replies_on_page(client, code, words)
    assert answer.status_code == 422
    assert 'href="#words"' in answer.text
    assert "It was received." in answer.text


async def test_of_an_erased_report_nothing_is_taken(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        page = await traced(client, code)
        await here.do(EraseReport((await key_of(here, code)).id, "Asked for", MONDAY))
        answer = await client.post("/trace/reply", data=hidden(page) | {"words": REPLIED})
        told = await client.post(
            "/api/trace/replies", json={"words": "more"}, headers={"Receipt-Code": code}
        )
    assert answer.status_code == 422
    assert "The report was erased" in answer.text
    assert told.status_code == 409
    assert await replies(here, code) == []
