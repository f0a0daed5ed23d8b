"""Files and names that a command is given: what is wrong with one is said in words."""

from shared.contracts.identity import aggregate_id, is_ours
from shared.runtime.files_given import WrongFileError, in_words, read_given

__all__ = [
    "UnknownNameError",
    "WrongFileError",
    "id_given",
    "in_words",
    "read_given",
    "report_given",
]


class UnknownNameError(Exception):
    """Nothing of that name is there; says what is."""


def report_given(named: str) -> str:
    """Our id of it, given as such or as `boston/101`. Raises UnknownNameError."""
    return _given("report", named)


def check_given(named: str) -> str:
    """The same of a check. Raises UnknownNameError."""
    return _given("check", named)


def _given(kind: str, named: str) -> str:
    source, slash, number = named.partition("/")
    if slash:
        return aggregate_id(kind, source, number)
    return id_given(named, "nor a source and its number, such as boston/101")


def id_given(named: str, otherwise: str = "") -> str:
    """Raises UnknownNameError."""
    if is_ours(named):
        return named
    raise UnknownNameError(
        f'"{named}" is no id of ours (32 hexadecimal digits){", " if otherwise else ""}{otherwise}'
    )
