"""Commands about the credentials of members."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end

app = typer.Typer()
credentials = typer.Typer(no_args_is_help=True, help="The keys that sign members' credentials.")
app.add_typer(credentials, name="credentials")


@credentials.command("keys", epilog="Example: tribune credentials keys --data-dir var/suite")
def keys(data_dir: SuiteDir = None) -> None:
    """The keys by which credentials are verified: which one signs, and which were ended."""
    from deploy.commands.credentials import keys as run

    run_to_end(run(data_dir))


@credentials.command(
    "end-key", epilog='Example: tribune credentials end-key 6f…0a --reason "It was copied"'
)
def end_key(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="Its id, as tribune credentials keys tells it.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it is written down for ever, so no names.")],
    data_dir: SuiteDir = None,
) -> None:
    """For a key that somebody else may have: nothing that it signed is good any more, for ever."""
    from deploy.commands.credentials import end_key as run

    run_to_end(run(data_dir, key, reason))
