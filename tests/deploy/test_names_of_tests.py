"""Test files import their neighbours by name alone, so no two below tests may share one."""

from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]
# Python itself asks for these names, each in a folder that nobody else imports from.
GIVEN = {"conftest.py", "sitecustomize.py"}


def test_each_file_has_a_name_of_its_own() -> None:
    names = Counter(path.name for path in TESTS.rglob("*.py") if path.name not in GIVEN)
    assert len(names) > 100
    assert [name for name, times in names.items() if times > 1] == []
