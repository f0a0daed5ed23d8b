"""Commands show what came from outside, in lines and tables, and it is no markup and no order."""

import io
from pathlib import Path

import pytest
from hostile import REFUSED, TAKEN
from rich.table import Table

from deploy.terminal import Terminal
from shared.runtime.outside import harmless
from shared.runtime.settings import PROJECT

ALL = TAKEN | REFUSED


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_text_is_shown_as_it_is_without_what_steers(text: str) -> None:
    told = io.StringIO()
    terminal = Terminal(file=told, force_terminal=True, width=3_000, color_system="truecolor")
    terminal.print(text, style="red", highlight=False, soft_wrap=True)
    table = Table("owner", title=text)
    table.add_row(text)
    terminal.print(table, highlight=False)
    painted = told.getvalue()
    if not {"\n", "\t"} & set(text):
        shown = harmless(text).strip()
        assert painted.partition("\x1b[0m\n")[0].removeprefix("\x1b[31m").strip() == shown
        assert shown in painted.partition("owner")[2]
    for steering in ("\x1b[2J", "\x1b]", "\x9b", "\u202e", "\x07", "\r", "\x08"):
        assert steering not in painted


def test_every_command_prints_on_such_a_terminal() -> None:
    consoles = [
        path.name
        for path in Path(PROJECT / "deploy").rglob("*.py")
        if "rich.console" in path.read_text()
    ]
    assert consoles == ["terminal.py"]
