"""What a message may be refused for stands in the documentation for sources, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared.eventsourcing.inbox.parse import RefusalError

ROW = re.compile(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", re.MULTILINE)


def titles() -> Iterator[str]:
    for folder in ("services", "shared"):
        for file in Path(folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == RefusalError.__name__:
                    title = node.args[0]
                    assert isinstance(title, ast.Constant), f"{file}: its title is written there"
                    assert isinstance(title.value, str)
                    yield title.value


def documented() -> list[str]:
    _, _, text = Path("docs/upstream.md").read_text().partition("| type `urn:tribune:problem:…` |")
    table, _, _ = text.partition("\n\n")
    return [kind for row in ROW.findall(table) for kind in re.findall(r"`([a-z-]+)`", row)]


def test_each_kind_of_refusal_is_explained_to_sources() -> None:
    kinds = {RefusalError(title, "").problem.type.rpartition(":")[2] for title in titles()}
    assert len(kinds) > 12
    assert sorted(kinds) == sorted(documented())
