"""Where a message stands: in which stream, at which sequence."""

import re
from typing import NamedTuple

from shared.contracts.values import STREAM_PATTERN

_PRINTED = re.compile(rf"({STREAM_PATTERN.strip('^$')})/([0-9]{{1,15}})")


class Reference(NamedTuple):
    """Printed as `STREAM/sequence`, such as `PROMOTION/1203`. A sequence alone says nothing: a log
    may be made of several streams."""

    stream: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.stream}/{self.sequence}"

    @classmethod
    def parse(cls, printed: str) -> "Reference | None":
        """None for what is none."""
        found = _PRINTED.fullmatch(printed)
        return cls(found[1], int(found[2])) if found else None
