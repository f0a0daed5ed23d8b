"""`tribune trace`: what became of a report, for whoever has its code."""

import json
import sys
from getpass import getpass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from deploy.connecting import NoSuiteError
from deploy.embedded.suite import NOTE
from deploy.folders import SUITE_DIR
from deploy.given import UnknownNameError
from deploy.terminal import Terminal
from services.intake.api.traces import NOBODYS

console = Terminal(soft_wrap=True)
WITHIN_S = 30.0
FOUND_NOTHING = 1


async def trace(data_dir: Path | None, at: str, *, as_json: bool) -> int:
    """The code comes from the keyboard or standard input: what stands in a command line is kept in
    histories, and shown to everybody on the machine."""
    site = at.rstrip("/") or _intake_of(data_dir or SUITE_DIR)
    code = getpass("Code of the report: ") if sys.stdin.isatty() else sys.stdin.readline()
    answer = await _asked(site, code.strip())
    said = answer.json()
    if answer.status_code == HTTPStatus.NOT_FOUND:
        if said["detail"] != NOBODYS:
            raise NoSuiteError(
                f"at {site} nobody can report: the charter there has no form, or it is another"
                " service's address; --at names intake's"
            )
        console.print(NOBODYS, highlight=False)
        return FOUND_NOTHING
    if answer.status_code != HTTPStatus.OK:
        raise UnknownNameError(said["detail"])
    if as_json:
        print(json.dumps(said))  # noqa: T201
        return 0
    for line in _lines(said):
        console.print(line, highlight=False)
    return 0


async def _asked(site: str, code: str) -> httpx.Response:
    """Raises NoSuiteError."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=WITHIN_S) as http:
            headers = {"Receipt-Code": code.encode("ascii", "replace").decode()}
            answer = await http.get(f"{site}/api/trace", headers=headers)
        answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise NoSuiteError(
            f"at {site} nobody answers who knows of reports; --at names intake's address, such as"
            " https://reports.example.org"
        ) from None
    return answer


def _intake_of(data_dir: Path) -> str:
    """Raises NoSuiteError."""
    try:
        ports = json.loads((data_dir / NOTE).read_text())["ports"]
    except (OSError, ValueError, KeyError):
        raise NoSuiteError(
            f"no suite runs in {data_dir}; --at names the address of intake's pages"
        ) from None
    return f"http://127.0.0.1:{ports['intake-1']}"


def _lines(said: dict[str, Any]) -> list[str]:
    lines = [f"{said['sector']}, {said['place']}"]
    lines += [_line(each["day"], each["what"], each["words"]) for each in said["steps"]]
    lines += [
        _line(each["day"], f"the body asks ({each['role']})", each["words"])
        if each["by"] == "body"
        else _line(each["day"], "you said something", "")
        for each in said["said"]
    ]
    lines += [f"commitment: {each['state']}, due {each['due']}" for each in said["commitments"]]
    if said["attachments"]:
        lines.append(f"files that go with it: {said['attachments']}")
    if said["corroborated"]:
        lines.append(f"people who have seen it, too: {said['corroborated']}")
    lines += [f"shown to {role}: {times}" for role, times in said["openings"].items()]
    return lines


def _line(day: str, what: str, words: str) -> str:
    return f"{day}  {what}: {words}" if words else f"{day}  {what}"
