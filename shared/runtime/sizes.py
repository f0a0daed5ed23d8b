"""Sizes as people write them, `2GB`, `2GiB` or `272KB`, and as they are told; a KB has 1,024 B."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

KB, MB, GB = 1024, 1024**2, 1024**3
_UNITS = {"": 1, "K": KB, "M": MB, "G": GB}
_SIZE = re.compile(r"([0-9]{1,18})\s*(?:([KMG])I?B|B)?", re.IGNORECASE)


def parse_size(given: Any) -> Any:
    """The number of bytes; what is no text is left to its validation.

    pydantic's own ByteSize takes 1 GB for 1,000,000,000 bytes, NATS takes it for 1,024³.
    """
    if not isinstance(given, str):
        return given
    found = _SIZE.fullmatch(given.strip())
    if found is None:
        raise ValueError("must be a whole number, alone or with B, KB, MB or GB, such as 272KB")
    return int(found[1]) * _UNITS[(found[2] or "").upper()]


Size = Annotated[int, BeforeValidator(parse_size)]


def in_words(size: int) -> str:
    """In the largest unit that leaves a number of at least 1: `1.5 GB`, `272 KB`."""
    for name, unit in (("GB", GB), ("MB", MB), ("KB", KB)):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} B"
