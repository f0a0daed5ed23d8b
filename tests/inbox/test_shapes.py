"""Files of many shapes, from the command to the log, compared row by row with another reading."""

import asyncio
import gzip
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from shapes import SHAPES, Said, Shape
from typer.testing import CliRunner, Result
from upstream import all_stored, handler, read_stream, running

from deploy.cli import app
from services.intake.translate import translator
from shared.contracts.report import ReportFiled
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.runtime.charter import read_charter
from shared.testing.examples import DIGESTS, MONDAY
from shared.testing.servers import NatsServer, free_port

ROWS = 400


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch, server: NatsServer) -> None:
    """So that few rows go through all that many go through."""
    monkeypatch.setattr("deploy.feeding.publish.BATCH", 50)
    monkeypatch.setattr("deploy.feeding.publish.MOST_WAITING", 100)
    monkeypatch.setattr("deploy.feeding.taking.sorter.PIECE", 20_000)
    monkeypatch.setattr("deploy.feeding.taking.sorter.MOST_PIECES", 3)
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)


def made(shape: Shape, folder: Path, rows: int = ROWS) -> Path:
    (folder / "mapping.toml").write_text(shape.mapping, encoding="utf-8")
    shape.write(folder / shape.name, rows)
    return folder / shape.name


async def publish(file: Path, *options: str) -> Result:
    mapping = str(file.with_name("mapping.toml"))
    arguments = ["publish", str(file), "--mapping", mapping, *options]
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)


def inbox_of(client: Client, charter: Path) -> Inbox:
    known = read_charter(charter)
    translate = translator(known.places, known.sectors)
    return Inbox(client, "intake", "boston", handler(client), translate, lambda _: MONDAY, DIGESTS)


async def filed(client: Client) -> dict[str, Said]:
    found = {}
    for message in await read_stream(client, "INTAKE"):
        event = decode(message.headers, message.body, message.sequence).event
        assert isinstance(event, ReportFiled)
        assert event.source_id not in found
        found[event.source_id] = Said(event.filed_at, event.text, event.place, event.sector)
    return found


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.write.__name__)
async def test_all_that_a_file_says_reaches_the_log_and_nothing_else(
    shape: Shape, nats: Client, tmp_path: Path
) -> None:
    """With the charter that was drafted from it; and once more, which changes nothing."""
    file, charter = made(shape, tmp_path), tmp_path / "charter"
    drafted = await publish(file, "--charter-draft", str(charter))
    assert drafted.exit_code == 0, drafted.stderr
    checked = CliRunner().invoke(app, ["charter", "check", str(charter)])
    assert checked.exit_code == 0, checked.stdout
    async with running(inbox_of(nats, charter)):
        first = await publish(file, "--json")
        assert first.exit_code == 0, first.stderr
        again = await publish(file, "--json")
    told = [json.loads(ended.stdout) for ended in (first, again)]
    assert [said["sent"] for said in told] == [ROWS, ROWS]
    assert [said["accepted"] for said in told] == [ROWS, 0]
    assert told[1]["duplicate"] == ROWS
    counted = dict(shape.count(file))
    assert len(counted) == ROWS
    assert await filed(nats) == counted


async def test_events_are_sent_in_the_order_in_which_they_happened(
    nats: Client, tmp_path: Path
) -> None:
    file = made(SHAPES[-1], tmp_path)
    await publish(file, "--charter-draft", str(tmp_path / "charter"))
    async with running(inbox_of(nats, tmp_path / "charter")):
        assert (await publish(file)).exit_code == 0
    sent = [
        json.loads(message.body)["filed_at"] for message in await read_stream(nats, "INBOX_BOSTON")
    ]
    assert len(sent) == ROWS
    assert sent == sorted(sent)


SMALL_STEPS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts tests aside may ignore it
import deploy.feeding.publish as publishing
publishing.BATCH, publishing.MOST_WAITING = 50, 100
from deploy.cli import app
app()
"""


async def test_what_was_stopped_goes_on_to_the_exact_end(nats: Client, tmp_path: Path) -> None:
    """By Ctrl-C, while it waits for receipts; the rest was not sent at all."""
    shape = SHAPES[-1]
    file = made(shape, tmp_path)
    await publish(file, "--charter-draft", str(tmp_path / "charter"))
    arguments = ["publish", str(file), "--mapping", str(tmp_path / "mapping.toml")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SMALL_STEPS, *arguments, stderr=asyncio.subprocess.PIPE
    )
    await all_stored(nats, 150)
    process.send_signal(signal.SIGINT)
    told = (await process.communicate())[1].decode()
    assert process.returncode == 130, told
    assert "intake does not run in the suite at 127.0.0.1:" in told, "before anything is sent"
    assert "stopped after 0 of 400 receipts; publish the same file again to go on" in told
    async with running(inbox_of(nats, tmp_path / "charter")):
        ended = await publish(file, "--json")
    assert ended.exit_code == 0, ended.stderr
    figures = json.loads(ended.stdout)
    assert figures["accepted"] + figures["duplicate"] == figures["sent"] == ROWS
    assert await filed(nats) == dict(shape.count(file))


async def test_rejects_mended_and_published_complete_the_file(nats: Client, tmp_path: Path) -> None:
    """A table without a key: each row keeps the number that it had."""
    shape = SHAPES[2]
    file, rejects = made(shape, tmp_path, 40), tmp_path / "rejects.txt.gz"
    counted = dict(shape.count(file))
    text = gzip.decompress(file.read_bytes()).decode("utf-16")
    lines = text.splitlines(keepends=True)
    good = lines[7]
    spoilt = [
        *lines[:7],
        good.replace("x\t", "", 1),
        *lines[8:21],
        lines[21].replace("/", "!"),
        *lines[22:],
    ]
    file.write_bytes(gzip.compress("".join(spoilt).encode("utf-16")))
    stopped = await publish(file, "--charter-draft", str(tmp_path / "charter"))
    assert stopped.exit_code == 2
    async with running(inbox_of(nats, tmp_path / "charter")):
        first = await publish(file, "--json", "--rejects", str(rejects))
        assert first.exit_code == 1, first.stderr
        assert json.loads(first.stdout) == {
            "sent": 38,
            "accepted": 38,
            "duplicate": 0,
            "refused": 0,
            "rows left out": 2,
            "refusals": [],
            "other_reasons": 0,
        }
        left = gzip.decompress(rejects.read_bytes()).decode("utf-16").splitlines(keepends=True)
        assert left[0].startswith("rejected_because\trejected_from\tSpare 0\t")
        assert [line.split("\t")[1] for line in left[1:]] == ["wide.txt.gz#7", "wide.txt.gz#21"]
        assert left[1].startswith("has 63 cells, and there are 64 columns\t")
        assert "is no time" in left[2]
        mended = [
            left[0],
            "\t".join(left[1].split("\t")[:2]) + "\t" + good,
            left[2].replace("!", "/"),
        ]
        rejects.write_bytes(gzip.compress("".join(mended).encode("utf-16")))
        second = await publish(rejects, "--json")
    assert second.exit_code == 0, second.stderr
    assert json.loads(second.stdout)["accepted"] == 2
    assert await filed(nats) == counted


MOST_MB = 150
A_MILLION = 1_000_000


@pytest.fixture
async def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """Of a server with more room than tests have."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = NatsServer(folder, free_port(), environment={"TRIBUNE_NATS_MAX_FILE": "8GB"})
    server.start()
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    client = await connect(server.url, "test")
    yield client
    await client.close()
    server.stop()


@pytest.mark.deep
async def test_a_million_rows_reach_the_log_in_little_memory(large: Client, tmp_path: Path) -> None:
    limits = {"boston": InboxLimits(max_bytes=2 * 1024**3)}
    await declare(large.jetstream(), suite_streams(limits))
    shape = SHAPES[-1]
    file = made(shape, tmp_path, A_MILLION)
    arguments = [str(file), "--mapping", str(tmp_path / "mapping.toml")]
    charter = tmp_path / "charter"
    await measured(*arguments, "--charter-draft", str(charter))
    async with running(inbox_of(large, charter)):
        told, memory = await measured(*arguments, "--json")
    assert json.loads(told)["accepted"] == A_MILLION
    assert memory < MOST_MB
    wanted = {key: hash(said) for key, said in shape.count(file)}
    async with open_reader(large, ReadFrom("INTAKE", 1)) as reader:
        while wanted:
            for message in await reader.next():
                event = decode(message.headers, message.body, message.sequence).event
                assert isinstance(event, ReportFiled)
                said = Said(event.filed_at, event.text, event.place, event.sector)
                assert wanted.pop(event.source_id) == hash(said)
    assert (await large.jetstream().stream_info("INTAKE")).state.messages == A_MILLION


async def measured(*arguments: str) -> tuple[str, float]:
    """What the command prints, and the megabytes that it has needed at most."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MEASURED, "publish", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode(), float(err.split()[-1])


MEASURED = """
import atexit, resource, sys
def tell():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, file=sys.stderr)
atexit.register(tell)
from deploy.cli import app
app()
"""
