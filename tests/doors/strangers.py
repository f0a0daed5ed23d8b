"""Another user of the same machine, who tries each file and folder."""

import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

STRANGER = 65_534
PYTHON = shutil.which("python3", path=os.defpath)
"""One that others may run."""
TRY = """
import json, os, sys
done = []
for path in json.load(sys.stdin):
    for how, act in (("list", os.listdir), ("read", lambda p: open(p, "rb")),
                     ("write", lambda p: open(p, "r+b")), ("remove", os.remove)):
        try:
            act(path)
            done.append([how, path])
        except OSError:
            pass
print(json.dumps(done))
"""


def expected(folder: Path) -> Iterator[tuple[Path, int | None]]:
    """All that is there, and the mode that the table gives it."""
    told = tomllib.loads(Path(__file__).with_name("files.toml").read_text())
    for path in (folder, *sorted(folder.rglob("*"))):
        sort = told["folder" if path.is_dir() else "file"]
        name = str(path.relative_to(folder))
        modes = [s["mode"] for s in sort for pattern in s["is"] if fnmatch(name, pattern)]
        yield path, modes[0] if modes else None


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """With its modes, to where others could reach it; and there is nothing to lose."""
    outer = Path(tempfile.mkdtemp())
    outer.chmod(0o755)
    try:
        yield Path(shutil.copytree(folder, outer / "copy"))
    finally:
        shutil.rmtree(outer)


def done_by_a_stranger(folder: Path) -> list[str]:
    paths = [str(path) for path in (folder, *folder.rglob("*"))]
    ran = subprocess.run(  # noqa: S603
        [PYTHON or "", "-S", "-c", TRY],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        user=STRANGER,
        group=STRANGER,
        extra_groups=[],
        cwd="/",
        check=True,
        env={"PATH": os.defpath},
    )
    return [" ".join(each) for each in json.loads(ran.stdout)]
