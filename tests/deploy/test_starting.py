"""What starts is waited for as long as anything moves; then it is said what does not."""

import asyncio
import signal
import socket
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from real_suite import CHARTER, Home, free_ports, until
from up_process import up

from deploy.embedded import Suite, running
from deploy.embedded.keeping import Keeper
from deploy.embedded.starting import Patience, all_ready

NOWHERE = "postgresql://{service}@127.0.0.1:1/{service}"
PATIENCE_S = 10.0


async def test_patience_lasts_for_as_long_as_there_is_something_new() -> None:
    patience, began = Patience(0.3), asyncio.get_running_loop().time()
    number = 0
    while asyncio.get_running_loop().time() - began < 1:
        assert patience.see({"intake-1": f"at {number}", "nats": ""})
        number += 1
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("said", [["the same"], ["at 1", "does not answer", "at 2"]])
async def test_what_was_seen_before_is_nothing_new(said: list[str]) -> None:
    """A part that comes as far as before, again and again, does not move."""
    patience, rounds = Patience(0.3), 0
    while all(patience.see({"intake-1": word}) for word in said):
        rounds += 1
        await asyncio.sleep(0.01)
    assert rounds > 1


@pytest.mark.parametrize("option", ["--port", "--nats-port"])
async def test_a_port_that_is_taken_is_told_before_anything_starts(
    tmp_path: Path, option: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        suite = Suite(tmp_path, CHARTER, port if option == "--port" else free_ports())
        suite.nats_port = port if option == "--nats-port" else 0
        with pytest.raises(RuntimeError, match=f"port {port} .* is taken.*{option}"):
            async with running(suite):
                pytest.fail("it is taken")
    assert not suite.log_of("nats").exists()


async def test_where_nothing_moves_it_is_said_what_and_where_to_look(tmp_path: Path) -> None:
    """Also of a part that has not come so far yet that it could say what it waits for."""
    suite = Suite(
        tmp_path,
        CHARTER,
        free_ports(),
        patience_s=PATIENCE_S,
        environment={"TRIBUNE_DATABASE_URL": NOWHERE},
    )
    with pytest.raises(RuntimeError) as raised:
        async with running(suite):
            pytest.fail("there is no database")
    words = str(raised.value)
    away = "intake's database intake on 127.0.0.1:1 does not answer (Connection refused)."
    begins = f"nothing has moved for {PATIENCE_S:.0f} s. intake-1: "
    assert words.startswith((begins + "waits for its database: " + away, begins + "starts."))
    assert str(tmp_path / "publishing-1.log") in words
    if "waits for its database" in words:
        assert "does not answer (Connection refused)" in (tmp_path / "intake-1.log").read_text()


class Part:
    """Says of itself what it is told to, to one question after the other; then that it is ready."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # who asked has gone
            while await reader.readuntil(b"\r\n\r\n"):
                code = self.codes.pop(0) if self.codes else 200
                body = b'{"reasons": ["catches up"]}'
                head = f"HTTP/1.1 {code} x\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)


async def test_who_was_ready_and_is_not_any_more_is_waited_for(tmp_path: Path) -> None:
    """A standby is ready at once; then the work becomes its own."""
    standby, owner = Part(200, 503, 503, 503), Part(503, 503)
    parts = {"publishing-1": owner, "publishing-2": standby}
    ports = dict(zip(parts, range(first := free_ports(), first + 2), strict=True))
    suite = Suite(tmp_path, CHARTER, ports=ports, inner=ports)
    keepers = [Keeper(suite, part, [], 0) for part in parts]
    async with AsyncExitStack() as stack:
        for name, part in parts.items():
            server = await asyncio.start_server(part.answer, "127.0.0.1", ports[name])
            await stack.enter_async_context(server)
        await all_ready(suite, keepers, [], lambda _: None)
    assert standby.codes == []


@pytest.mark.deep
async def test_without_a_terminal_there_is_a_line_now_and_then(tmp_path: Path) -> None:
    where = Home(tmp_path / "suite", {"TRIBUNE_DATABASE_URL": NOWHERE})
    async with up(where) as started:

        async def told() -> bool:
            return "waits for intake-1: waits for its database" in started.told

        await until(told, "it is told what is waited for")
        assert await started.ends(signal.SIGTERM) == 128 + signal.SIGTERM
        assert len(started.told.splitlines()) < 10
