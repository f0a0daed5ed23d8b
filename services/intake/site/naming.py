"""How people name a report on a page: by our id, or as its source does."""

from re import fullmatch
from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.identity import aggregate_id
from shared.contracts.values import ID_PATTERN

AnyName = Annotated[str, StringConstraints(min_length=1, max_length=240)]


def report_id_of(typed: str) -> str:
    """Ours, or what follows from `boston/101`."""
    source, slash, number = typed.strip().partition("/")
    if not slash and fullmatch(ID_PATTERN, source):
        return source
    return aggregate_id("report", source, number)
