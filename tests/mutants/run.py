"""Breaks the code on purpose, one break a copy, and tells which of them no test notices.

`python tests/mutants/run.py [WORD ...]` takes all breaks, or those with one of the words in their
file or reason. Each is an entry of a `.toml` file beside this one. Two are tried at a time, each in
a copy of its own; `WORKERS=1` tries one. Exit code 1 if one survives, if its old text is not there
any more, or if its tests fail without any break.
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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WITHIN_S = 300.0
BASELINE_WITHIN_S = 3600.0
TEST_WITHIN_S, BASELINE_TEST_WITHIN_S = 60, 180
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


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    kind: str
    words: str


class Copies:
    """Copies of the tree; each is lent to one break at a time."""

    def __init__(self, folder: Path, count: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy_to(folder / f"tree-{number}")
            self._free.put(folder / f"tree-{number}")

    @contextmanager
    def one(self) -> Iterator[Path]:
        copy = self._free.get()
        try:
            yield copy
        finally:
            self._free.put(copy)


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
    workers = int(os.environ.get("WORKERS", "2"))
    with tempfile.TemporaryDirectory(prefix="tribune-mutants-") as folder:
        copies = Copies(Path(folder), workers)
        with copies.one() as copy:
            if not baseline(copy, mutants):
                return 1
        verdicts = []
        with ThreadPoolExecutor(workers) as pool:
            for verdict in pool.map(lambda mutant: judge(copies, mutant), mutants):
                verdicts.append(verdict)
                print(f"{len(verdicts):3}/{len(mutants)}  {verdict.mutant.file}: ", end="")
                print(f"{verdict.mutant.why}\n         {verdict.words}", flush=True)
    return told(verdicts)


def told(verdicts: list[Verdict]) -> int:
    kinds = Counter(verdict.kind for verdict in verdicts)
    print(f"\n{len(verdicts)} breaks, {kinds['caught']} caught, {kinds['survived']} survived")
    wrong = [verdict for verdict in verdicts if verdict.kind != "caught"]
    for verdict in wrong:
        print(f"{verdict.kind}: {verdict.mutant.file}: {verdict.mutant.why}")
    return 1 if wrong else 0


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
        code, output, seconds = run(
            copy, tests, database, BASELINE_WITHIN_S, BASELINE_TEST_WITHIN_S
        )
        if code != 0:
            print(f"{output[-4000:]}\nthey must pass before breaks can be told by them")
            return False
        print(f"         passed in {seconds:.0f} s", flush=True)
    return True


def judge(copies: Copies, mutant: Mutant) -> Verdict:
    with copies.one() as copy:
        path = copy / mutant.file
        text = path.read_text() if path.is_file() else ""
        if (times := text.count(mutant.old)) != 1:
            return Verdict(mutant, "unfit", f"UNFIT: its text stands {times} times")
        path.write_text(text.replace(mutant.old, mutant.new))
        try:
            code, output, seconds = run(copy, list(mutant.tests), mutant.database, WITHIN_S)
        finally:
            path.write_text(text)
    if code == TESTS_FAILED:
        by = ", ".join(FAILED.findall(output)[:1])
        return Verdict(mutant, "caught", f"caught in {seconds:.0f} s by {by}")
    if code is None:
        words = f"caught: its tests do not end within {WITHIN_S:.0f} s"
        return Verdict(mutant, "caught", words)
    if code == 0:
        return Verdict(mutant, "survived", f"SURVIVED ({seconds:.0f} s)")
    return Verdict(mutant, "unfit", f"UNFIT: pytest ended with {code}: {output[-1500:]}")


def run(
    copy: Path,
    tests: list[str],
    database: str,
    within_s: float,
    test_within_s: int = TEST_WITHIN_S,
) -> tuple[int | None, str, float]:
    """pytest's exit code (None if it did not end), its output, and how long it took."""
    options = [
        "-m",
        "not compose",
        "-x",
        "-q",
        "--no-header",
        "--color=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "impatient",
    ]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(copy), str(HERE)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TRIBUNE_TEST_PROFILE": "mutants",
        "TRIBUNE_TEST_DATABASE": database,
        "TRIBUNE_MUTANTS_TEST_WITHIN_S": str(test_within_s),
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
