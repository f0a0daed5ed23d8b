"""Commands that let words be public."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end
from deploy.cli.withdrawing import PublicId, Who

app = typer.Typer()
pass_ = typer.Typer(no_args_is_help=True, help="Let words be public that wait for an editor.")
lift = typer.Typer(no_args_is_help=True, help="Let be public what follows a confidential report.")
app.add_typer(pass_, name="pass")
app.add_typer(lift, name="lift")

Reason = Annotated[str, typer.Option(help="Why; it stays inside, for ever, so no names.")]


@pass_.command(
    "check", epilog='Example: tribune pass check 5f… --as eva --reason "It names an office"'
)
def check(public_id: PublicId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """Owner and task of a check are public from now on, as those of a trusted source are.

    What waits stands on intake's page /words, for editors who have signed in.
    """
    from deploy.commands.pass_words import pass_check as run

    run_to_end(run(data_dir, public_id, who, reason))


@lift.command(
    "check", epilog='Example: tribune lift check boston/101 --as eva --reason "It names nobody"'
)
def lift_check(
    check_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The check's id inside, as `tribune why` says it, or its source and number there,"
            " such as boston/101.",
        ),
    ],
    who: Who,
    reason: Reason,
    data_dir: SuiteDir = None,
) -> None:
    """A check that is confidential for its report's sake may be public, as any other is.

    What is shielded stands on intake's page /shielded, for editors who have signed in. What its own
    source calls confidential stays so.
    """
    from deploy.commands.lift import lift as run

    run_to_end(run(data_dir, check_id, who, reason))
