"""Commands that let words be public."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end
from deploy.cli.withdrawing import PublicId, Who

app = typer.Typer()
pass_ = typer.Typer(no_args_is_help=True, help="Let words be public that wait for an editor.")
app.add_typer(pass_, name="pass")

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
