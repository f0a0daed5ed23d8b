"""Commands that declare the suite's streams and bring data into them."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()


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
    run_to_end(run(data_dir, prune=prune, anew=anew or []))


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

    run_to_end(run(data_dir, file, mapping, as_json=as_json, clock=set_clock))
