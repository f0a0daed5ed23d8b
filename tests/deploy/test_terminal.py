"""Commands show what came from outside, in lines and tables, and it is no markup and no order."""

import io
from pathlib import Path
from typing import Any

import pytest
from hostile import REFUSED, TAKEN
from rich.table import Table

from deploy.terminal import Terminal
from shared.runtime.outside import harmless
from shared.runtime.settings import PROJECT

ALL = TAKEN | REFUSED


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_text_is_shown_as_it_is_without_what_steers(text: str) -> None:
    line, framed, table = io.StringIO(), io.StringIO(), Table("owner", title=text)
    table.add_row(text)
    given: Any = {"force_terminal": True, "width": 3_000, "color_system": "truecolor"}
    Terminal(file=line, **given).print(text, style="red", highlight=False, soft_wrap=True)
    Terminal(file=framed, **given).print(table, highlight=False)
    painted = line.getvalue() + framed.getvalue()
    if not {"\n", "\t"} & set(text):
        shown = harmless(text).strip()
        unpainted = line.getvalue().replace("\x1b[31m", "").replace("\x1b[0m", "")
        assert unpainted.strip() == shown
        assert shown in framed.getvalue().partition("owner")[2]
    for steering in ("\x1b[2J", "\x1b]", "\x9b", "\u202e", "\x07", "\r", "\x08"):
        assert steering not in painted


def test_every_command_prints_on_such_a_terminal() -> None:
    consoles = [
        path.name
        for path in Path(PROJECT / "deploy").rglob("*.py")
        if "rich.console" in path.read_text()
    ]
    assert consoles == ["terminal.py"]
