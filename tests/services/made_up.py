"""A language that nobody speaks: all that the site says is there, in letters that English lacks."""

import re
import shutil
from pathlib import Path

from deploy.commands.words import written
from shared.runtime.charter import Charter, read_charter
from shared.runtime.settings import PROJECT
from shared.web.catalogue_check import TEMPLATE
from shared.web.catalogues import messages, read_catalogue

TAG = "ka"
"""Georgian: its months and days have letters of their own, too."""


def made_up(text: str) -> str:
    """With its placeholders."""
    parts = re.split(r"(%\(\w+\)s)", text)
    return "".join(part if part[:1] == "%" else re.sub("[A-Za-z]", "ჯ", part) for part in parts)


def charter_in(folder: Path, tag: str = TAG, zone: str = "Asia/Tbilisi") -> Charter:
    """Its catalogue is one file, which it brings along, and no name in it is English."""
    directory = Path(shutil.copytree(PROJECT / "deploy" / "charter", folder / "charter"))
    catalogue = read_catalogue(TEMPLATE, tag)
    for each in messages(catalogue):
        one, several = (each.id, ()) if isinstance(each.id, str) else (each.id[0], each.id)
        each.string = (
            tuple(made_up(several[1]) for _ in range(catalogue.num_plurals))
            if several
            else made_up(one)
        )
    (directory / "words").mkdir()
    (directory / "words" / f"{tag}.po").write_text(written(catalogue))
    (directory / "body.toml").write_text(
        f'name = "ჩვენი"\nnotice = "ყველაფერი მოგონილია."\nlanguage = "{tag}"\nzone = "{zone}"\n'
    )
    for file in ("places.toml", "sectors.toml"):
        text = re.sub(r' = ".*"', ' = "ადგილი"', (directory / file).read_text())
        (directory / file).write_text(text)
    return read_charter(directory)
