"""`tribune key`: by which sources send over HTTP."""

import re
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()
key = typer.Typer(no_args_is_help=True, help="Keys by which sources send over HTTP.")
app.add_typer(key, name="key")

USUAL_RATE = "1000/s"


def _kinds(given: list[str] | None) -> list[str]:
    from shared.contracts.inbox import INBOX_KINDS

    for kind in given or []:
        if kind not in INBOX_KINDS:
            raise typer.BadParameter(f"there is no kind {kind}; known are {', '.join(INBOX_KINDS)}")
    return sorted(set(given or []))


def _rate(given: str) -> str:
    if not re.fullmatch(r"\d{1,9}(/s)?", given):
        raise typer.BadParameter("a rate is a number of messages a second, such as 100/s")
    return given


Which = Annotated[
    str, typer.Argument(metavar="KEY", help="The key's id, or its source if it has one key only.")
]


@key.command(
    epilog="Examples: tribune key add boston    tribune key add boston --scope report.submitted"
    " --rate 100/s --days 365 >boston.key    tribune key add boston --hook kobo"
)
def add(
    source: Annotated[str, typer.Argument(help="As in the charter's sources.toml.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(callback=_kinds, help="A kind that it is for; several times, or all."),
    ] = None,
    hook: Annotated[
        str | None,
        typer.Option(help="The one hook that it is for; nothing else opens by it."),
    ] = None,
    rate: Annotated[
        str, typer.Option(callback=_rate, help="Messages a second; 0 for no limit.")
    ] = USUAL_RATE,
    days: Annotated[
        int, typer.Option(min=0, max=36_500, help="How long it is good; 0: until revoked.")
    ] = 0,
    data_dir: SuiteDir = None,
) -> None:
    """Give a source a key, which is printed once and kept nowhere; it is good at once."""
    from deploy.commands.source_key import add as run

    run_to_end(run(data_dir, source, scope or [], int(rate.removesuffix("/s")), days, hook))


@key.command(epilog="Examples: tribune key rotate boston    tribune key rotate 4f0c9a")
def rotate(which: Which, data_dir: SuiteDir = None) -> None:
    """Give another key for the same; the old one is good no more, at once."""
    from deploy.commands.source_key import rotate as run

    run_to_end(run(data_dir, which))


@key.command(epilog="Example: tribune key revoke boston")
def revoke(which: Which, data_dir: SuiteDir = None) -> None:
    """Make a key good no more, at once and in every replica."""
    from deploy.commands.source_key import revoke as run

    run_to_end(run(data_dir, which))


@key.command("list", epilog="Examples: tribune key list    tribune key list --json")
def list_(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """List keys: whose they are, what for, and whether they are good; never the key itself."""
    from deploy.commands.source_key import listing

    run_to_end(listing(data_dir, as_json=as_json))
