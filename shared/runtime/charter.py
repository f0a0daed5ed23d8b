"""One instance's charter, read from TOML files: its places, sectors, sources and texts."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Charter:
    """`places` and `sectors` map codes to names; `notice` stands on every page, if there is one."""

    directory: Path
    name: str
    notice: str
    places: dict[str, str]
    sectors: dict[str, str]
    sources: dict[str, str]

    @cached_property
    def tracks(self) -> list[dict[str, Any]]:
        return list(_read(self.directory / "tracks.toml")["track"])


def read_charter(directory: Path) -> Charter:
    """Raises FileNotFoundError with the folder's name when there is no charter."""
    body = _read(directory / "body.toml")
    return Charter(
        directory=directory,
        name=body["name"],
        notice=body.get("notice", ""),
        places=_read(directory / "places.toml"),
        sectors=_read(directory / "sectors.toml"),
        sources=_read(directory / "sources.toml"),
    )


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise FileNotFoundError(f"the charter has no {path}; set TRIBUNE_CHARTER_DIR to its folder")
    return tomllib.loads(path.read_text())
