"""Commands about the people of the charter who sign in."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end

app = typer.Typer()
staff = typer.Typer(no_args_is_help=True, help="The staff of the charter, who sign in.")
app.add_typer(staff, name="staff")


@staff.command("invite", epilog='Example: tribune staff invite ana --reason "Begins on Monday"')
def staff_invite(
    who: Annotated[str, typer.Argument(metavar="NAME", help="As in the charter's staff.toml.")],
    reason: Annotated[str, typer.Option(help="Why; it is written down for ever, so no names.")],
    data_dir: SuiteDir = None,
) -> None:
    """Let somebody choose a passphrase and set up an authenticator, by a word that works once.

    Whoever has one already keeps it until then; where the charter says so, a second person has to
    allow it first.
    """
    from deploy.commands.staff import invite as run

    run_to_end(run(data_dir, who, reason))
