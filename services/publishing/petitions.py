"""The gate's part for petitions: what they oblige to, and roughly how many support them."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import petition, public_petition
from shared.contracts.event import Event

TOLD = (
    petition.PetitionStarted,
    petition.PetitionCounted,
    petition.PetitionReached,
    petition.AnswerOwed,
    petition.PetitionAnswered,
    petition.PetitionLapsed,
    petition.PetitionHidden,
)
"""Who signed or withdrew is told of nobody."""


def told(
    event: petition.PetitionEvent,
    public_id: str,
    zone: tzinfo,
    smallest: int,
    named: Callable[[str, str], str],
) -> Event | None:
    """No figure below `smallest`. `named` gives the public id of a society or a check."""
    what: dict[str, Any] = {
        "petition": public_id,
        "place": event.place,
        "on": day(event.at, zone),
    }
    match event:
        case petition.PetitionStarted(society=society):
            return public_petition.PetitionStarted(
                **what,
                page=event.petition_id,
                society=named("society", society) if society else None,
                sector=event.sector,
                needs=event.needs,
                until=day(event.until, zone),
            )
        case petition.PetitionCounted(at_least=at_least):
            figure = at_least if at_least >= smallest else None
            return public_petition.PetitionCounted(**what, at_least=figure)
        case petition.PetitionReached(petition_id=check, sector=sector, owner=owner):
            about = {"check": named("check", check), "sector": sector, "owner": owner}
            return public_petition.PetitionReached(**what, **about)
        case petition.AnswerOwed(due_at=due_at):
            return public_petition.AnswerOwed(**what, due_on=day(due_at, zone))
        case petition.PetitionAnswered():
            return public_petition.PetitionAnswered(**what)
        case petition.PetitionLapsed():
            return public_petition.PetitionLapsed(**what)
        case petition.PetitionHidden(reason=reason):
            return public_petition.PetitionHidden(**what, reason=reason)
        case _:
            return None
