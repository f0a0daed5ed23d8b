"""The list of parts names what is locked, and of an image what it holds."""

import json
import subprocess
import sys
from pathlib import Path
from sysconfig import get_path
from typing import Any

from deploy.sbom import locked
from shared.runtime.settings import PROJECT

LOCK = PROJECT / "requirements.lock"


def listed(*folders: str) -> dict[str, Any]:
    """As it runs in an image: without anything of ours."""
    command = [sys.executable, "-I", str(PROJECT / "deploy" / "sbom.py"), str(LOCK), *folders]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    told = json.loads(run.stdout)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    return {part["name"]: part for part in told["components"]}


def test_it_names_all_that_is_locked_with_versions_and_hashes() -> None:
    lines = [line for line in LOCK.read_text().splitlines() if "==" in line and line[0].isalnum()]
    parts = [*locked(LOCK.read_text())]
    assert len(parts) == len(lines) > 50
    assert sum(len(part.hashes) for part in parts) == LOCK.read_text().count("--hash=sha256:")
    assert all(part.hashes for part in parts)
    told = listed()
    assert {*told} == {part.name for part in parts}
    assert told["nats-py"]["purl"] == f"pkg:pypi/nats-py@{told['nats-py']['version']}"


def test_of_an_image_it_names_what_is_there(tmp_path: Path) -> None:
    told = listed(get_path("purelib"))
    assert {"nats-py", "fastapi", "cryptography", "pytest"} <= {*told}
    assert told["fastapi"]["externalReferences"]
    assert "externalReferences" not in told["pytest"], "it is in no image, and not in this lock"
    assert listed(str(tmp_path)) == {}
