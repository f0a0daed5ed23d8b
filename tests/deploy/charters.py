"""A charter to spoil: the project's own, copied, with single lines changed."""

import shutil
from pathlib import Path

from shared.runtime.charter import Examined, examine
from shared.runtime.settings import PROJECT

OWN = PROJECT / "deploy" / "charter"


def copied(folder: Path) -> Path:
    """Without its map and its bulletins, which are of its places alone."""
    without = shutil.ignore_patterns("places.geojson", "bulletins.toml")
    return Path(shutil.copytree(OWN, folder / "charter", ignore=without))


def spoilt(folder: Path, file: str, text: str) -> Examined:
    """Examined with another text in one of its files."""
    directory = copied(folder)
    (directory / file).write_text(text)
    return examine(directory)


def told(examined: Examined) -> list[str]:
    return [str(found) for found in examined.problems]
