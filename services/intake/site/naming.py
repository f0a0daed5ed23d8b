"""How people name a report on a page: by our id, or as its source does."""

from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.identity import aggregate_id, is_ours

AnyName = Annotated[str, StringConstraints(min_length=1, max_length=240)]


def report_id_of(typed: str) -> str:
    """Ours, or what follows from `boston/101`."""
    named = typed.strip()
    source, _, number = named.partition("/")
    return named if is_ours(named) else aggregate_id("report", source, number)
