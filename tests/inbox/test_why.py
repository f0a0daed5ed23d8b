"""`tribune why` tells what a sender wrote, and does nothing that it says."""

import pytest
from nats.aio.client import Client
from upstream import answers, inbox, running, send, submitted

from deploy.looking.reading import _is_more
from deploy.looking.why import explain
from shared.eventsourcing.jetstream.message import ReadFrom

STEERS = "\x1b[31mred\x1b]0;title\x07 \u202eback"


@pytest.mark.parametrize(
    "more", [{"ce-time": STEERS}, {"Status": "404"}, {"Status": "503", "Description": STEERS}]
)
async def test_headers_of_others_steer_neither_us_nor_a_terminal(
    nats: Client, more: dict[str, str]
) -> None:
    headers, body = submitted(1)
    await send(nats, (headers | more, body))
    async with running(inbox(nats)) as box:
        await answers(nats, box)
    lines = [line async for line in explain(nats, "INTAKE/1")]
    (upstream,) = [line for line in lines if line.stream == "INBOX_BOSTON"]
    assert upstream.what == "report.submitted"
    assert upstream.text.startswith("at ") is ("ce-time" in more)
    assert upstream.text.isprintable()
    assert await _is_more(nats, ReadFrom("INBOX_BOSTON", 1), 1)


async def test_a_sender_who_says_no_time_is_told_without_one(nats: Client) -> None:
    """ "at ?" was said of nearly all: the attribute is nobody's duty."""
    await send(nats, submitted(1))
    async with running(inbox(nats)) as box:
        await answers(nats, box)
    texts = [line.text async for line in explain(nats, "INTAKE/1") if line.stream != "INTAKE"]
    assert texts == [""]
