"""Commands about correspondents and their beats."""

import sys
from datetime import datetime
from getpass import getpass
from typing import Annotated, Any

import typer

from deploy.cli.options import SuiteDir, run_to_end

app = typer.Typer()
beat = typer.Typer(no_args_is_help=True, help="Say who reports about what, and how often.")
app.add_typer(beat, name="beat")

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="Whose reports theirs come with.")]
Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="As that source calls them; - to be asked for it, or have it read from standard input:"
        " what stands in a command line others see.",
    ),
]
Place = Annotated[str, typer.Argument(metavar="PLACE", help="With all that lies in it.")]
Sector = Annotated[str, typer.Argument(metavar="SECTOR", help="A code of the charter.")]
Who = Annotated[str, typer.Option("--as", help="Of the staff, in the role that may.")]
DAY: dict[str, Any] = {"metavar": "DAY", "formats": ["%Y-%m-%d"]}
EXAMPLE = "Example: tribune beat {} gateway - us.ma.boston street-lights {}--as ina"


@beat.command("accredit", epilog=EXAMPLE.format("accredit", "--every 14 "))
def accredit(
    source: Source,
    name: Name,
    place: Place,
    sector: Sector,
    who: Who,
    every: Annotated[int | None, typer.Option(help="Days; else as the charter says.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(help="The first day, such as 2031-03-04; else today.", **DAY),
    ] = None,
    data_dir: SuiteDir = None,
) -> None:
    """From now on, or from a later day, a report of theirs is expected in so many days at least."""
    said = _said(name, place, sector, rhythm_days=every, since=_day(since))
    _run(data_dir, "AccreditCorrespondent", source, who, said, "accredited")


@beat.command("rest", epilog=EXAMPLE.format("rest", "--from 2031-07-01 --until 2031-07-14 "))
def rest(
    source: Source,
    name: Name,
    place: Place,
    sector: Sector,
    who: Who,
    first: Annotated[
        datetime,
        typer.Option("--from", help="The first day that does not count.", **DAY),
    ],
    until: Annotated[
        datetime | None,
        typer.Option(help="The last one; else until they are resumed.", **DAY),
    ] = None,
    data_dir: SuiteDir = None,
) -> None:
    """Days do not count from one through another one, or until `tribune beat resume`."""
    said = _said(name, place, sector, from_day=_day(first), until_day=_day(until))
    _run(data_dir, "RestBeat", source, who, said, "rests")


@beat.command("resume", epilog=EXAMPLE.format("resume", ""))
def resume(
    source: Source, name: Name, place: Place, sector: Sector, who: Who, data_dir: SuiteDir = None
) -> None:
    """Days count again from today on."""
    _run(data_dir, "ResumeBeat", source, who, _said(name, place, sector), "resumed")


@beat.command("hand-over", epilog=EXAMPLE.format("hand-over", "--to - "))
def hand_over(
    source: Source,
    name: Name,
    place: Place,
    sector: Sector,
    who: Who,
    to: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="As the source calls who has it from now on; - as above."
        ),
    ],
    data_dir: SuiteDir = None,
) -> None:
    """The successor's days are counted from today on."""
    said = _said(name, place, sector)
    said["successor"] = _named(to, "Successor")
    _run(data_dir, "HandOverBeat", source, who, said, "handed over")


@beat.command("end", epilog=EXAMPLE.format("end", ""))
def end(
    source: Source, name: Name, place: Place, sector: Sector, who: Who, data_dir: SuiteDir = None
) -> None:
    """Nothing is expected of them any more."""
    _run(data_dir, "EndBeat", source, who, _said(name, place, sector), "ended")


@beat.command("list", epilog="Example: tribune beat list --data-dir var/suite")
def list_(data_dir: SuiteDir = None) -> None:
    """All beats and how they are, by ids that say of nobody who it is."""
    from deploy.commands.beat import list_beats

    run_to_end(list_beats(data_dir))


def _said(name: str, place: str, sector: str, **more: Any) -> dict[str, Any]:
    named = _named(name, "Correspondent")
    return {"correspondent": named, "place": place, "sector": sector, **more}


def _named(given: str, whose: str) -> str:
    if given != "-":
        return given
    asked = getpass(f"{whose}: ") if sys.stdin.isatty() else sys.stdin.readline()
    return asked.strip()


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _run(
    data_dir: SuiteDir, command: str, source: str, who: str, said: dict[str, Any], told: str
) -> None:
    from deploy.commands.beat import say

    run_to_end(say(data_dir, command, source, who, said, told))
