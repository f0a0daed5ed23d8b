"""The one list of parts, as CycloneDX: what a lock file names, or of that what a folder holds.

`python sbom.py requirements.lock` lists what the suite depends on; with folders after it, run in an
image while it is built, what that image really holds.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple

PART = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Part(NamedTuple):
    name: str
    version: str
    hashes: tuple[str, ...] = ()


def locked(text: str) -> Iterator[Part]:
    """With the digest of each file that may be installed; in the file's order."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n" + text)
    for entry in entries:
        if found := PART.match(entry.strip()):
            yield Part(_known_as(found[1]), found[2], tuple(HASH.findall(entry)))


def held(folders: Sequence[str], of: Iterable[Part]) -> Iterator[Part]:
    """What lies in these folders, with the digests of the lock file."""
    hashes = {(part.name, part.version): part.hashes for part in of}
    there = {(_known_as(d.metadata["Name"]), d.version) for d in distributions(path=[*folders])}
    for name, version in sorted(there):
        yield Part(name, version, hashes.get((name, version), ()))


def bill(parts: Iterable[Part]) -> str:
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    suite = {"type": "application", "bom-ref": "tribune", "name": "tribune"}
    about = {"metadata": {"component": suite}}
    return json.dumps(head | about | {"components": [*map(_component, parts)]}, indent=1)


def _component(part: Part) -> dict[str, Any]:
    address = f"pkg:pypi/{part.name}@{part.version}"
    named = {"type": "library", "bom-ref": address, "name": part.name, "version": part.version}
    files = [
        {"type": "distribution", "url": address, "hashes": [{"alg": "SHA-256", "content": each}]}
        for each in part.hashes
    ]
    return named | {"purl": address} | ({"externalReferences": files} if files else {})


def _known_as(name: str) -> str:
    """As package indexes have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(lock: str, *folders: str) -> None:
    parts = [*locked(Path(lock).read_text())]
    sys.stdout.write(bill(held(folders, parts) if folders else parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
