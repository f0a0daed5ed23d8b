"""Tells the known faults of what lock files name; ends with 1 if there is one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

AUDIT = [
    str(Path(sys.executable).with_name("pip-audit")),
    *("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"),
]
UNKNOWN = "the database does not know them, or can't be reached"


def looked_up(lock: str) -> list[dict[str, Any]]:
    """Each package of the file: name, version, and either `vulns` or `skip_reason`."""
    command = [*AUDIT, "--requirement", lock]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if not run.stdout.strip():
        # A database that is away, or ill, says nothing about the code.
        last = (run.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"{lock}: NOT looked up: {last}")
        return []
    packages: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    known = [each for each in packages if "vulns" in each]
    print(f"{lock}: {len(known)} packages looked up")
    if unknown := len(packages) - len(known):
        print(f"{lock}: {unknown} packages NOT looked up: {UNKNOWN}")
    return known


def main(locks: list[str]) -> int:
    faults = 0
    for lock in locks:
        for each in looked_up(lock):
            for fault in each["vulns"]:
                faults += 1
                cured = ", ".join(fault["fix_versions"]) or "no version yet"
                print(f"{lock}: {each['name']} {each['version']}: {fault['id']}, cured in {cured}")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
