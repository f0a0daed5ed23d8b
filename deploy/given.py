"""Files and names that a command is given: what is wrong with one is said in words."""

import csv
import tomllib
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfoNotFoundError

T = TypeVar("T")


class WrongFileError(Exception):
    """A file that was given is not there, or is not what it should be."""


class UnknownNameError(Exception):
    """Nothing of that name is there; says what is."""


def read_given(path: Path, read: Callable[[Path], T]) -> T:
    """Raises WrongFileError."""
    try:
        return read(path)
    except FileNotFoundError:
        raise WrongFileError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise WrongFileError(f"{path} is a folder; name a file") from None
    except UnicodeDecodeError:
        raise WrongFileError(
            f"{path} is no text in UTF-8; the name of a gzipped file ends in .gz"
        ) from None
    except (EOFError, zlib.error):
        raise WrongFileError(f"{path} is a gzip file that is cut off or damaged") from None
    except OSError as error:  # gzip's own among them, which has no number
        raise WrongFileError(f"{path} can't be read: {error.strerror or error}") from error
    except ZoneInfoNotFoundError as error:
        raise WrongFileError(f"{path}: {error.args[0]}") from error
    except KeyError as error:
        raise WrongFileError(f"{path} has no key or column {error}") from error
    except (csv.Error, tomllib.TOMLDecodeError, ValueError) as error:
        raise WrongFileError(f"{path}: {error}") from error
    except (TypeError, AttributeError) as error:  # a value of another sort, a row that is too short
        raise WrongFileError(f"{path} can't be understood: {error}") from error
