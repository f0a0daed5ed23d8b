"""The usual folders of a suite; by itself, for the command line names them before it loads more."""

from pathlib import Path

SUITE_DIR, DEMO_DIR = Path("var/suite"), Path("var/demo")
