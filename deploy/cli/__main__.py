"""`python -m deploy.cli` is `tribune`."""

from deploy.cli import app

app(prog_name="tribune")
