"""Commands about the files that say whose instance this is."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, ended, run_to_end

app = typer.Typer()
charter = typer.Typer(no_args_is_help=True, help="The files that say whose instance this is.")
app.add_typer(charter, name="charter")

Directory = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="The charter's folder; by default the one that TRIBUNE_CHARTER_DIR names, else the"
        " project's own.",
        show_default=False,
    ),
]


@charter.command("check", epilog="Example: tribune charter check /srv/charter")
def charter_check(
    directory: Directory = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a charter says, and everything that is wrong with it, by file and line."""
    from deploy.commands.charter import check as run

    ended(lambda: run(directory, as_json=as_json))


@charter.command("words", epilog="Example: tribune charter words de /srv/charter")
def charter_words(
    language: Annotated[
        str, typer.Argument(metavar="LANGUAGE", help="Such as de or pt-BR.", show_default=False)
    ],
    directory: Directory = None,
) -> None:
    """Begin the charter's catalogue of a language, or bring it up to what the site says."""
    from deploy.commands.words import words as run

    ended(lambda: run(language, directory))


@charter.command(
    "due",
    epilog="Example: tribune charter due us.ma.boston street-lights 2031-12-22 --owner 'Public"
    " Works'",
)
def charter_due(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="Its code.", show_default=False)],
    sector: Annotated[str, typer.Argument(metavar="SECTOR", help="Its code.", show_default=False)],
    made: Annotated[
        str,
        typer.Argument(
            metavar="DAY", help="On which it was made, such as 2031-12-22.", show_default=False
        ),
    ],
    owner: Annotated[str, typer.Option(help="Who has to do it.")] = "",
    directory: Annotated[
        Path | None,
        typer.Option(
            "--charter",
            metavar="DIR",
            help="The charter's folder; by default the one that TRIBUNE_CHARTER_DIR names, else"
            " the project's own.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try the rules of due.toml: by when a commitment would be due, and each day not counted."""
    from deploy.commands.charter_due import due as run

    ended(lambda: run(place, sector, made, owner, directory, as_json=as_json))


@charter.command("diff", epilog="Example: tribune charter diff /srv/charter-of-next-year")
def charter_diff(
    directory: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="The folder of the other charter.", show_default=False),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell how many due dates that run would move if intake started with another charter.

    Nothing changes. Intake has to run.
    """
    from deploy.commands.charter_diff import diff as run

    run_to_end(run(data_dir, directory, as_json=as_json))
