"""Commands that declare the suite's streams and bring data into them."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, ended, run_to_end

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
    from deploy.commands.setup import setup as run

    if anew and not yes:
        typer.confirm(f"Delete {', '.join(anew)}, and begin anew?", abort=True)
    run_to_end(run(data_dir, prune=prune, anew=anew or []))


@app.command(
    epilog="Examples: tribune publish deploy/data/boston311-2011h2.csv.gz"
    " --mapping deploy/mappings/boston311.toml    tribune publish rows.csv --mapping m.toml"
    " --dry-run    tribune publish rows.csv --mapping m.toml --charter-draft my-charter"
)
def publish(
    file: Annotated[
        Path, typer.Argument(help="CSV, JSON Lines or Parquet; the first two also gzipped.")
    ],
    mapping: Annotated[Path, typer.Option(help="How rows become upstream events.")],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
    set_clock: Annotated[
        bool,
        typer.Option(
            help="Move the suite's clock along, where it follows CLOCK, as that of tribune demo"
            " does; a suite by the machine's clock gets nothing before its time. All events are"
            " held in memory, 1.3 kB each."
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Send nothing; show the first events, and all problems."),
    ] = False,
    charter_draft: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Send nothing; write the places and sectors of the file into DIR, as a charter to"
            " go over.",
            show_default=False,
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Leave out rows that are wrong, and write them into FILE, each with the reason;"
            " mended, it can be published like the file itself.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Publish a file of rows as upstream CloudEvents and wait for every receipt.

    How a mapping file is written stands in docs/mapping.md. The whole file is read and checked
    before anything is sent. Publishing the same file again changes nothing: every receipt says
    duplicate; so it can be stopped at any time, and goes on when it is published again.
    """
    from deploy.commands.feed import Given
    from deploy.commands.feed import publish as run
    from shared.runtime.memory import collect_less_often

    given = Given(
        file,
        mapping,
        data_dir,
        as_json=as_json,
        clock=set_clock,
        dry_run=dry_run,
        charter_draft=charter_draft,
        rejects=rejects,
    )
    collect_less_often()
    ended(lambda: run(given))
