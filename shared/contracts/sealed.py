"""Which fields of an event are sealed: personal text that only who has the key may read."""

from dataclasses import dataclass
from functools import cache

from shared.contracts.event import Event

CLOSED = "(sealed)"
"""What stands in the place of a sealed text for whoever may not open it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Marks a text: `Annotated[Prose, Sealed("report_id", "confidential")]`. `under` names the
    field that says whose key it is; without that key nobody can read it any more. `when` names the
    one that says whether it has to be sealed, `or_when` another one, and always it has to where
    none is named."""

    under: str
    when: str = ""
    or_when: str = ""


@cache
def sealed_fields(event_type: type[Event]) -> dict[str, Sealed]:
    """The marked fields by their names."""
    return {
        name: mark
        for name, field in event_type.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Sealed)
    }
