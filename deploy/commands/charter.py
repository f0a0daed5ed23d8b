"""`tribune charter check`: what a charter says, and everything that is wrong with it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from deploy.problems import FOUND_WRONG
from deploy.terminal import Terminal
from shared.mapping.hooks import files_in, read_hook
from shared.runtime.charter import Charter, examine
from shared.runtime.files_given import WrongFileError
from shared.runtime.finding import Finding
from shared.runtime.settings import Settings

console = Terminal()


def _hooks(directory: Path, charter: Charter | None) -> Iterator[Finding]:
    """Once all else is good, for they name its sources."""
    for path in files_in(directory) if charter else ():
        try:
            read_hook(path, charter.sources if charter else ())
        except WrongFileError as error:
            yield Finding(f"hooks/{path.name}", None, str(error))


def check(given: Path | None, *, as_json: bool) -> int:
    """Exit 1 if the charter can't be used; a warning is none of that."""
    directory = given or Settings().charter_dir
    examined = examine(directory)
    examined.problems += _hooks(directory, examined.charter)
    examined.counts["hooks"] = len(files_in(directory))
    if as_json:
        lists = {
            "problems": [asdict(found) for found in examined.problems],
            "warnings": [asdict(found) for found in examined.warnings],
        }
        print(json.dumps({"directory": str(directory), **examined.counts, **lists}))  # noqa: T201
        return FOUND_WRONG if examined.problems else 0
    counts = ", ".join(f"{name} {count:,}" for name, count in examined.counts.items())
    console.print(f"{directory}: {counts}", highlight=False, soft_wrap=True)
    for found in examined.problems:
        console.print(f"  {found}", highlight=False, soft_wrap=True)
    for found in examined.warnings:
        console.print(f"  warning: {found}", highlight=False, soft_wrap=True)
    console.print("the charter can't be used" if examined.problems else "the charter is good")
    return FOUND_WRONG if examined.problems else 0
