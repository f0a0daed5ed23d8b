"""The command line `tribune`: what its commands are called and what they take."""

import typer

from deploy.cli import (
    beats,
    charter,
    clocks,
    credentials,
    feeding,
    keys,
    looking,
    measuring,
    mending,
    passing,
    promotion,
    publishing,
    running,
    staff,
    users,
    vault,
    withdrawing,
)
from shared.runtime.memory import collect_seldom

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Tribune brings an oversight body close to the people it answers to.\n\n"
    "Begin with **tribune demo**: half a year of real requests to a city, through the"
    " whole suite.",
    epilog="Exit codes: 0 done, 1 something was found wrong, 2 wrong use, 3 the log is damaged,"
    " 4 nothing to connect to.",
)
PARTS = (
    running,
    feeding,
    looking,
    mending,
    users,
    keys,
    staff,
    credentials,
    vault,
    withdrawing,
    passing,
    promotion,
    publishing,
    clocks,
    beats,
    charter,
    measuring,
)
for part in PARTS:
    app.add_typer(part.app)
collect_seldom()  # before any command imports what it needs
