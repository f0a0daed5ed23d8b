"""Commands that look into the suite and prove it, and change nothing."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()


@app.command(epilog="Example: tribune status --json | jq .dead")
def status(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Show streams, how far readers are behind, dead letters and what the services say.

    Also how full the inboxes and the server's store are, with a warning before they are full.
    """
    from deploy.commands.status import status as run

    run_to_end(run(data_dir, as_json=as_json))


@app.command(epilog="Example: tribune retention --json | jq .falls_due")
def retention(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Show what falls due when by the charter's keep_days: how many, and of nobody who.

    What has a term is announced, and erased by intake itself when the term is over.
    """
    from deploy.commands.retention import retention as run

    run_to_end(run(data_dir, as_json=as_json))


@app.command(
    epilog="Examples: tribune why PROMOTION/1203    tribune why 101000298630    tribune why"
    " M-63d1-07a7"
)
def why(
    given: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Event, member, report or check id, as the log, a page or a source has it; or"
            " STREAM/sequence.",
        ),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Explain an event or a qualification from the log: the chain of events that led to it.

    From a public id the way inside is shown where the release key is known, as in the suite's
    folder.
    """
    from deploy.commands.why import why as run

    run_to_end(run(data_dir, given, as_json=as_json))


@app.command(epilog="Example: tribune late --on 2011-09-01")
def late(
    on: Annotated[
        datetime,
        typer.Option(
            metavar="DAY",
            help="The moment, in UTC: the beginning of a day, or with a time as in"
            " 2011-09-01T14:30:00.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"],
        ),
    ],
    late_on: Annotated[
        datetime | None,
        typer.Option(
            metavar="DAY",
            help="Who was late then, as known at the other moment; by default they are one.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"],
        ),
    ] = None,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell who was late as known at a moment, whatever was learned later. Intake has to run."""
    from deploy.commands.late import late as run

    effective = late_on.replace(tzinfo=UTC) if late_on else None
    run_to_end(run(data_dir, on.replace(tzinfo=UTC), effective, as_json=as_json))


@app.command(
    epilog="Examples: tribune trace    tribune trace --at https://reports.example.org --json <code"
)
def trace(
    at: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Address of intake's pages; by default those of the suite in the folder.",
            show_default=False,
        ),
    ] = "",
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell what became of a report that was filed on the site, by the code that was shown for it.

    The code is asked for, or read from standard input; it does not stand in the command line, which
    others see. Exit code 1 where no report has it.
    """
    from deploy.commands.trace import trace as run

    run_to_end(run(data_dir, at, as_json=as_json))


@app.command(
    epilog="Examples: tribune receipts    tribune receipts --refused --source boston    tribune"
    " receipts 101000298630/submitted    tribune receipts --refused --each --json | jq .[].ce_id"
)
def receipts(
    message: Annotated[
        str,
        typer.Argument(
            metavar="[ID]",
            help="Of one message alone: its ce-id, its place such as INBOX_BOSTON/12, or the id of"
            " the report or check that its receipt gave.",
            show_default=False,
        ),
    ] = "",
    refused: Annotated[bool, typer.Option("--refused", help="Refusals alone.")] = False,
    source: Annotated[
        str, typer.Option(metavar="SOURCE", help="Of one source alone.", show_default=False)
    ] = "*",
    each: Annotated[
        bool, typer.Option("--each", help="Receipt by receipt, as they were given.")
    ] = False,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell what became of the messages that sources sent, and why some were refused.

    Refusals are told by reason, by the field of the message and, where it holds a code, a moment or
    yes or no, by what stood there; each with its number and its first example. What stood there is
    known for the 30 days that an inbox keeps a message. What somebody wrote or is called is never
    told. What was withdrawn, as an inbox was taken in again, does not count.
    """
    from deploy.commands.receipts import Given, tell_receipts
    from deploy.looking.receipts import Asked

    asked = Asked(source, refused_only=refused, message=message)
    run_to_end(tell_receipts(Given(data_dir, asked, each=each, as_json=as_json)))


@app.command(epilog="Example: tribune verify --data-dir var/demo")
def verify(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Prove logs, receipts, reactions, what is public and every row; exit 1 on any difference.

    It changes nothing; what to do about each finding stands on the operator's page.
    """
    from deploy.commands.verify import verify as run

    run_to_end(run(data_dir, as_json=as_json), reads_much=True)


@app.command(epilog="Examples: tribune recount    tribune recount https://tribune.example --json")
def recount(
    site: Annotated[
        str,
        typer.Argument(
            metavar="[SITE]",
            help="The address of the public site; by default the one of the suite.",
            show_default=False,
        ),
    ] = "",
    data_dir: SuiteDir = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Print the events of PUBLIC, for the script.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count what the public site shows anew, from public events alone; exit 1 on any difference.

    Figures of all places, how commitments were kept by owner, place, sector and month, and who was
    late on which day as known on which. It runs docs/downstream/recount.py, which outsiders have.
    With --lines it asks no site: it prints the events that the script reads.
    """
    from deploy.commands.recount import recount as run

    run_to_end(run(data_dir, site, as_json=as_json, lines=lines), reads_much=True)
