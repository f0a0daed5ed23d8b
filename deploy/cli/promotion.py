"""Commands about who qualifies, and why; who rises; petitions and posts."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end
from shared.contracts.place import EVERYWHERE

app = typer.Typer()
promotion = typer.Typer(
    no_args_is_help=True, help="Who qualifies, and why; who rises; petitions, posts."
)
app.add_typer(promotion, name="promotion")


@promotion.command(
    "what-if", epilog="Example: tribune promotion what-if --charter /srv/charter-of-next-year"
)
def what_if(
    directory: Annotated[
        Path,
        typer.Option(
            "--charter",
            metavar="DIR",
            help="The folder of the other charter.",
            show_default=False,
        ),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Replay the log under other tracks: who would gain, lose or keep which qualification.

    As if they had been there from the beginning. Nothing changes, and the suite may be at rest.
    """
    from deploy.commands.promotion_what_if import what_if as run

    run_to_end(run(data_dir, directory, as_json=as_json), reads_much=True)


@promotion.command(
    "why",
    epilog="Examples: tribune promotion why 463e95073a5056d79e2bd4a96e3e100e inspector    tribune"
    " promotion why M-63d1-07a7 inspector --json",
)
def why(
    member: Annotated[
        str,
        typer.Argument(
            metavar="MEMBER",
            help="The member's id, as the log or what-if has it, or as a page shows it.",
            show_default=False,
        ),
    ],
    track: Annotated[
        str, typer.Argument(metavar="TRACK", help="The track's name.", show_default=False)
    ],
    directory: Annotated[
        Path | None,
        typer.Option(
            "--charter",
            metavar="DIR",
            help="The folder of another charter, by whose track it is told.",
            show_default=False,
        ),
    ] = None,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell why a member is qualified on a track, or what they lack, and by which events.

    Each part of the rule with what there is, then each report that counts, or why it does not.
    """
    from deploy.commands.promotion_why import why as run

    run_to_end(run(data_dir, member, track, directory, as_json=as_json))


@promotion.command("petitions", epilog="Example: tribune promotion petitions --json")
def petitions(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """List the newest petitions: place, how they stand, and by when an answer is owed.

    Their words are on their pages, and who supports them nobody is told.
    """
    from deploy.commands.promotion_petitions import petitions as run

    run_to_end(run(data_dir, as_json=as_json))


@promotion.command("posts", epilog="Example: tribune promotion posts --json")
def posts(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """Tell which posts there are, how many seats are vacant, and whether a bench is empty.

    From the log alone, with the seed and the digest of the last ranking.
    """
    from deploy.commands.promotion_posts import posts as run

    run_to_end(run(data_dir, as_json=as_json))


@promotion.command(
    "why-not",
    epilog="Example: tribune promotion why-not 5b0c4b9e3d0f5f6a9a556c1f2f0f1925"
    " 463e95073a5056d79e2bd4a96e3e100e",
)
def why_not(
    post: Annotated[
        str,
        typer.Argument(
            metavar="POST", help="The post's id, as its page has it.", show_default=False
        ),
    ],
    member: Annotated[
        str,
        typer.Argument(
            metavar="MEMBER", help="The member's id, as the log has it.", show_default=False
        ),
    ],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Tell why a member was not asked for a post: what counted for them and for who was asked.

    From the log alone, as each ranking stood when somebody was chosen.
    """
    from deploy.commands.promotion_posts import why_not as run

    run_to_end(run(data_dir, post, member, as_json=as_json))


@promotion.command(
    "forces",
    epilog="Example: tribune promotion forces --place us.ma.boston.roxbury --sector street-lights",
)
def forces(
    place: Annotated[
        str, typer.Option("--place", metavar="PLACE", help="There, and in all that lies in it.")
    ] = EVERYWHERE,
    sector: Annotated[
        str, typer.Option("--sector", metavar="SECTOR", help="About it alone; else about each.")
    ] = "",
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """List who rises: days of confirmed work, beside their own past and beside others there.

    From the log alone, as the placers' page has it; with --json each event that it rests on.
    """
    from deploy.commands.promotion_forces import forces as run

    run_to_end(run(data_dir, place, sector, as_json=as_json), reads_much=True)


@promotion.command(
    "adopt", epilog='Example: tribune promotion adopt --by "Council" --reason "Resolution 12"'
)
def adopt(
    by: Annotated[
        str, typer.Option(help="Who decided it: a body or an office, and no person's name.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it is written down for ever, so no names.")],
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Write into the log that the tracks by which promotion judges by now are adopted.

    Put them into the charter and start promotion anew first; `what-if` tells what they change. Who
    is qualified stays so, as earned. The same tracks twice are adopted once.
    """
    from deploy.commands.promotion_adopt import adopt as run

    run_to_end(run(data_dir, by, reason, as_json=as_json))
