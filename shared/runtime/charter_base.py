"""What the files of a charter have in common: no unknown keys, and values of their type."""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from shared.web.zones import is_zone, zones_like

MOST_OF_ANYTHING = 1_000_000
LONGEST_NAME = 200
JOINERS = "\u200c\u200d"


def is_seen(sign: str) -> bool:
    """Joiners are part of how Persian and the scripts of India are written."""
    return sign.isprintable() or sign in JOINERS


def _one_line(text: str) -> str:
    if not text.strip().strip(JOINERS) or not all(map(is_seen, text)):
        raise ValueError("must be one line of text, and not empty")
    return text


Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(_one_line)]

AtLeastOne = Annotated[int, Field(ge=1, le=MOST_OF_ANYTHING)]


def _a_zone(name: str) -> str:
    if not is_zone(name):
        example = next((f'perhaps "{each}"' for each in zones_like(name)), 'such as "Europe/Paris"')
        raise ValueError(f"must be a time zone of IANA's list, {example}")
    return name


Zone = Annotated[str, AfterValidator(_a_zone)]


def _a_time_of_day(text: str) -> str:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError('must be a time of day, such as "06:00"')
    return text


TimeOfDay = Annotated[str, AfterValidator(_a_time_of_day)]

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)
