"""How much confirmed reports count: no more than so many of a day or confirmer, and less with time.

In whole millionths, so that every machine comes to the same.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from services.promotion.domain.tally import LONGEST_DAYS
from services.promotion.domain.work import Work

WHOLE = 1_000_000
"""One confirmed report."""


class Weights(NamedTuple):
    """As in a track; what is 0 is not said."""

    window_days: int
    half_life_days: int
    most_per_day: int
    most_per_confirmer: int


def looks_back(weights: Weights, work: Work) -> int:
    """The first day that counts. What fades is followed for the longest window there may be."""
    window = weights.window_days or (LONGEST_DAYS if _needs_days(weights) else 0)
    return work.credits.last_day - window + 1 if window else 0


def _needs_days(weights: Weights) -> bool:
    """Days are kept for ever of all credits together, and not of each confirmer."""
    return bool(weights.half_life_days)


def amount(weights: Weights, work: Work) -> int:
    """The less of what the days and what the confirmers come to: each bounds it."""
    since, newest = looks_back(weights, work), work.credits.last_day
    by_day = _sum(weights, work.credits.since(since), newest, weights.most_per_day)
    if not weights.most_per_confirmer:
        return by_day
    most = weights.most_per_confirmer * WHOLE
    by_confirmer = sum(
        min(_of_confirmer(weights, each.total, each.since(since), newest, since), most)
        for each in work.confirmers.values()
    )
    return min(by_day, by_confirmer)


def _of_confirmer(
    weights: Weights, total: int, days: Iterable[tuple[int, int]], newest: int, since: int
) -> int:
    return _sum(weights, days, newest, 0) if since else total * WHOLE


def _sum(weights: Weights, days: Iterable[tuple[int, int]], newest: int, most: int) -> int:
    half_life = weights.half_life_days
    return sum(
        (min(count, most) if most else count)
        * (weight(newest - day, half_life) if half_life else WHOLE)
        for day, count in days
    )


@lru_cache(maxsize=4096)
def weight(age_days: int, half_life_days: int) -> int:
    """Of a credit of so many days before."""
    return round(WHOLE * math.exp2(-age_days / half_life_days))
