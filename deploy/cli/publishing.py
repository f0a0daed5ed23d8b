"""Commands about what is published."""

from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()
publishing = typer.Typer(no_args_is_help=True, help="What the newsroom makes.")
app.add_typer(publishing, name="publishing")


@publishing.callback()
def _several() -> None:
    """What the newsroom makes."""


@publishing.command("stories", epilog="Example: tribune publishing stories --limit 20 --json")
def stories(
    limit: Annotated[
        int, typer.Option(min=1, max=500, help="How many at most, those that moved last first.")
    ] = 100,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """List the stories of the newsroom: how far each is, and when it appears or is asked about.

    Writing, reading and publishing is for editors, at `/newsroom` of the site.
    """
    from deploy.commands.publishing_stories import stories as run

    run_to_end(run(data_dir, limit, as_json=as_json))


@publishing.command("questions", epilog="Example: tribune publishing questions --limit 20 --json")
def questions(
    limit: Annotated[
        int, typer.Option(min=1, max=500, help="How many at most, those asked last first.")
    ] = 100,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """List the questions to the body: how far each is, and since when it waits.

    Reading and answering is for editors, at `/newsroom/questions` of the site.
    """
    from deploy.commands.publishing_questions import questions as run

    run_to_end(run(data_dir, limit, as_json=as_json))
