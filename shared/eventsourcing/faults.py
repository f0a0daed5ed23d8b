"""What does not fit a schema, field by field, in words that never repeat a value."""

from typing import Any

from pydantic import ValidationError

from shared.contracts.receipt import Fault
from shared.contracts.values import IN_WORDS

SHOWN = 20


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """The first of them, each with a JSON pointer to its field. Values may be personal."""
    details: list[Any] = list(error.errors(include_input=False, include_url=False))
    return tuple(
        Fault(detail=_in_words(item), pointer="".join(f"/{part}" for part in item["loc"]))
        for item in details[:SHOWN]
    )


def _in_words(item: Any) -> str:
    pattern = item.get("ctx", {}).get("pattern", "")
    return IN_WORDS.get(pattern, str(item["msg"]).removeprefix("Value error, "))
