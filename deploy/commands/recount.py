"""`tribune recount`: counts what the site shows anew from PUBLIC alone, and tells what differs."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPException
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from deploy.connecting import Connected, connected
from deploy.looking.reading import messages
from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.terminal import Terminal
from shared.runtime.outside import harmless
from shared.runtime.settings import PROJECT

SCRIPT = PROJECT / "docs" / "downstream" / "recount.py"
"""The one that outsiders have: it knows nothing of us, and nobody has to believe us."""
TRIES, AGAIN_AFTER_S = 5, 2.0

beside = Terminal(stderr=True)


def script() -> ModuleType:
    spec = spec_from_file_location("recount", SCRIPT)
    assert spec  # noqa: S101
    assert spec.loader  # noqa: S101
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def recount(data_dir: Path | None, site: str, *, as_json: bool, lines: bool) -> int:
    async with connected(data_dir, services=not lines) as suite:
        if lines:
            async for event in _events(suite):
                print(json.dumps(event))  # noqa: T201
            return 0
        address = (site or suite.settings.sites_for("publishing").base).rstrip("/")
        if urlsplit(address).scheme not in ("http", "https"):
            beside.print("Name the site: `tribune recount https://tribune.example`.", style="red")
            return WRONG_USE
        try:
            things, found = await _settled(suite, address)
        except (OSError, HTTPException, ValueError) as error:
            beside.print(harmless(f"{address} can't be asked: {error}"), style="red")
            return WRONG_USE
    if as_json:
        print(json.dumps({"site": address, "things": things, "differences": found}))  # noqa: T201
    else:
        for line in found:
            print(harmless(line))  # noqa: T201
        told = f"{len(found):,} figures differ" if found else "every figure is the same"
        print(harmless(f"{things:,} reports and checks, counted anew: {told} at {address}"))  # noqa: T201
    return FOUND_WRONG if found else 0


async def _settled(suite: Connected, site: str) -> tuple[int, list[str]]:
    """What differs also on a second look: between reading and asking something may happen."""
    counting = script()
    for left in range(TRIES, 0, -1):
        count = counting.Count()
        async for event in _events(suite):
            count.take(event["type"], event["time"], event["body"])
        found = [line async for line in _one_by_one(counting.differences(count, site))]
        if not found or left == 1:
            break
        beside.print(f"{len(found):,} differ; looks again, for something may happen just now")
        await asyncio.sleep(AGAIN_AFTER_S)
    return len(count.things), found


async def _events(suite: Connected) -> AsyncIterator[dict[str, Any]]:
    """Events as the script reads them."""
    async for message in messages(suite.client, "PUBLIC"):
        _, _, kind = message.headers["ce-type"].rpartition(".")
        body = json.loads(message.body)
        yield {"type": kind, "time": message.headers["ce-time"], "body": body}


async def _one_by_one(lines: Iterator[str]) -> AsyncIterator[str]:
    """So that who is stopped waits for one answer at the most."""
    while (line := await asyncio.to_thread(next, lines, None)) is not None:
        yield line
