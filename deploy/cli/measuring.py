"""The command that measures the suite on this machine."""

import json
from typing import Annotated

import typer

from deploy.cli.options import AsJson, ended
from deploy.commands.ending import until_ended

app = typer.Typer()


@app.command(
    epilog="Examples: tribune bench ingest --json    tribune bench sweep --waiting 100000"
    "    tribune bench growth --millions 1 --millions 5    tribune bench readers --json"
)
def bench(
    what: Annotated[
        str,
        typer.Argument(
            help="ingest, replay, latency, sweep, lives, growth, cluster, readers, http, open311,"
            " requests or duplicates"
        ),
    ],
    as_json: AsJson = False,
    database_url: Annotated[
        str | None,
        typer.Option(
            help="For replay, sweep, requests and duplicates: another database than SQLite.",
            show_default=False,
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
    tiers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=9,
            help="For sweep: in how many tiers each is due, and reminded of before; by default"
            " one, without.",
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
    readers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="For readers: how many pages are open; by default 1,000.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=1,
            help="For readers: for how long; by default 30.",
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
                "tiers": tiers,
                "millions": millions or None,
                "events": events,
                "readers": readers,
                "seconds": seconds,
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

    ended(lambda: uvloop.run(until_ended(run())))
