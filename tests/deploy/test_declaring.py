"""The inboxes together leave half of the server's store to the logs."""

import asyncio

import pytest
from nats.aio.client import Client
from typer.testing import CliRunner

from deploy.cli import app
from deploy.problems import told as told_error
from deploy.upkeep.declaring import declare_suite, told
from deploy.verify.case import Case
from deploy.verify.scratch import scratch
from deploy.verify.states import States
from deploy.verify.streams import check_streams
from shared.eventsourcing.jetstream.streams import InboxLimits, InboxLimitsError
from shared.runtime.monitoring import monitor_url, store
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer, free_port, nats_server

MB, GB = 1024**2, 1024**3
HALF = GB  # the test server's max_file is 2 GB


def inboxes(**sizes: int) -> dict[str, InboxLimits]:
    return {source: InboxLimits(size) for source, size in sizes.items()}


async def wrong_with_streams(client: Client) -> list[str]:
    with scratch() as notes:
        case = Case(client, Settings(_env_file=None), lambda _: None, notes, States(notes, []))
        await check_streams(case, ["boston"])
        return case.findings.lines()


async def test_half_of_the_store_may_be_for_inboxes(server: NatsServer, bare_nats: Client) -> None:
    wanted = inboxes(boston=HALF - 100 * MB, chicago=100 * MB)
    done = await declare_suite(bare_nats, wanted, server.monitor_url)
    assert "INBOX_BOSTON" in told(done)[0]
    again = await declare_suite(bare_nats, wanted, server.monitor_url)
    assert told(again) == ["all streams are there as declared"]


async def test_more_is_refused_with_the_figures_and_what_to_change(
    server: NatsServer, bare_nats: Client
) -> None:
    wanted = inboxes(boston=HALF - 100 * MB, chicago=101 * MB)
    with pytest.raises(InboxLimitsError) as raised:
        await declare_suite(bare_nats, wanted, server.monitor_url)
    names = [info.config.name for info in await bare_nats.jetstream().streams_info()]
    assert names == ["REMAINS"], "nothing was declared"
    code, words = told_error(raised.value)
    assert code == 1
    assert "may hold 1 GB together (boston 924 MB, chicago 101 MB)" in words
    assert "the NATS server stores at most 2 GB: half of it is for the logs" in words
    assert "sources.toml" in words
    assert "TRIBUNE_NATS_MAX_FILE" in words


async def test_an_inbox_whose_source_left_the_charter_still_counts(
    server: NatsServer, bare_nats: Client
) -> None:
    await declare_suite(bare_nats, inboxes(boston=600 * MB), server.monitor_url)
    with pytest.raises(InboxLimitsError, match="INBOX_BOSTON 600 MB"):
        await declare_suite(bare_nats, inboxes(chicago=600 * MB), server.monitor_url)


async def test_where_the_monitoring_does_not_answer_the_server_s_own_refusal_is_told_so(
    bare_nats: Client,
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    await declare_suite(bare_nats, inboxes(boston=HALF + MB), nobody)
    with pytest.raises(InboxLimitsError) as raised:
        await declare_suite(bare_nats, inboxes(boston=HALF + MB, chicago=HALF), nobody)
    assert "the NATS server has no room for that: half of it is for the logs" in str(raised.value)


async def test_the_monitoring_of_another_server_is_not_believed(
    server: NatsServer, bare_nats: Client
) -> None:
    with nats_server() as other:
        assert await store(bare_nats, other.monitor_url) is None
    kept = await store(bare_nats, server.monitor_url)
    assert kept is not None
    assert (kept.used, kept.most) == (0, 2 * GB)


async def test_other_limits_than_declared_are_no_damage_and_anything_else_is(
    server: NatsServer, bare_nats: Client
) -> None:
    await declare_suite(bare_nats, inboxes(boston=64 * MB), server.monitor_url)
    assert await wrong_with_streams(bare_nats) == []
    config = (await bare_nats.jetstream().stream_info("INBOX_BOSTON")).config
    await bare_nats.jetstream().update_stream(config.evolve(max_age=3600.0))
    (wrong,) = await wrong_with_streams(bare_nats)
    assert wrong.startswith("INBOX_BOSTON: max_age is 3600.0")


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://127.0.0.1:1", "ftp://x"])
async def test_an_address_that_is_none_tells_nothing(bare_nats: Client, url: str) -> None:
    assert await store(bare_nats, url) is None


@pytest.mark.parametrize(
    ("nats_url", "given", "expected"),
    [
        ("nats://u:p@nats:4222", "", "http://nats:8222"),
        ("nats://127.0.0.1:14222", "", "http://127.0.0.1:8222"),
        ("nats://[::1]:4222", "", "http://[::1]:8222"),
        ("nats://nats:4222", "https://m.example/nats/", "https://m.example/nats"),
    ],
)
def test_the_monitoring_is_looked_for_beside_the_server(
    nats_url: str, given: str, expected: str
) -> None:
    settings = Settings(_env_file=None, nats_url=nats_url, nats_monitor_url=given)
    assert monitor_url(settings) == expected


async def test_setup_changes_the_limits_of_inboxes_and_says_so(
    server: NatsServer, bare_nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    monkeypatch.setenv("TRIBUNE_NATS_MONITOR_URL", server.monitor_url)

    async def setup(max_bytes: str, max_msg_size: str) -> str:
        monkeypatch.setenv("TRIBUNE_INBOX_MAX_BYTES", max_bytes)
        monkeypatch.setenv("TRIBUNE_INBOX_MAX_MSG_SIZE", max_msg_size)
        ended = await asyncio.to_thread(CliRunner().invoke, app, ["setup"])
        return f"{ended.exit_code} {ended.stdout}{ended.stderr}"

    assert (await setup("64MB", "272KB")).startswith("0 declared INTAKE")
    assert await setup("64MB", "272KB") == "0 all streams are there as declared\n"
    assert await setup("128MB", "64KB") == (
        "0 INBOX_BOSTON: max_bytes is now 128 MB, was 64 MB\n"
        "INBOX_BOSTON: max_msg_size is now 64 KB, was 272 KB\n"
    )
    config = (await bare_nats.jetstream().stream_info("INBOX_BOSTON")).config
    assert (config.max_bytes, config.max_msg_size) == (128 * MB, 64 * 1024)
    assert "1 the inboxes may hold 1.5 GB together" in await setup("1536MB", "64KB")
    assert await setup("64MB", "2MB") == (
        "2 TRIBUNE_INBOX_MAX_MSG_SIZE: Input should be less than or equal to 1048576\n"
    )
