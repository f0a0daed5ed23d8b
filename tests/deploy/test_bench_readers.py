"""`tribune bench readers`: how waits are counted, and the whole of it in a small form."""

import asyncio
import json
import subprocess
import sys
from collections import Counter

import pytest

from deploy.bench.waits import at, cuts, late, waits_ms
from deploy.bench.wire import Stream, Wire

pytestmark = pytest.mark.deep

STORED = [100.0, 100.5, 101.0]
"""When 7, 8 and 9 came to stand in the stream."""


def test_each_reader_waits_for_each_event() -> None:
    told = [(100.25, 5, 7), (101.25, 7, 9), (101.5, 6, 9)]
    assert waits_ms(told, STORED, 7) == Counter({250: 2, 750: 1, 500: 1, 1000: 1, 1500: 1})


def test_what_was_there_before_and_what_came_after_is_not_counted() -> None:
    assert waits_ms([(102.0, -1, 12)], STORED, 7) == Counter({2000: 1, 1500: 1, 1000: 1})
    assert not waits_ms([(102.0, 9, 9)], STORED, 7)


def test_who_has_not_been_told_of_what_is_old_enough_is_late() -> None:
    assert late([9, 8, 7, -1], STORED, 7, until=100.75) == 2
    assert late([6], STORED, 7, until=100.0) == 0


def test_the_slowest_are_not_left_out() -> None:
    waits = Counter({1: 98, 40: 1, 900: 1})
    assert cuts("told", waits) == {"told_p50_ms": 1, "told_p99_ms": 40, "told_max_ms": 900}
    assert at(Counter({10**6: 1}), 0.5) == 10**6


async def test_what_arrives_in_pieces_is_one_answer() -> None:
    wire = Wire(0, "192.0.2.1")
    wire._waiting = asyncio.get_running_loop().create_future()
    for piece in (b"HTTP/1.1 200 OK\r\nContent-Len", b'gth: 4\r\nETag: "x"\r\n\r\nab', b"cd"):
        assert not wire._waiting.done()
        wire.data_received(piece)
    answer = await wire._waiting
    assert (answer.status, answer.text, answer.etag, answer.size) == (200, "abcd", b'"x"', 53)


def test_each_event_of_a_stream_is_told_once() -> None:
    heard = []

    class Heard(Stream):
        def told(self, kind: bytes, number: int) -> None:
            heard.append((kind, number))

    stream = Heard("/live", "192.0.2.1")
    for piece in (b"17\r\nevent: spread\nda", b"ta: 5\n\nevent: changed\ndata: 12", b"\n\n\r\n"):
        stream.data_received(piece)
    assert heard == [(b"spread", 5), (b"changed", 12)]


@pytest.mark.deep
def test_a_few_readers_are_told_of_all_and_keep_no_visitor_waiting() -> None:
    """Through the whole suite; how fast it is on a busy machine says nothing."""
    bench = [sys.executable, "-P", "-m", "deploy.cli", "bench", "readers", "--json"]
    ended = subprocess.run(  # noqa: S603
        [*bench, "--readers", "20", "--seconds", "5"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    assert figures["readers"] == 20
    assert figures["readers_late"] == figures["visits_in_vain"] == 0
    assert set(figures["answers"]) <= {"200", "304"}
    assert 0 < figures["told_p50_ms"] <= figures["told_p99_ms"] <= figures["shown_max_ms"]
    assert 0 < figures["fetch_bytes"] < figures["page_bytes"]
