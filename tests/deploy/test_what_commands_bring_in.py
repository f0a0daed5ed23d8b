"""A command begins without what only services need: each start would pay for it."""

import subprocess
import sys
from datetime import date

import pytest

from deploy.feeding.demo import requests

HEAVY = {"faststream", "fastapi", "sqlalchemy", "uvicorn"}
LOOKS = "import sys; import deploy.cli, deploy.commands.{}; print(*sys.modules)"


@pytest.mark.parametrize("command", ["source_key", "user", "why"])
def test_neither_web_framework_nor_database(command: str) -> None:
    there = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LOOKS.format(command)], check=True, capture_output=True, text=True
    )
    assert HEAVY & set(there.stdout.split()) == set()


def test_the_demonstration_ends_before_a_day() -> None:
    before, through = requests(date(2011, 7, 14)), requests(date(2011, 7, 15))
    assert max(row["open_dt"] for row in before).startswith("2011-07-13")
    assert max(row["open_dt"] for row in through).startswith("2011-07-14")
    assert through[: len(before)] == before
    assert len(requests()) == 58_251
