"""A TCP proxy before a server that can lose one request or one answer, and then hangs up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class LossyProxy:
    """What contains `lose_request` or `lose_answer` is lost, once, and the connection with it."""

    target: int
    port: int = 0
    lose_request: bytes | None = None
    lose_answer: bytes | None = None
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection("127.0.0.1", self.target)
        ways = [
            asyncio.create_task(self._requests(reader, to_there)),
            asyncio.create_task(self._answers(there, writer)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (writer, to_there):
            with suppress(OSError):
                end.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.lose_request is not None and self.lose_request in data:
                self.lose_request = None
                self.lost.set()
                return
            writer.write(data)
            await writer.drain()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.lose_answer is not None and self.lose_answer in data:
                self.lose_answer = None
                self.lost.set()
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def lossy_proxy(target: int) -> AsyncIterator[LossyProxy]:
    proxy = LossyProxy(target)
    listening = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listening.close()
