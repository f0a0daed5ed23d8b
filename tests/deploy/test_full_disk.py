"""A disk that is full: said in words everywhere, and over by itself once there is room."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from asking_up import events, is_ready, measures, refusal, says, send
from real_suite import ON_POSTGRES, Home, until
from small_disk import Disk, small_disk
from up_process import Up, up

from deploy.looking.lag import settled
from shared.contracts.routing import logs
from shared.eventsourcing.jetstream.connection import Client, connect

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(ON_POSTGRES, reason="it is about the disk that all is on"),
]

MB = 1024**2
ROWS = 400
SMALL_INBOX = {"TRIBUNE_INBOX_MAX_BYTES": "8MB"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk", "96m") as mounted:
        yield mounted


@pytest.fixture
def where(disk: Disk) -> Home:
    return Home(disk.folder / "suite", dict(SMALL_INBOX))


async def status_of(where: Home) -> tuple[int, str]:
    said = await asyncio.to_thread(where.tribune, "status", "--json")
    return said.returncode, said.stdout + said.stderr


async def is_whole(client: Client, stream: str) -> bool:
    state = (await client.jetstream().stream_info(stream)).state
    return bool(state.messages == state.last_seq - state.first_seq + 1 and not state.num_deleted)


async def test_filled_to_the_brim_it_is_told_and_with_room_all_goes_on(
    disk: Disk, where: Home
) -> None:
    half = len(events(ROWS)) // 2
    async with up(where) as suite:
        await suite.runs()
        client = await connect(suite.facts["nats_url"], "test", suite.keys.root())
        assert await send(client, events(ROWS)[:half]) == half
        await settled(client)
        disk.fill()
        trying = asyncio.create_task(refusal(client, events(ROWS)[half:]))

        await until(lambda: _told(suite, "no space left on device"), "the console says why")
        words = f"the disk of {where.data_dir}"
        for process in ("intake-1", "publishing-1"):
            await until(lambda p=process: says(suite, p, "reasons", words), "readiness says why")  # type: ignore[misc]
            assert await measures(suite, process, "tribune_store_full_ratio") == 1
            assert await measures(suite, process, "tribune_log_server_ill") == 1
        code, told = await status_of(where)
        assert code == 4
        assert f"the disk of {where.data_dir / 'nats'} is full" in told
        assert "Traceback" not in told

        disk.make_room()
        await until(lambda: _told(suite, "there is room again"), "NATS is started")
        await trying
        assert await send(client, events(ROWS)) == len(events(ROWS))
        await settled(client)
        for process in ("intake-1", "promotion-1", "publishing-1"):
            await until(lambda p=process: is_ready(suite, p), "it is ready again")  # type: ignore[misc]
            assert await measures(suite, process, "tribune_log_server_ill") == 0
        for stream in (*logs(), "RECEIPTS", "INBOX_BOSTON"):
            assert await is_whole(client, stream), f"{stream} has no gap"
        assert (await status_of(where))[0] == 0
        await client.close()
        assert await suite.ends(signal.SIGTERM) == 0
    assert "the disk" in (where.data_dir / "intake-1.log").read_text()
    assert "refuses to run" not in suite.told, "nobody took it for damage"


async def _told(suite: Up, words: str) -> bool:
    assert suite.process.poll() is None, suite.told
    return words in suite.told


@pytest.mark.deep
async def test_asked_to_end_meanwhile_it_ends(disk: Disk, where: Home) -> None:
    async with up(where) as suite:
        await suite.runs()
        client = await connect(suite.facts["nats_url"], "test", suite.keys.root())
        disk.fill()
        trying = asyncio.create_task(refusal(client, events(ROWS)))
        await until(lambda: _told(suite, "no space left on device"), "the console says why")
        assert await suite.ends(signal.SIGTERM) == 0
        await suite.nothing_is_left()
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
        with suppress(OSError):
            await client.close()


async def test_on_a_full_disk_nothing_is_started(disk: Disk, where: Home) -> None:
    where.data_dir.mkdir()
    disk.fill()
    said = await asyncio.to_thread(where.tribune, "up")
    assert said.returncode == 1
    assert f"the disk of {where.data_dir / 'nats'} is full: 0 B are free" in said.stderr


async def test_more_than_the_disk_has_room_for_is_refused(where: Home) -> None:
    said = await asyncio.to_thread(where.tribune, "up", "--max-file", "97MB")
    assert said.returncode == 1
    assert "--max-file is 97 MB, and the disk of" in said.stderr
    assert "has room for 9" in said.stderr


@pytest.mark.parametrize(
    ("given", "least", "most"), [([], 60 * MB, 78 * MB), (["--max-file", "33MB"], 33 * MB, 33 * MB)]
)
async def test_what_the_log_may_take_is_less_than_the_disk_or_what_is_given(
    where: Home, given: list[str], least: int, most: int
) -> None:
    async with up(where, *given) as suite:
        await suite.runs()
        async with httpx.AsyncClient(trust_env=False) as http:
            told: dict[str, Any] = (await http.get(f"{suite.facts['monitor_url']}/varz")).json()
    assert least <= told["jetstream"]["config"]["max_storage"] <= most


def test_the_variable_of_docker_compose_says_it_too(where: Home) -> None:
    where.environment["TRIBUNE_NATS_MAX_FILE"] = "1TB or so"
    said = where.tribune("up")
    assert said.returncode == 2
    assert "such as 272KB" in " ".join(said.stderr.split())
    where.environment["TRIBUNE_NATS_MAX_FILE"] = "97MB"
    assert "--max-file is 97 MB" in where.tribune("up").stderr
