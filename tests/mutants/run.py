"""Breaks the code on purpose, one break at a time, and tells which of them no test notices.

`python tests/mutants/run.py [WORD ...]` takes all breaks, or those with one of the words in their
file or reason. Each is an entry of a `.toml` file beside this one. Exit code 1 if one survives, if
its old text is not there any more, or if its tests fail without any break.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WITHIN_S = 300.0
BASELINE_WITHIN_S = 3600.0
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
TESTS_FAILED = 1


@dataclass(frozen=True)
class Mutant:
    """`old` stands once in `file`; with `new` in its place one of `tests` has to fail."""

    file: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]
    database: str = "sqlite"

    @classmethod
    def read(cls, entry: dict[str, str | list[str]]) -> "Mutant":
        return cls(**(entry | {"tests": tuple(entry["tests"])}))  # type: ignore[arg-type]


@dataclass
class Verdict:
    caught: int = 0
    survived: list[Mutant] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)


def all_mutants() -> list[Mutant]:
    found = []
    for path in sorted(HERE.glob("*.toml")):
        found += [Mutant.read(entry) for entry in tomllib.loads(path.read_text())["mutant"]]
    return found


def main(words: list[str]) -> int:
    mutants = [
        mutant
        for mutant in all_mutants()
        if not words or any(word in f"{mutant.file} {mutant.why}" for word in words)
    ]
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="tribune-mutants-") as folder:
        copy = Path(folder) / "tree"
        copy_to(copy)
        if not baseline(copy, mutants):
            return 1
        for number, mutant in enumerate(mutants, 1):
            print(f"{number:3}/{len(mutants)}  {mutant.file}: {mutant.why}", flush=True)
            print(f"         {judge(copy, mutant, verdict)}", flush=True)
    print(f"\n{len(mutants)} breaks, {verdict.caught} caught, {len(verdict.survived)} survived")
    for mutant in verdict.survived:
        print(f"survived: {mutant.file}: {mutant.why}")
    for line in verdict.unfit:
        print(f"unfit: {line}")
    return 1 if verdict.survived or verdict.unfit else 0


def copy_to(folder: Path) -> None:
    """What git knows or would take; not what only lies here."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def baseline(copy: Path, mutants: list[Mutant]) -> bool:
    """A test that fails anyhow catches nothing."""
    for database in sorted({mutant.database for mutant in mutants}):
        tests = sorted({t for m in mutants if m.database == database for t in m.tests})
        print(f"without a break, on {database}: {len(tests)} test files", flush=True)
        code, output, seconds = run(copy, tests, database, BASELINE_WITHIN_S)
        if code != 0:
            print(f"{output[-4000:]}\nthey must pass before breaks can be told by them")
            return False
        print(f"         passed in {seconds:.0f} s", flush=True)
    return True


def judge(copy: Path, mutant: Mutant, verdict: Verdict) -> str:
    path = copy / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        verdict.unfit.append(f"{mutant.file}: its text stands {text.count(mutant.old)} times")
        return "UNFIT: " + verdict.unfit[-1]
    path.write_text(text.replace(mutant.old, mutant.new))
    try:
        code, output, seconds = run(copy, list(mutant.tests), mutant.database, WITHIN_S)
    finally:
        path.write_text(text)
    if code == TESTS_FAILED:
        verdict.caught += 1
        return f"caught in {seconds:.0f} s by {', '.join(FAILED.findall(output)[:1])}"
    if code is None:
        verdict.caught += 1
        return f"caught: its tests do not end within {WITHIN_S:.0f} s"
    if code == 0:
        verdict.survived.append(mutant)
        return f"SURVIVED ({seconds:.0f} s)"
    verdict.unfit.append(f"{mutant.file}: {mutant.why}: pytest ended with {code}")
    return f"UNFIT: {output[-1500:]}"


def run(
    copy: Path, tests: list[str], database: str, within_s: float
) -> tuple[int | None, str, float]:
    """pytest's exit code (None if it did not end), its output, and how long it took."""
    options = ["-x", "-q", "--no-header", "--color=no", "-p", "no:cacheprovider", "-p", "impatient"]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(copy), str(HERE)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TRIBUNE_TEST_PROFILE": "mutants",
        "TRIBUNE_TEST_DATABASE": database,
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    output, code = "", None
    with suppress(subprocess.TimeoutExpired):
        output, _ = process.communicate(timeout=within_s)
        code = process.returncode
    with suppress(ProcessLookupError):  # servers that a test which was ended left behind
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return code, output, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
