"""The help of every command shows how it is called."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from deploy.cli import app


def commands(found: Any, way: str) -> Iterator[tuple[str, TyperCommand]]:
    if isinstance(found, TyperGroup):
        for name, inner in found.commands.items():
            yield from commands(inner, f"{way} {name}")
    else:
        yield way, found


def test_every_command_has_an_example_of_itself() -> None:
    every = dict(commands(typer.main.get_command(app), "tribune"))
    assert len(every) > 50
    assert not [way for way, found in every.items() if way not in (found.epilog or "")]
