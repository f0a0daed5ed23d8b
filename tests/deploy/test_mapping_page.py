"""The examples of the page about mappings give what stands there."""

import json
import re
from pathlib import Path

import pytest
from taking_files import sent, written

from shared.runtime.settings import PROJECT

PAGE = (PROJECT / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"<!-- example: ([\w-]+) -->\n```toml\n(.*?)```\n```(\w+)\n(.*?)```\n```jsonl\n(.*?)```",
    re.DOTALL,
)
EXAMPLES = {name: rest for name, *rest in EXAMPLE.findall(PAGE)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_stands_there(name: str, tmp_path: Path) -> None:
    mapping, suffix, rows, expected = EXAMPLES[name]
    found = sent(written(tmp_path, mapping, rows, f"rows.{suffix}"))
    wanted = [json.loads(line) for line in expected.splitlines()]
    assert len(found) == len(wanted)
    for event, want in zip(found, wanted, strict=True):
        assert {key: event.get(key) for key in want} == want


def test_the_page_has_its_examples() -> None:
    assert set(EXAMPLES) == {
        *(
            "smallest",
            "semicolons",
            "two-columns",
            "recommendations",
            "nested",
            "keyless",
            "register",
        )
    }
    for rule in (
        "text",
        "place",
        "slug",
        "list",
        "day",
        "instant",
        "after",
        "words",
        "truth",
        "made_up",
    ):
        assert f"{{ {rule} = " in PAGE, rule
