"""A dashboard that knows nothing of us: its program, what npm has for it, what it must tell."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).with_name("foreign")


def fetched(folder: Path) -> Path:
    """A folder of its own with all that the program needs."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm")
    made = shutil.copytree(HERE, folder / "foreign")
    quiet = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(quiet, cwd=made, check=False, capture_output=True)  # noqa: S603
    if done.returncode:
        pytest.skip("npm can't install")
    return made


def judged(said: list[dict[str, Any]], events: int) -> None:
    first, again, _, live, *acts = said
    assert first["first"] == again["again"] == list(range(1, events + 1))
    assert live == {"live": "now", "subject": "public.live.B.us"}
    assert len(acts) == 17
    assert [act for act in acts if not act["refused"]] == []
