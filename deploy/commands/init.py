"""`tribune init`: a `.env` with fresh secrets for the composed suite."""

import os
import secrets
from pathlib import Path

from rich.console import Console

from deploy.problems import FOUND_WRONG, WRONG_USE

console = Console()

EXAMPLE, TARGET = ".env.example", ".env"


def init(folder: Path) -> int:
    """Fills in the empty values of `.env.example`; never touches a `.env` that is there."""
    example, target = folder / EXAMPLE, folder / TARGET
    if not example.exists():
        console.print(f"there is no {EXAMPLE} here; run it in the clone's folder")
        return WRONG_USE
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        console.print(f"{TARGET} is there already and stays as it is")
        return FOUND_WRONG
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(map(_filled_in, example.read_text().splitlines(keepends=True)))
    console.print(
        f"{TARGET} has fresh secrets, readable for you alone; keep a copy in a safe place."
    )
    console.print("Next: docker compose build, then docker compose up -d --wait")
    return 0


def _filled_in(line: str) -> str:
    name, equals, value = line.rstrip("\n").partition("=")
    if name.startswith("#") or not equals or value:
        return line
    return f"{name}={_secret()}\n"


def _secret() -> str:
    """Begins with a letter: NATS would read a number, or a number with a unit, as such."""
    return f"s{secrets.token_hex(24)}"
