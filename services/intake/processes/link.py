"""A report in the chain of what repeats what: it leads chains on, is their head, or refuses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rpds import HashTrieMap

from services.intake.processes.commands import (
    Command,
    FollowChain,
    NameHead,
    RefuseClaim,
    SeekOriginal,
    TakeHead,
)
from shared.contracts.duplicates import (
    Chain,
    ChainsLedOn,
    ChainsRefused,
    ClaimRefused,
    DuplicatesEvent,
    HeadAwaited,
    HeadFound,
    HeadNamed,
    OriginalSought,
    RingFound,
)
from shared.contracts.values import EARLIEST
from shared.eventsourcing.decider import Category, Decider

Where = dict[str, Any]

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A report in its chain. `original` is what it repeats by its newest `claim`, unless that was
    refused. `chains` are those that came to it, as they went on or as they wait here."""

    original: str | None = None
    claim: int = 0
    claimed_at: datetime = EARLIEST
    place: str = ""
    as_of: int = 0
    is_there: bool = False
    chains: "HashTrieMap[str, Chain]" = field(default_factory=HashTrieMap)


# --- Decide and evolve ----------------------------------------------------

AT_ONCE = 400
"""Chains in one event."""

LONGEST_CHAIN, MOST_CHAINS = 20, 100
"""How many links a chain has at most, and how many chains come to one report."""

LONG = f"Its chain of duplicates would have more than {LONGEST_CHAIN} links."
MANY = f"More than {MOST_CHAINS} reports would be duplicates of the same one."


def decide(command: Command, link: Link) -> list[DuplicatesEvent]:
    where = {"report_id": command.report_id, "place": link.place or command.place}
    match command:
        case SeekOriginal():
            if link.original is not None or command.claim <= link.claim:
                return []
            return [_sought(where, command), *_led_on(where, command, link.chains.values())]
        case FollowChain(chain=chain) if chain.duplicate == command.report_id:
            closes = chain.newest and chain.claim == link.claim and link.original is not None
            return [_ring(where, link), *_named(where, link.chains.values())] if closes else []
        case FollowChain():
            return _came(where, command.chain, link)
        case NameHead():
            return [] if link.is_there else _named(where, link.chains.values())
        case TakeHead():
            is_meant = link.original is not None and command.claim == link.claim
            is_new = command.as_of > link.as_of and command.head != command.report_id
            return [_found(where, command, link)] if is_meant and is_new else []
        case RefuseClaim(claim=claim, reason=reason):
            if link.original is None or claim != link.claim:
                return []
            said = {"original": link.original, "claimed_at": link.claimed_at, "reason": reason}
            return [ClaimRefused(**where, **said), *_refused(where, link.chains.values(), reason)]


def _came(where: Where, chain: Chain, link: Link) -> list[DuplicatesEvent]:
    """What was here before goes no second time. A newer claim on the way is never forgotten, so
    that in whatever order chains are followed, one claim of a ring refuses itself: the newest."""
    onward = chain if link.original is None else _beyond(link.claim, chain)
    known = link.chains.get(chain.duplicate)
    if known and (known.claim, not known.newest) >= (onward.claim, not onward.newest):
        return []
    if known is None and len(link.chains) >= MOST_CHAINS:
        return _refused(where, [onward], MANY)
    if link.original is not None:
        return _onward(where, link.original, [onward])
    return _named(where, [onward]) if link.is_there else [HeadAwaited(**where, chain=onward)]


def _beyond(claim: int, chain: Chain) -> Chain:
    return chain if claim < chain.claim else chain.model_copy(update={"newest": False})


def _led_on(where: Where, by: SeekOriginal, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    return _onward(where, by.original, [_beyond(by.claim, chain) for chain in chains])


def _onward(where: Where, original: str, chains: list[Chain]) -> list[DuplicatesEvent]:
    short = [chain for chain in chains if chain.links < LONGEST_CHAIN]
    long = [chain for chain in chains if chain.links >= LONGEST_CHAIN]
    led = [ChainsLedOn(**where, original=original, chains=some) for some in _pages(short)]
    return [*led, *_refused(where, long, LONG)]


def _refused(where: Where, chains: Iterable[Chain], reason: str) -> list[DuplicatesEvent]:
    """Who came by a claim that is refused may be far beyond it already, and is refused as well."""
    return [ChainsRefused(**where, chains=some, reason=reason) for some in _pages(chains)]


def _named(where: Where, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    return [HeadNamed(**where, chains=some) for some in _pages(chains)]


def _pages(chains: Iterable[Chain]) -> list[tuple[Chain, ...]]:
    found = sorted(chains, key=lambda chain: chain.claim)
    return [tuple(found[start : start + AT_ONCE]) for start in range(0, len(found), AT_ONCE)]


def _sought(where: Where, by: SeekOriginal) -> OriginalSought:
    return OriginalSought(**where, original=by.original, claim=by.claim, claimed_at=by.claimed_at)


def _ring(where: Where, link: Link) -> RingFound:
    return RingFound(**where, original=link.original or "", claimed_at=link.claimed_at)


def _found(where: Where, by: TakeHead, link: Link) -> HeadFound:
    return HeadFound(
        **where,
        original=link.original or "",
        claimed_at=link.claimed_at,
        head=by.head,
        as_of=by.as_of,
    )


def evolve(link: Link, event: DuplicatesEvent) -> Link:
    match event:
        case OriginalSought():
            return replace(
                link,
                original=event.original,
                claim=event.claim,
                claimed_at=event.claimed_at,
                place=event.place,
                as_of=event.claim,
                is_there=True,
            )
        case ChainsLedOn():
            return replace(link, chains=_with(link, event.chains))
        case HeadAwaited():
            return replace(link, chains=_with(link, [event.chain]))
        case HeadNamed():
            return replace(link, chains=_with(link, event.chains), is_there=True)
        case HeadFound():
            return replace(link, as_of=event.as_of)
        case RingFound():
            return replace(link, original=None)
        case ClaimRefused():
            return replace(link, original=None, chains=HashTrieMap())
        case ChainsRefused():
            return replace(link, chains=_without(link, event.chains))
        case _:
            return link


def _with(link: Link, chains: Iterable[Chain]) -> "HashTrieMap[str, Chain]":
    return link.chains.update({chain.duplicate: chain for chain in chains})


def _without(link: Link, chains: Iterable[Chain]) -> "HashTrieMap[str, Chain]":
    left = link.chains
    for chain in chains:
        left = left.discard(chain.duplicate)
    return left


decider = Decider[Command, DuplicatesEvent, Link](
    initial_state=Link(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="duplicates",
    decider=decider,
    commands=(),
    inner=(SeekOriginal, FollowChain, NameHead, TakeHead, RefuseClaim),
    key="report_id",
)
