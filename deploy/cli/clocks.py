"""Commands about the clock of a check."""

from typing import Annotated

import typer

from deploy.cli.options import SuiteDir, run_to_end
from deploy.cli.withdrawing import Who

app = typer.Typer()
clock = typer.Typer(no_args_is_help=True, help="Stop and start the clock of a check.")
app.add_typer(clock, name="clock")

CheckId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="The check's id inside, as `tribune why` says it, or its source and number there, such"
        " as boston/101.",
    ),
]
Reason = Annotated[str, typer.Option(help="Why; readers are shown it, for ever, so no names.")]


@clock.command(
    "pause", epilog='Example: tribune clock pause boston/101 --as eva --reason "A part is awaited"'
)
def pause(check: CheckId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """Its owner waits for somebody else: it is not due as long as that lasts."""
    _turn("PauseCheck", check, who, reason, data_dir)


@clock.command(
    "resume", epilog='Example: tribune clock resume boston/101 --as eva --reason "It has come"'
)
def resume(check: CheckId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """Its clock runs again; it is due later by what was waited."""
    _turn("ResumeCheck", check, who, reason, data_dir)


@clock.command(
    "grant", epilog='Example: tribune clock grant boston/101 --as eva --reason "It was ordered"'
)
def grant(check: CheckId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """It is due as late as its owner has asked for."""
    _turn("GrantMoreTime", check, who, reason, data_dir)


@clock.command(
    "decline", epilog='Example: tribune clock decline boston/101 --as eva --reason "One is there"'
)
def decline(check: CheckId, who: Who, reason: Reason, data_dir: SuiteDir = None) -> None:
    """It stays due when it is, though its owner has asked for more time."""
    _turn("DeclineMoreTime", check, who, reason, data_dir)


def _turn(command: str, check: str, who: str, reason: str, data_dir: SuiteDir) -> None:
    from deploy.commands.clocks import turn

    run_to_end(turn(data_dir, command, check, who, reason))
