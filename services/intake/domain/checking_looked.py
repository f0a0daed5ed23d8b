"""A checking is looked at: who is silent gives way, others are drawn, and it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

from services.intake.domain.checking_closing import closing, verdict_of
from services.intake.domain.checking_state import Open, Seat, changed
from services.intake.domain.draw import Candidate, Wanted, draw, seed_of
from shared.contracts.checking import CheckerLapsed, CheckersDrawn, CheckingEvent, Lapse
from shared.contracts.party import as_known
from shared.contracts.values import Id, UtcInstant


@dataclass(frozen=True, slots=True)
class LookAtChecking:
    """Sent by the sweep with whom its rows know as ready, as of a sequence; `out` are those who
    have a part in what is checked, or are close to whoever owns it. Once its check is `hidden`
    nobody is shown it any more, so nobody is asked."""

    checking_id: Id
    pool: Sequence[Candidate]
    as_of: int
    out: frozenset[str]
    now: UtcInstant
    hidden: bool = False


def looked(command: LookAtChecking, checking: Open) -> list[CheckingEvent]:
    """Who is silent gives way, others are drawn; and where nobody is left it ends."""
    now = command.now
    if checking.closed or not checking.begun:
        return []
    if checking.verdict is not None:
        due = checking.wake_at(now)
        return closing(checking, now) if due is not None and now > due else []
    found: list[CheckingEvent] = [
        _lapsed(checking, who, seat, now)
        for who, seat in sorted(checking.live().items())
        if now > seat.until or command.hidden
    ]
    after = reduce(changed, found, checking)
    if command.hidden:
        return [*found, *verdict_of(after, None, now)]
    if after.wanted:
        found.append(drawn := _drawn(command, after))
        after = changed(after, drawn)
    return [*found, *verdict_of(after, None, now)] if after.is_spent else found


def _lapsed(checking: Open, who: str, seat: Seat, now: UtcInstant) -> CheckerLapsed:
    lapse: Lapse = "no answer" if seat.state == "asked" else "no finding"
    return CheckerLapsed(**checking.common, member_id=who, lapse=lapse, lapsed_at=now)


def _drawn(command: LookAtChecking, checking: Open) -> CheckersDrawn:
    opened, terms = checking.opened, checking.terms
    societies = {each.member_id: each.societies for each in command.pool}
    seated = [who for who, seat in checking.of_stage().items() if seat.state != "gone"]
    wanted = Wanted(
        opened.place,
        checking.wanted,
        before=opened.claimed_in,
        often=terms.often,
        enough=terms.candidates,
        owners=frozenset((as_known(opened.owner),)),
        out=command.out | set(checking.seats),
        societies=frozenset().union(*(societies.get(who, frozenset()) for who in seated)),
        elsewhere=checking.stage == "appeal",
    )
    seed = seed_of(opened.claim_id)
    lot = draw(command.pool, wanted, seed)
    return CheckersDrawn(
        **checking.common,
        stage=checking.stage,
        seed=seed,
        digest=lot.digest,
        candidates=lot.candidates,
        drawn_at_place=lot.place,
        widened=lot.widened,
        as_of=command.as_of,
        drawn=lot.drawn,
        passed_over=lot.passed_over,
        missing=wanted.number - len(lot.drawn),
        answer_by=command.now + timedelta(days=terms.answer_days),
        drawn_at=command.now,
    )
