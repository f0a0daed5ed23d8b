"""`tribune user`: who may connect to NATS."""

from typing import Annotated, Literal

import typer

from deploy.cli.options import AsJson, SuiteDir, ended, run_to_end

app = typer.Typer()
user = typer.Typer(no_args_is_help=True, help="Who may connect to NATS, and with which key.")
app.add_typer(user, name="user")

NAME = r"[a-z0-9][a-z0-9_-]{0,29}"


Kind = Literal["source", "dashboard", "staff", "member"]
AnyKind = Literal[Kind, "suite"]


def _name(given: str) -> str:
    import re

    if not re.fullmatch(NAME, given):
        raise typer.BadParameter(
            "a name has small letters, digits, hyphens and low lines, at most 30"
        )
    return given


Name = Annotated[str, typer.Argument(callback=_name, help="Small letters, digits, - and _.")]
KindGiven = Annotated[Kind, typer.Option("--kind", help="What it is, and so what it may do.")]
AnyKindGiven = Annotated[
    AnyKind, typer.Option("--kind", help="What it is; suite: a service or tool of our own.")
]
Days = Annotated[
    int,
    typer.Option("--days", min=0, max=36_500, help="How long the key is good; 0: until revoked."),
]
PrintCreds = Annotated[
    bool,
    typer.Option(
        "--print-creds", help="Print the file that clients of NATS take, and nothing else."
    ),
]


@user.command(
    epilog="Examples: tribune user add press --kind dashboard --print-creds >press.creds    tribune"
    " user add chicago --kind source --days 365"
)
def add(
    name: Name,
    kind: KindGiven,
    days: Days = 0,
    print_creds: PrintCreds = False,
    data_dir: SuiteDir = None,
) -> None:
    """Let somebody in, at once; who is there already stays as he is."""
    from deploy.commands.user import Asked
    from deploy.commands.user import add as run

    run_to_end(run(Asked(name, kind, data_dir, days, print_creds)))


@user.command(
    epilog="Examples: tribune user rotate press --kind dashboard    tribune user rotate intake"
    " --kind suite"
)
def rotate(
    name: Name,
    kind: AnyKindGiven,
    days: Days = 0,
    print_creds: PrintCreds = False,
    data_dir: SuiteDir = None,
) -> None:
    """Give a new key; the old one is good no more, and who uses it is out at once."""
    from deploy.commands.user import Asked
    from deploy.commands.user import rotate as run

    run_to_end(run(Asked(name, kind, data_dir, days, print_creds)))


@user.command(epilog="Example: tribune user revoke press --kind dashboard")
def revoke(name: Name, kind: AnyKindGiven, data_dir: SuiteDir = None) -> None:
    """Shut somebody out at once, with every key."""
    from deploy.commands.user import Asked
    from deploy.commands.user import revoke as run

    run_to_end(run(Asked(name, kind, data_dir)))


@user.command("list", epilog="Examples: tribune user list    tribune user list --json")
def list_(data_dir: SuiteDir = None, as_json: AsJson = False) -> None:
    """List who there is, what it is, and whether its key is good."""
    from deploy.commands.user import listing

    ended(lambda: listing(data_dir, as_json=as_json))
