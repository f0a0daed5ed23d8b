"""A real headless Chromium, spoken to over its debugging pipe: no library, no network port."""

import asyncio
import itertools
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
ANSWERS_WITHIN_S = 90.0
UNTIL = """
new Promise(done => {
  const watch = new MutationObserver(look);
  function look() { if (CONDITION) { watch.disconnect(); done(); } }
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  look();
})
"""
WITH_PIPES = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for number, pipe in zip((3, 4), pipes):
    os.dup2(pipe, number)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Tab:
    """One page. `console` and `requests` collect what the page complained of and asked for."""

    def __init__(self, write: asyncio.StreamWriter) -> None:
        self.console: list[str] = []
        self.requests: list[str] = []
        self._write = write
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[str, asyncio.Event] = {}
        self._session: str | None = None

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._write.write(json.dumps(message).encode() + b"\0")
        answer = await asyncio.wait_for(self._waiting[number], ANSWERS_WITHIN_S)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    async def attach(self) -> None:
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")

    async def look_as(self, width: int, *, dark: bool = False, scripts: bool = True) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])
        await self.call("Emulation.setScriptExecutionDisabled", value=not scripts)

    async def open(self, address: str) -> None:
        loaded = self._events["Page.loadEventFired"] = asyncio.Event()
        await self.call("Page.navigate", url=address)
        await asyncio.wait_for(loaded.wait(), ANSWERS_WITHIN_S)

    async def act(self, expression: str) -> None:
        """What leads to another page; until that is there."""
        loaded = self._events["Page.loadEventFired"] = asyncio.Event()
        await self.evaluate(expression)
        await asyncio.wait_for(loaded.wait(), ANSWERS_WITHIN_S)

    async def choose(self, selector: str, *files: Path) -> None:
        """Into a field for files, as its dialogue would."""
        root = (await self.call("DOM.getDocument"))["root"]["nodeId"]
        found = await self.call("DOM.querySelector", nodeId=root, selector=selector)
        paths = [str(each) for each in files]
        await self.call("DOM.setFileInputFiles", files=paths, nodeId=found["nodeId"])

    async def press(self, **key: Any) -> None:
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, **key)

    async def enter(self) -> None:
        """Press it, where that leads to another page; until that is there."""
        loaded = self._events["Page.loadEventFired"] = asyncio.Event()
        await self.press(key="Enter", windowsVirtualKeyCode=13, text="\r")
        await asyncio.wait_for(loaded.wait(), ANSWERS_WITHIN_S)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait in the page until a JavaScript condition holds, looking at each change of it."""
        await self.evaluate(UNTIL.replace("CONDITION", condition))

    async def listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                self._heard(json.loads((await reader.readuntil(b"\0"))[:-1]))

    def _heard(self, message: dict[str, Any]) -> None:
        if waiting := self._waiting.pop(message.get("id", 0), None):
            waiting.set_result(message)
        match message.get("method"):
            case "Log.entryAdded":
                self.console.append(message["params"]["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.console.append(str(message["params"]["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            case str(method) if method in self._events:
                self._events[method].set()


@asynccontextmanager
async def browser(profile: Path, flags: Iterable[str] = ()) -> AsyncIterator[Tab]:
    """Chromium reads commands from descriptor 3 and writes to 4."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *flags]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WITH_PIPES,
        str(theirs_in),
        str(theirs_out),
        *command,
        pass_fds=(theirs_in, theirs_out),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"HOME": str(profile)},
    )
    os.close(theirs_in)
    os.close(theirs_out)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**27)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours_in, "rb")
    )
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(ours_out, "wb")
    )
    tab = Tab(asyncio.StreamWriter(transport, protocol, None, loop))
    listening = asyncio.create_task(tab.listen(reader))
    try:
        await tab.attach()
        yield tab
    finally:
        with suppress(AssertionError, TimeoutError, ConnectionError):
            tab._session = None
            await tab.call("Browser.close")
        listening.cancel()
        transport.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 10)
        if process.returncode is None:
            process.kill()
            await process.wait()
