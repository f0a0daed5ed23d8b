"""The command line `tribune`."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Tribune brings an oversight body close to the people it answers to.\n\n"
    "Begin with [bold]tribune demo[/bold]: half a year of real requests to a city, through the"
    " whole suite.",
    epilog="Exit codes: 0 done, 1 something was found wrong, 2 wrong use, 3 the log is damaged,"
    " 4 nothing to connect to.",
)
dead = typer.Typer(no_args_is_help=True, help="Messages that failed for a reason of ours.")
app.add_typer(dead, name="dead")
charter = typer.Typer(no_args_is_help=True, help="The files that say whose instance this is.")
app.add_typer(charter, name="charter")

DataDir = Annotated[Path, typer.Option(help="Folder with the suite's log, databases and keys.")]
SuiteDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the suite that is meant; by default the one that TRIBUNE_NATS_URL names, in"
        " the environment or .env, else the one in var/suite.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Port = Annotated[
    int,
    typer.Option(
        min=1, max=65533, help="Port of the page; intake and promotion take the next two."
    ),
]
Replicas = Annotated[
    int,
    typer.Option(
        min=1, max=9, help="Processes of each service; one works, the others stand by for it."
    ),
]
MaxFile = Annotated[
    str,
    typer.Option(
        envvar="TRIBUNE_NATS_MAX_FILE",
        metavar="SIZE",
        help="What the log may take on the disk, such as 20GB; by default 20GB, or less where the"
        " disk has less room.",
        show_default=False,
    ),
]
SUITE_DIR, DEMO_DIR = Path("var/suite"), Path("var/demo")


def _run(work: Coroutine[Any, Any, int]) -> None:
    """Run to the end and turn what can go wrong into one clear line and an exit code."""
    from shared.runtime.memory import collect_less_often

    collect_less_often()
    _end(lambda: asyncio.run(work))


def _end(work: Callable[[], int], words_for: tuple[type[Exception], ...] = (Exception,)) -> None:
    """Do the work; end with its exit code, or with words and the code of what went wrong."""
    from deploy.problems import told

    try:
        code = work()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # whoever reads has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except words_for as error:
        code, words = told(error)
        typer.secho(words, fg="red", err=True)
    sys.exit(code)


def _bytes(size: str) -> int:
    from shared.runtime.sizes import parse_size

    try:
        return int(parse_size(size)) if size else 0
    except ValueError as error:
        raise typer.BadParameter(f"--max-file: {error}") from error


@app.command(epilog="Examples: tribune up --data-dir /srv/tribune    tribune up --replicas 2")
def up(
    data_dir: DataDir = SUITE_DIR,
    port: Port = 8000,
    replicas: Replicas = 1,
    max_file: MaxFile = "",
) -> None:
    """Run the whole suite on this machine until Ctrl-C: NATS and the three services."""
    from deploy.commands.run import Given
    from deploy.commands.run import up as run

    _run(run(Given(data_dir, port, replicas, _bytes(max_file))))


@app.command(epilog="Examples: tribune demo    tribune demo --exit --json --data-dir /tmp/demo")
def demo(
    data_dir: DataDir = DEMO_DIR,
    port: Port = 8000,
    replicas: Replicas = 1,
    max_file: MaxFile = "",
    leave: Annotated[bool, typer.Option("--exit", help="End after the summary.")] = False,
    as_json: AsJson = False,
) -> None:
    """Replay half a year of real requests to Boston's 311, then keep the page up."""
    from deploy.commands.run import Given
    from deploy.commands.run import demo as run

    given = Given(data_dir, port, replicas, _bytes(max_file))
    _run(run(given, leave=leave, as_json=as_json))


@app.command(
    epilog="Examples: tribune init && docker compose up -d --wait    tribune init --add-missing"
)
def init(
    add_missing: Annotated[
        bool,
        typer.Option("--add-missing", help="Add what an older .env lacks, at its end."),
    ] = False,
) -> None:
    """Write .env with fresh secrets for docker compose; what stands in one that is there stays."""
    from deploy.commands.init import init as run

    sys.exit(run(Path.cwd(), add_missing=add_missing))


@app.command(epilog="Example: TRIBUNE_NATS_URL=nats://nats:4222 tribune service intake")
def service(
    name: Annotated[
        str, typer.Argument(envvar="TRIBUNE_SERVICE", help="intake, promotion or publishing")
    ],
) -> None:
    """Run one service in the foreground; it is told everything by TRIBUNE_… variables or .env."""
    import uvloop
    from pydantic import ValidationError

    from deploy.suite import SERVICES, composition
    from shared.runtime.charter import CharterError
    from shared.runtime.keys import WeakKeyError
    from shared.runtime.service import run_service
    from shared.runtime.settings import Settings

    if name not in SERVICES:
        typer.secho(f"there is no service {name}; there are {', '.join(SERVICES)}", err=True)
        sys.exit(2)
    # Whatever else goes wrong is ours to mend, and stands in its log with all that led to it.
    _end(
        lambda: uvloop.run(run_service(name, Settings(), composition(name))),
        words_for=(CharterError, ValidationError, WeakKeyError),
    )


@app.command(
    epilog="Examples: tribune setup --data-dir var/suite    tribune setup --prune    tribune setup"
    " --anew PUBLIC"
)
def setup(
    data_dir: SuiteDir = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Remove read models and positions that no code uses any more, once no older"
            " process runs.",
        ),
    ] = False,
    anew: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STREAM",
            help="Delete PUBLIC, PROMOTION, RECEIPTS or an inbox and begin it anew, after a damage;"
            " see the operator's page.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before a stream is deleted.")
    ] = False,
) -> None:
    """Declare all streams; of what is there already, only the limits of inboxes are changed.

    With --prune or --anew it removes something after that.
    """
    from deploy.commands.operate import setup as run

    if anew and not yes:
        typer.confirm(f"Delete {', '.join(anew)}, and begin anew?", abort=True)
    _run(run(data_dir, prune=prune, anew=anew or []))


@app.command(
    epilog="Example: tribune publish deploy/data/boston311-2011h2.csv.gz"
    " --mapping deploy/mappings/boston311.toml"
)
def publish(
    file: Annotated[Path, typer.Argument(help="CSV with a header line, plain or gzipped.")],
    mapping: Annotated[Path, typer.Option(help="How rows become upstream events.")],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
    set_clock: Annotated[
        bool, typer.Option(help="Move the suite's clock along, where it follows CLOCK.")
    ] = False,
) -> None:
    """Publish a CSV file as upstream CloudEvents and wait for every receipt.

    In the mapping file an event's values are "{column}" templates or one of: place (a place code
    under a region), slug (a sector code), instant (a local time), words (an outcome by words in a
    text), made_up (a pseudonymous correspondent, the same each time).
    Publishing the same file again changes nothing: every receipt says duplicate.
    """
    from deploy.commands.feed import publish as run

    _run(run(data_dir, file, mapping, as_json=as_json, clock=set_clock))


@app.command(epilog="Example: tribune status --json | jq .dead")
def status(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Show streams, how far readers are behind, dead letters and what the services say.

    Also how full the inboxes and the server's store are, with a warning before they are full.
    """
    from deploy.commands.operate import show_status as run

    _run(run(data_dir, as_json=as_json))


@app.command(epilog="Examples: tribune rebuild    tribune rebuild checks_v2")
def rebuild(
    models: Annotated[list[str] | None, typer.Argument(help="Read models; all if none.")] = None,
    data_dir: SuiteDir = None,
) -> None:
    """Build read models anew from the log beside the live ones, then switch over."""
    from deploy.commands.operate import rebuild as run

    _run(run(data_dir, models or []))


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
    from deploy.commands.operate import redo as run

    if bool(names) == everything or (everything and start):
        raise typer.BadParameter("give names, or --all without --from")
    _run(run(data_dir, names or [], start))


@app.command(epilog="Examples: tribune why PROMOTION/1203    tribune why 3f0c…")
def why(
    given: Annotated[
        str,
        typer.Argument(metavar="ID", help="Event, member, report or check id; or STREAM/sequence."),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Explain an event or a qualification from the log: the chain of events that led to it."""
    from deploy.commands.operate import explain as run

    _run(run(data_dir, given, as_json=as_json))


@app.command(epilog="Example: tribune late --on 2011-09-01")
def late(
    on: Annotated[
        datetime,
        typer.Option(
            metavar="DAY",
            help="The moment, in UTC: the beginning of a day, or with a time as in"
            " 2011-09-01T14:30:00.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        ),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell who was late as known at a moment, whatever was learned later. Intake has to run."""
    from deploy.commands.operate import late as run

    _run(run(data_dir, on.replace(tzinfo=UTC), as_json=as_json))


@app.command(epilog="Example: tribune verify --data-dir var/demo")
def verify(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Prove logs, receipts, reactions, what is public and every row; exit 1 on any difference.

    It changes nothing; what to do about each finding stands on the operator's page.
    """
    from deploy.commands.operate import verify as run

    _run(run(data_dir, as_json=as_json))


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

    _end(lambda: run(directory, as_json=as_json))


@dead.command("list", epilog="Example: tribune dead list --json")
def dead_list(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """List what waits, oldest first."""
    from deploy.commands.dead import listing as run

    _run(run(data_dir, as_json=as_json))


@dead.command("show", epilog="Example: tribune dead show 3")
def dead_show(number: int, data_dir: SuiteDir = None) -> None:
    """Show one dead message with its error; the body may hold personal data."""
    from deploy.commands.dead import show as run

    _run(run(data_dir, number))


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
    _run(run(data_dir, numbers or []))


@app.command(
    epilog="Examples: tribune bench ingest --json    tribune bench sweep --waiting 100000"
    "    tribune bench growth --millions 1 --millions 5"
)
def bench(
    what: Annotated[
        str,
        typer.Argument(help="ingest, replay, latency, sweep, lives, growth or cluster"),
    ],
    as_json: AsJson = False,
    database_url: Annotated[
        str | None,
        typer.Option(
            help="For replay and sweep: another database than SQLite.", show_default=False
        ),
    ] = None,
    waiting: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="For sweep: how many wait in the calendar; by default a million.",
            show_default=False,
        ),
    ] = None,
    due: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="For sweep: how many are due at once; by default 10,000.",
            show_default=False,
        ),
    ] = None,
    millions: Annotated[
        list[float] | None,
        typer.Option(
            min=0.001,
            help="For growth: measured at so many million events, each; by default one.",
            show_default=False,
        ),
    ] = None,
    events: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="For cluster: how many are appended to each layout; by default 20,000.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Measure on this machine, in a folder of its own; ratios are taken within one run."""
    from deploy.bench import WrongBenchError
    from deploy.bench import bench as chosen
    from shared.runtime.memory import collect_less_often

    collect_less_often()
    try:
        measure = chosen(
            what,
            {
                "database_url": database_url,
                "waiting": waiting,
                "due": due,
                "millions": millions or None,
                "events": events,
            },
        )
    except WrongBenchError as error:
        raise typer.BadParameter(str(error)) from error

    async def run() -> int:
        figures = await measure()
        for name, value in {} if as_json else figures.items():
            typer.echo(f"{name:>20}  {value}")
        if as_json:
            typer.echo(json.dumps(figures))
        return 0

    import uvloop

    _end(lambda: uvloop.run(run()))


if __name__ == "__main__":
    app()
