"""Commands about the files that say whose instance this is."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, ended

app = typer.Typer()
charter = typer.Typer(no_args_is_help=True, help="The files that say whose instance this is.")
app.add_typer(charter, name="charter")


@charter.command("check", epilog="Example: tribune charter check /srv/charter")
def charter_check(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="The charter's folder; by default the one that TRIBUNE_CHARTER_DIR names, else the"
            " project's own.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a charter says, and everything that is wrong with it, by file and line."""
    from deploy.commands.charter import check as run

    ended(lambda: run(directory, as_json=as_json))
