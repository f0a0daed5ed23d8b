"""`tribune init`: a `.env` with fresh secrets for the composed suite."""

import os
import re
import secrets
import stat
from pathlib import Path

from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.terminal import Terminal

console = Terminal(soft_wrap=True)

EXAMPLE, TARGET = ".env.example", ".env"
GIVEN = re.compile(r"^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=(?P<value>.*)$", re.MULTILINE)
ADDED = "\n# Added by `tribune init --add-missing`; what they are for stands in .env.example.\n"


def init(folder: Path, *, add_missing: bool = False) -> int:
    """Fills in the empty values of `.env.example`. In a `.env` that is there nothing changes; what
    it lacks is told, or added at its end."""
    example, target = folder / EXAMPLE, folder / TARGET
    if not example.exists():
        console.print(f"there is no {EXAMPLE} here; run it in the clone's folder")
        return WRONG_USE
    lines = example.read_text().splitlines(keepends=True)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _complete(target, lines, add_missing=add_missing)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(map(_filled_in, lines))
    console.print(
        f"{TARGET} has fresh secrets, readable for you alone; keep a copy in a safe place."
    )
    console.print("Next: docker compose build, then docker compose up -d --wait")
    return 0


def _complete(target: Path, example: list[str], *, add_missing: bool) -> int:
    there = {found["name"]: found["value"].strip() for found in GIVEN.finditer(target.read_text())}
    missing = [line for line in example if _name(line) not in {"", *there}]
    names = ", ".join(map(_name, missing))
    empty = [name for line in example if _is_empty(line) and there.get(name := _name(line)) == ""]
    for name in empty:
        console.print(f"{name} in {TARGET} has no value; give it one, of letters and digits")
    if missing and not add_missing:
        console.print(
            f"{TARGET} is there already and stays as it is. It lacks {names}:"
            " `tribune init --add-missing` adds them, with fresh secrets, and changes nothing else"
        )
        return FOUND_WRONG
    if missing:
        _append(target, [_filled_in(line) for line in missing])
        console.print(f"{TARGET} has {names} now; keep a copy in a safe place.")
    elif add_missing:
        console.print(f"{TARGET} lacks nothing and stays as it is")
    else:
        console.print(f"{TARGET} is there already and stays as it is")
    return FOUND_WRONG if empty or not add_missing else 0


def _append(target: Path, lines: list[str]) -> None:
    """All of it at once and behind what is there, of which not a byte is written anew."""
    ends = target.read_bytes()[-1:] in (b"", b"\n")
    with target.open("ab", buffering=0) as file:
        file.write(("" if ends else "\n").encode() + ADDED.encode() + "".join(lines).encode())
        os.fsync(file.fileno())
    if stat.S_IMODE(target.stat().st_mode) & 0o077:
        console.print(f"Others on this machine can read {TARGET}: chmod 600 {TARGET}")


def _name(line: str) -> str:
    """That of the value in a line of the example; nothing if there is none."""
    name, equals, _ = line.partition("=")
    return name if equals and not name.startswith("#") else ""


def _is_empty(line: str) -> bool:
    return bool(_name(line)) and not line.rstrip("\n").partition("=")[2]


def _filled_in(line: str) -> str:
    return f"{_name(line)}={_secret()}\n" if _is_empty(line) else line


def _secret() -> str:
    """Begins with a letter: NATS would read a number, or a number with a unit, as such."""
    return f"s{secrets.token_hex(24)}"
