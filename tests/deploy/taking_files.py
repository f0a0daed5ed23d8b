"""A file and a mapping of a test's own, and what `tribune publish` would send of them."""

import json
from pathlib import Path
from typing import Any

from deploy.feeding.tables import open_table
from deploy.feeding.taking import Taken, take
from shared.mapping import Mapping

Sent = dict[str, Any]


def written(folder: Path, mapping: str, content: bytes | str, name: str = "rows.csv") -> Path:
    """The file; its mapping lies beside it as `mapping.toml`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def took(file: Path, rejects: Path | None = None) -> tuple[Taken, Mapping]:
    mapping = Mapping(file.parent / "mapping.toml")
    shape = mapping.shape
    table = open_table(file, shape.file, shape.time_zone, mapping.columns())
    return take(table, mapping, rejects=rejects), mapping


def sent(file: Path) -> list[Sent]:
    """The bodies with `kind` and `id` of their events, in their order."""
    taken, _ = took(file)
    assert not taken.problems, list(map(str, taken.problems))
    found = []
    for event in taken.events():
        outgoing = event.outgoing()
        names = {"kind": event.kind, "id": outgoing.headers["ce-id"]}
        found.append(names | json.loads(outgoing.body))
    taken.close()
    return found
