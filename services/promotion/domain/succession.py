"""Who leads a society once its leader has left."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.promotion.domain.society_state import Society

ACTIVE_WITHIN = timedelta(days=365)
"""Since a member was heard last; who was not for longer leads only if nobody else is left."""


def successor(society: Society, on: date) -> str | None:
    """Of those who are left: by the society's own rule a deputy, else who has been there longest.
    None if nobody is left."""
    everybody = society.members.keys()
    deputies = [who for who, office in society.offices if office == "deputy"]
    first = deputies if society.rule == "deputy" else []
    for some in (first, everybody):
        if found := _longest(society, some, on):
            return found
    return None


def _longest(society: Society, some: Iterable[str], on: date) -> str | None:
    standing = [(who, society.members[who]) for who in some if who in society.members]
    active = [each for each in standing if on - each[1].heard <= ACTIVE_WITHIN]
    chosen = min(active or standing, key=lambda each: each[1].number, default=None)
    return chosen and chosen[0]
