"""Options that several commands take, and how each of them ends."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.commands.ending import until_ended

DataDir = Annotated[Path, typer.Option(help="Folder with the suite's log, databases and keys.")]
SuiteDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the suite that is meant; by default the one that TRIBUNE_NATS_URL names, in"
        " the environment or .env, else the one in var/suite.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def run_to_end(work: Coroutine[Any, Any, int], *, reads_much: bool = False) -> None:
    """Run to the end and turn what can go wrong into one clear line and an exit code. Who reads
    whole logs gets the loop that services have, which others would only have to load."""
    from shared.runtime.memory import collect_less_often

    collect_less_often()
    run = asyncio.run
    if reads_much:
        from uvloop import run
    ended(lambda: run(until_ended(work)))


def ended(work: Callable[[], int], words_for: tuple[type[Exception], ...] = (Exception,)) -> None:
    """Do the work; end with its exit code, or with words and the code of what went wrong."""
    try:
        code = work()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # whoever reads has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except words_for as error:
        from deploy.problems import told
        from shared.runtime.outside import harmless

        code, words = told(error)
        typer.secho(harmless(words, keep="\n"), fg="red", err=True)
    sys.exit(code)
