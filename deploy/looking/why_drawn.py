"""How checkers were drawn, in one line; drawn once more, and looked up in the log."""

import hashlib

from deploy.looking.lookup import Log, history, newest
from shared.contracts.checking import (
    CheckerEvent,
    CheckerQualified,
    CheckerReady,
    CheckersDrawn,
    CheckerSteppedBack,
    CheckingOpened,
)
from shared.eventsourcing.event_store import AggregateKey


def drawn_again(event: CheckersDrawn) -> list[str]:
    """Written apart from `services.intake.domain.draw`: it needs the event and nothing else."""
    before, over = f"{event.seed}\n{event.stage}\n".encode(), {*event.passed_over}
    order = sorted(event.candidates, key=lambda who: hashlib.sha256(before + who.encode()).digest())
    return [who for who in order if who not in over][: len(event.drawn)]


def holds(event: CheckersDrawn, claim_id: str) -> bool:
    """Whether seed, digest and draw are those that follow."""
    seed = hashlib.sha256(f"tribune draw 1\n{claim_id}".encode()).hexdigest()
    digest = hashlib.sha256("\n".join(sorted(event.candidates)).encode()).hexdigest()
    return (seed, digest, drawn_again(event)) == (event.seed, event.digest, list(event.drawn))


async def in_words_of(log: Log, event: CheckersDrawn) -> str:
    """Who was drawn is not said: neither is who might have been."""
    key = AggregateKey("intake", "checking", event.checking_id)
    found = await newest(log, key, CheckingOpened)
    opened = found.event if found and isinstance(found.event, CheckingOpened) else None
    proven = opened is not None and holds(event, opened.claim_id)
    before = opened.claimed_in if opened else 0
    ready = [who for who in event.candidates if await _was_ready(log, who, before, event.as_of)]
    return (
        f"{len(event.drawn)} of {len(event.candidates)} candidates of {event.drawn_at_place}"
        f" (widened {event.widened} times, {event.missing} missing);"
        f" drawn again, it is {'so' if proven else 'NOT so'};"
        f" {len(ready)} of them were ready before the claim, as the log says"
    )


async def _was_ready(log: Log, who: str, before: int, as_of: int) -> bool:
    """As of a sequence, and since before another one."""
    qualified, ready = False, False
    async for each in history(log, AggregateKey("intake", "checker", who)):
        if each.sequence > as_of:
            break
        match each.event:
            case CheckerQualified():
                qualified = qualified or each.sequence <= before
            case CheckerReady():
                ready = each.sequence <= before
            case CheckerSteppedBack():
                ready = False
            case CheckerEvent():
                pass
    return qualified and ready
