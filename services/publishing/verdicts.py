"""The gate's part for what checkers made of a claim of done: refuted, upheld, not
checked, half of it done."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import checking, public_checking
from shared.contracts.event import Event

TOLD = (
    *(checking.ClaimRefuted, checking.ClaimUpheld),
    *(checking.ClaimUnchecked, checking.CheckHalved),
)
Verdict = (
    checking.ClaimRefuted | checking.ClaimUpheld | checking.ClaimUnchecked | checking.CheckHalved
)


def told(event: Verdict, public_id: str, zone: tzinfo, check_named: Callable[[str], str]) -> Event:
    """`check_named` says the public id of another check, by the one inside."""
    what: dict[str, Any] = {
        "check": public_id,
        "place": event.place,
        "sector": event.sector,
        "due_on": day(event.due_at, zone),
    }
    match event:
        case checking.ClaimRefuted():
            return public_checking.ClaimRefuted(
                **what,
                on=day(event.refuted_at, zone),
                done_on=day(event.done_at, zone),
                verdict=event.verdict,
            )
        case checking.ClaimUpheld():
            return public_checking.ClaimUpheld(
                **what,
                on=day(event.upheld_at, zone),
                done_on=day(event.done_at, zone),
                late=event.late,
            )
        case checking.ClaimUnchecked():
            return public_checking.ClaimUnchecked(
                **what, on=day(event.unchecked_at, zone), done_on=day(event.done_at, zone)
            )
        case checking.CheckHalved():
            rest = check_named(event.rest_id)
            return public_checking.CheckHalved(**what, on=day(event.halved_at, zone), rest=rest)
