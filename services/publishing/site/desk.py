"""Hands out pages: new ones while the database can be read, else the last ones, with a word."""

from collections.abc import Callable
from dataclasses import dataclass

from services.publishing.site.page import Page
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NothingToShowError, TooMuchAskedError
from services.publishing.site.source import BusyError, Source, means_away
from services.publishing.site.standing import Standing, Watchman


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
        if not self._source.away:
            try:
                page = await shelf.page(key, lambda: self._source.read(render, rare=shelf.rare))
            except BusyError:
                raise TooMuchAskedError from None
            except Exception as error:
                if not means_away(error):
                    raise
                self._source.lost(error)
            else:
                return Handed(page, self._watchman.standing(page, newest=True))
        last = shelf.last(key)
        if last is None:
            raise NothingToShowError
        return Handed(last, self._watchman.standing(last, newest=False))
