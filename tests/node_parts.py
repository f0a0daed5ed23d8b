"""What tests take from npm: axe, an OpenID provider and jose. Without it they are skipped."""

import asyncio
import fcntl
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from shared.testing.servers import free_port

FOLDER = Path(__file__).parent / "node"
MODULES = FOLDER / "node_modules"
WHOLE = MODULES / ".package-lock.json"
"""npm writes it when all the rest is there."""
WITHIN_S = 60.0


@cache
def has_modules() -> bool:
    """They are fetched once, as the lock file has them; by one process, while the others wait."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return False
    with (FOLDER / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not WHOLE.is_file():
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=FOLDER, check=False, capture_output=True, timeout=300)  # noqa: S603
    return WHOLE.is_file()


def needs_modules() -> None:
    if not has_modules():
        pytest.skip("needs node, and what `npm ci` fetches in tests/node")


def axe() -> str:
    needs_modules()
    return (MODULES / "axe-core" / "axe.min.js").read_text()


@asynccontextmanager
async def openid_provider(comes_back_to: str) -> AsyncIterator[str]:
    """Its issuer."""
    needs_modules()
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(str(shutil.which("node")), "provider.mjs", str(port), comes_back_to),
        cwd=FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(WITHIN_S):
            while b"listening" not in await process.stdout.readline():
                assert process.returncode is None
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
