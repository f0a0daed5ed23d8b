"""Hands out pages: new ones while the database can be read, else the last ones, with a word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.publishing.site.page import Page
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NothingToShowError, TooMuchAskedError
from services.publishing.site.source import Source, means_away
from services.publishing.site.standing import Standing, Watchman
from shared.web.turns import NoTurnError


class AwayError(Exception):
    """The database of what is public can't be read."""


@contextmanager
def heeding(source: Source) -> Iterator[None]:
    """While its database is read. Raises AwayError where that is away, which the source knows
    then, and TooMuchAskedError."""
    if source.away:
        raise AwayError
    try:
        yield
    except NoTurnError:
        raise TooMuchAskedError from None
    except Exception as error:
        if not means_away(error):
            raise
        source.lost(error)
        raise AwayError from None


@dataclass(frozen=True)
class Handed:
    page: Page
    standing: Standing


class Desk:
    def __init__(self, source: Source, watchman: Watchman) -> None:
        self._source = source
        self._watchman = watchman

    async def hand(self, shelf: Shelf, key: str, render: Callable[[], Page]) -> Handed:
        """Raises NothingToShowError, TooMuchAskedError."""
        try:
            with heeding(self._source):
                page = await shelf.page(key, lambda: self._source.read(render, rare=shelf.rare))
        except AwayError:
            last = shelf.last(key)
            if last is None:
                raise NothingToShowError from None
            return Handed(last, self._watchman.standing(last, newest=False))
        return Handed(page, self._watchman.standing(page, newest=True))
