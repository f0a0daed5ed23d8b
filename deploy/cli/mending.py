"""Commands that build anew, redo, and try again what failed."""

from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()
dead = typer.Typer(no_args_is_help=True, help="Messages that failed for a reason of ours.")
app.add_typer(dead, name="dead")


@app.command(epilog="Examples: tribune rebuild    tribune rebuild checks_v4")
def rebuild(
    models: Annotated[list[str] | None, typer.Argument(help="Read models; all if none.")] = None,
    data_dir: SuiteDir = None,
) -> None:
    """Build read models anew from the log beside the live ones, then switch over."""
    from deploy.commands.rebuild import rebuild as run

    run_to_end(run(data_dir, models or []), reads_much=True)


@app.command(
    epilog="Examples: tribune redo credits    tribune redo inbox-boston --from 1200    tribune redo"
    " --all"
)
def redo(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="inbox-SOURCE, or a reaction or relay that `tribune status` names."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    start: Annotated[
        int | None, typer.Option("--from", min=1, help="Sequence to begin with; else the first.")
    ] = None,
    data_dir: SuiteDir = None,
) -> None:
    """Have an inbox, a reaction or a relay go through its stream again, after a loss.

    What is done already is known by its id and not done again. Of an inbox, the receipts from there
    on are withdrawn, and each message gets a new one.
    """
    from deploy.commands.redo import redo as run

    if bool(names) == everything or (everything and start):
        raise typer.BadParameter("give names, or --all without --from")
    run_to_end(run(data_dir, names or [], start))


@dead.command("list", epilog="Example: tribune dead list --json")
def dead_list(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """List what waits, oldest first."""
    from deploy.commands.dead import listing as run

    run_to_end(run(data_dir, as_json=as_json))


@dead.command("show", epilog="Example: tribune dead show 3")
def dead_show(number: int, data_dir: SuiteDir = None) -> None:
    """Show one dead message with its error; the body may hold personal data."""
    from deploy.commands.dead import show as run

    run_to_end(run(data_dir, number))


@dead.command("redrive", epilog="Examples: tribune dead redrive 3    tribune dead redrive --all")
def dead_redrive(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers in DEAD.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    data_dir: SuiteDir = None,
) -> None:
    """Have messages tried again; what succeeds leaves DEAD."""
    from deploy.commands.dead import redrive as run

    if not numbers and not everything:
        raise typer.BadParameter("give numbers, or --all")
    run_to_end(run(data_dir, numbers or []))
