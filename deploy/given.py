"""Files and names that a command is given: what is wrong with one is said in words."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from shared.contracts.identity import aggregate_id, is_ours

T = TypeVar("T")


class WrongFileError(Exception):
    """A file that was given is not there, or is not what it should be."""


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


def read_given(path: Path, read: Callable[[Path], T]) -> T:
    """Raises WrongFileError."""
    with in_words(path):
        return read(path)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """While it is read. Raises WrongFileError."""
    try:
        yield
    except FileNotFoundError:
        raise WrongFileError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise WrongFileError(f"{path} is a folder; name a file") from None
    except UnicodeError as error:
        raise WrongFileError(
            f"{path} is no text in {getattr(error, 'encoding', 'UTF-8')}"
        ) from None
    except (EOFError, zlib.error):
        raise WrongFileError(f"{path} is a gzip file that is cut off or damaged") from None
    except gzip.BadGzipFile:
        raise WrongFileError(f"{path} is a gzip file that is damaged") from None
    except OSError as error:
        raise WrongFileError(f"{path} can't be read: {error.strerror or error}") from error
