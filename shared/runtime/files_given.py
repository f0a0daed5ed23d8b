"""Files that somebody names: what is wrong with one is said in words."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class WrongFileError(Exception):
    """A file that was given is not there, or is not what it should be."""


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
            f"{path} is no text in {getattr(error, 'encoding', 'the encoding that was told')}"
        ) from None
    except (EOFError, zlib.error):
        raise WrongFileError(f"{path} is a gzip file that is cut off or damaged") from None
    except gzip.BadGzipFile:
        raise WrongFileError(f"{path} is a gzip file that is damaged") from None
    except OSError as error:
        raise WrongFileError(f"{path} can't be read: {error.strerror or error}") from error
