"""Commands about sealed words, and the keys that they are sealed with."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import AsJson, SuiteDir, run_to_end

app = typer.Typer()
vault = typer.Typer(no_args_is_help=True, help="The keys of what is sealed.")
erase = typer.Typer(no_args_is_help=True, help="Take words back for ever.")
unseal = typer.Typer(no_args_is_help=True, help="Be shown words that are sealed.")
app.add_typer(vault, name="vault")
app.add_typer(erase, name="erase")
app.add_typer(unseal, name="unseal")

ReportId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="The report's id, as receipts and `tribune why` say it, or its source and number"
        " there, such as boston/101.",
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it is written down for ever, so no names.")]
NOBODY = typer.Option("--as", help="Who does it; in the log stands a digest of that.")


@erase.command("report", epilog='Example: tribune erase report 5f… --reason "Asked for"')
def erase_report(
    report: ReportId,
    reason: Reason,
    who: Annotated[str, NOBODY] = "",
    data_dir: SuiteDir = None,
) -> None:
    """Destroy the key of a report's words: nobody reads them any more, wherever they stand.

    That it was reported, what became of it and all counts stay. Backups of the vault open it until
    they are gone; a vault that is put back from one has it erased again.
    """
    from deploy.commands.vault import erase as run

    run_to_end(run(data_dir, report, reason, who))


@erase.command("person", epilog='Example: tribune erase person 5f… --reason "Asked for"')
def erase_person(
    person: Annotated[
        str, typer.Argument(metavar="ID", help="The person's id inside, as `tribune why` says it.")
    ],
    reason: Reason,
    who: Annotated[str, NOBODY] = "",
    data_dir: SuiteDir = None,
) -> None:
    """Destroy the key that tells whom a person's id stands for.

    What they did stays counted. Reports that a source sends of them later are nobody's. Words of
    theirs are erased report by report.
    """
    from deploy.commands.vault import erase_person as run

    run_to_end(run(data_dir, person, reason, who))


@unseal.command(
    "report", epilog='Example: tribune unseal report 5f… --as ana --role inspector --reason "…"'
)
def unseal_report(
    report: ReportId,
    who: Annotated[str, typer.Option("--as", help="Somebody of the charter's staff.toml.")],
    role: Annotated[str, typer.Option(help="One of their roles: editor or inspector.")],
    reason: Reason,
    data_dir: SuiteDir = None,
    as_json: AsJson = False,
) -> None:
    """Show the sealed words of a report; that they were shown, to whom and why, is written down."""
    from deploy.commands.vault import unseal as run

    run_to_end(run(data_dir, report, {"who": who, "role": role, "reason": reason}, as_json=as_json))


@vault.command(epilog="Example: tribune vault rotate")
def rotate(data_dir: SuiteDir = None) -> None:
    """Wrap all keys by a new master key; the old one opens nothing afterwards. The suite may run.

    Backups of the vault from before need the old key: make a new one, and destroy those.
    """
    from deploy.cli.options import ended
    from deploy.commands.vault import rotate as run

    ended(lambda: run(data_dir))


@vault.command(epilog="Example: tribune vault backup /mnt/keys/vault-monday.db")
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; it must not be there yet.")],
    data_dir: SuiteDir = None,
) -> None:
    """Copy the vault while the suite runs. What is erased opens in a copy until that is gone."""
    from deploy.cli.options import ended
    from deploy.commands.vault import back_up as run

    ended(lambda: run(data_dir, file))


@vault.command(epilog="Example: tribune vault begin")
def begin(data_dir: SuiteDir = None) -> None:
    """Begin a new vault where the old one is lost for good; what it sealed stays closed."""
    from deploy.commands.vault import begin as run

    run_to_end(run(data_dir))
