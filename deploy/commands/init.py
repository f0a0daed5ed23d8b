"""`tribune init`: a `.env` for the composed suite, and a folder with its secrets and keys."""

import os
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from deploy.locks.certificates import Certificates
from deploy.locks.keyring import Keyring
from deploy.locks.secret_files import GIVEN as GIVEN_BY_OTHERS
from deploy.locks.secret_files import MADE, complete, variable
from deploy.locks.server import write_configuration
from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.terminal import Terminal
from shared.runtime.charter import read_charter
from shared.runtime.settings import Settings

console = Terminal(soft_wrap=True)

IN_CONTAINERS = (10001, 10001)
IN_THE_VOLUME = Path("/data/accounts")
KEYS, USER = "keys", "TRIBUNE_USER"
SITE = "site"  # for a certificate that an operator has for the pages
EXAMPLE, TARGET = ".env.example", ".env"
GIVEN = re.compile(r"^[ \t]*(?:export[ \t]+)?(?P<name>\w+)[ \t]*=(?P<value>.*)$", re.MULTILINE)
ADDED = "\n# Added by `tribune init --add-missing`; what they are for stands in .env.example.\n"


def init(folder: Path, *, add_missing: bool = False) -> int:
    """Makes `.env` of `.env.example`, and says whose the keys are. In a `.env` that is there
    nothing changes; what it lacks is told, or added at its end. Keys and secrets that are missing
    are made, and none is changed."""
    example, target = folder / EXAMPLE, folder / TARGET
    if not example.exists():
        console.print(f"there is no {EXAMPLE} here; run it in the clone's folder")
        return WRONG_USE
    lines = example.read_text().splitlines(keepends=True)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        code = _complete(target, lines, add_missing=add_missing)
        if add_missing:
            _make_keys(folder)
        return code
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(map(_filled_in, lines))
    _make_keys(folder)
    console.print("Next: docker compose build, then docker compose up -d --wait")
    return 0


def _whose() -> tuple[int, int]:
    """Whom the containers run as: us, or a user of their own where we are root."""
    return (os.getuid(), os.getgid()) if os.getuid() else IN_CONTAINERS


def _make_keys(folder: Path) -> None:
    """Those of the charter's sources, too. What there is stays."""
    settings = Settings(_env_file=folder / TARGET)
    keys = Keyring(folder / (settings.keys_dir or KEYS))
    charter = folder / settings.charter_dir
    keys.complete(read_charter(charter).sources if charter.is_dir() else ())
    write_configuration(keys, IN_THE_VOLUME).chmod(0o644)
    _make_certificate(Certificates(keys.folder), settings)
    _make_secrets(keys.folder, _values(folder / TARGET))
    (keys.folder / SITE).mkdir(mode=0o700, exist_ok=True)
    if not os.getuid():
        for path in (keys.folder, *keys.folder.rglob("*")):
            shutil.chown(path, *IN_CONTAINERS)
    console.print(
        f"{keys.folder} has all secrets and the keys of NATS, readable for you alone; keep a copy"
        " in a safe place."
    )


def _make_certificate(ours: Certificates, settings: Settings) -> None:
    hosts = [host.strip() for host in settings.nats_hosts.split(",") if host.strip()]
    was_there = ours.certificate.exists()
    if ours.complete(hosts) and was_there:
        console.print("NATS has a new certificate: docker compose restart nats")
    console.print(f"NATS's certificate is good until {ours.ends():%Y-%m-%d}.")
    if settings.nats_url.get_secret_value().startswith("nats://"):
        console.print(f"NATS speaks TLS now: let TRIBUNE_NATS_URL in {TARGET} begin with tls://")


def _make_secrets(keys: Path, former: Mapping[str, str]) -> None:
    complete(keys, former)
    still = [variable(name) for name in (*MADE, *GIVEN_BY_OTHERS) if former.get(variable(name))]
    if still:
        console.print(
            f"What {', '.join(still)} in {TARGET} say is in files of {keys}/secrets now, which"
            f" alone count: take these lines out of {TARGET}."
        )


def _values(target: Path) -> dict[str, str]:
    found = GIVEN.finditer(target.read_text())
    return {each["name"]: each["value"].strip().strip("'\"") for each in found}


def _complete(target: Path, example: list[str], *, add_missing: bool) -> int:
    there = _values(target)
    missing = [line for line in example if _name(line) not in {"", *there}]
    names = ", ".join(map(_name, missing))
    empty = [name for line in example if _is_empty(line) and there.get(name := _name(line)) == ""]
    for name in empty:
        console.print(f"{name} in {TARGET} has no value; it is {':'.join(map(str, _whose()))}")
    if missing and not add_missing:
        console.print(
            f"{TARGET} is there already and stays as it is. It lacks {names}:"
            " `tribune init --add-missing` adds them, and changes nothing else"
        )
        return FOUND_WRONG
    if missing:
        _append(target, [_filled_in(line) for line in missing])
        console.print(f"{TARGET} has {names} now.")
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
    if _name(line) == USER:
        return f"{USER}={':'.join(map(str, _whose()))}\n"
    return line
