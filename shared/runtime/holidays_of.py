"""Public holidays of countries and their parts, as the library `holidays` tells them."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

Holidays = Callable[[int], Mapping[date, str]]


def is_known(code: str) -> bool:
    """`FR`, or `US-MA`: a country, and a part of it."""
    country, _, part = code.partition("-")
    parts = _countries().get(country)
    return parts is not None and (not part or part in parts)


def holidays_like(code: str) -> str | None:
    """What may be meant."""
    asked = code.upper().replace("_", "-")
    if is_known(asked):
        return asked
    country = asked.partition("-")[0]
    all_of = [f"{country}-{part}" for part in _countries().get(country, ())]
    return next(iter(get_close_matches(asked, all_of or _countries(), n=1)), None)


def holidays_of(code: str, tag: str = "") -> Holidays:
    """Named in the language `tag` if they have names in it, or else in the country's own."""
    country, _, part = code.partition("-")
    known = _library().country_holidays(country, subdiv=part or None)
    language = _spoken(tag.replace("-", "_"), known.supported_languages)

    @cache
    def of_year(year: int) -> Mapping[date, str]:
        found = _library().country_holidays(
            country, subdiv=part or None, years=year, language=language
        )
        return dict(found.items())

    return of_year


def _spoken(tag: str, languages: tuple[str, ...]) -> str | None:
    alike = [each for each in languages if each.partition("_")[0] == tag.partition("_")[0]]
    return tag if tag in alike else next(iter(alike), None)


def holidays_version() -> str:
    return str(_library().__version__)


def _library() -> Any:
    """It is large, and most charters want none of it."""
    return import_module("holidays")


@cache
def _countries() -> Mapping[str, list[str]]:
    return dict(_library().list_supported_countries())
