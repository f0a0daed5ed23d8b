"""Commands that take back what is public."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end

app = typer.Typer()
withdraw = typer.Typer(no_args_is_help=True, help="Take back what is public.")
app.add_typer(withdraw, name="withdraw")

PublicId = Annotated[
    str, typer.Argument(metavar="PUBLIC-ID", help="As it stands in PUBLIC and in addresses.")
]
Who = Annotated[str, typer.Option("--as", help="An editor of the charter's staff.toml.")]
Reason = Annotated[str, typer.Option(help="Why; readers are shown it, for ever, so no names.")]


@withdraw.command(
    "check", epilog='Example: tribune withdraw check 5f… --as ana --reason "It named a person"'
)
def check(public_id: PublicId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """Take a check out of lists and figures; its page and the feeds say that it was, and why.

    Nothing that happens to it later is public. What others have copied stays with them.
    """
    from deploy.commands.withdraw import withdraw as run

    run_to_end(run(data_dir, "check", public_id, who, reason))


@withdraw.command(
    "report", epilog='Example: tribune withdraw report 5f… --as ana --reason "Filed by mistake"'
)
def report(public_id: PublicId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """Take a report out of the figures, with all that becomes of it later."""
    from deploy.commands.withdraw import withdraw as run

    run_to_end(run(data_dir, "report", public_id, who, reason))
