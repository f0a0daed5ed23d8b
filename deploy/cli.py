"""The command line `tribune`."""

import asyncio
import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Tribune.")


@app.callback()
def main() -> None:
    pass


@app.command()
def service(name: Annotated[str, typer.Argument()]) -> None:
    """Run one service: intake, promotion or publishing."""
    import uvloop

    from deploy.suite import composition
    from shared.runtime.service import run_service
    from shared.runtime.settings import Settings

    sys.exit(uvloop.run(run_service(name, Settings(), composition(name))))


if __name__ == "__main__":
    app()
