"""A report in the chain of what repeats what: it leads chains on, is their head, or refuses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rpds import HashTrieMap

from shared.contracts.duplicates import (
    Chain,
    ChainsLedOn,
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

# --- Commands: one aggregate for each report ------------------------------


@dataclass(frozen=True, slots=True)
class SeekOriginal:
    report_id: str
    original: str
    claim: int
    claimed_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class FollowChain:
    report_id: str
    chain: Chain
    place: str


@dataclass(frozen=True, slots=True)
class NameHead:
    """The report, which chains have come to, was filed."""

    report_id: str
    place: str


@dataclass(frozen=True, slots=True)
class TakeHead:
    report_id: str
    head: str
    as_of: int
    place: str


Command = SeekOriginal | FollowChain | NameHead | TakeHead

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
            is_new = link.original is not None and command.as_of > link.as_of
            is_other = command.head != command.report_id
            return [_found(where, command, link)] if is_new and is_other else []


def _came(where: Where, chain: Chain, link: Link) -> list[DuplicatesEvent]:
    """What was here before goes no second time. A newer claim on the way is never forgotten, so
    that in whatever order chains are followed, one claim of a ring refuses itself: the newest."""
    onward = chain if link.original is None else _beyond(link.claim, chain)
    known = link.chains.get(chain.duplicate)
    if known and (known.claim, not known.newest) >= (onward.claim, not onward.newest):
        return []
    if link.original is not None:
        return [ChainsLedOn(**where, original=link.original, chains=(onward,))]
    return _named(where, [onward]) if link.is_there else [HeadAwaited(**where, chain=onward)]


def _beyond(claim: int, chain: Chain) -> Chain:
    return chain if claim < chain.claim else chain.model_copy(update={"newest": False})


def _led_on(where: Where, by: SeekOriginal, chains: Iterable[Chain]) -> list[DuplicatesEvent]:
    return [
        ChainsLedOn(**where, original=by.original, chains=some)
        for some in _pages(_beyond(by.claim, chain) for chain in chains)
    ]


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
        case _:
            return link


def _with(link: Link, chains: Iterable[Chain]) -> "HashTrieMap[str, Chain]":
    return link.chains.update({chain.duplicate: chain for chain in chains})


decider = Decider[Command, DuplicatesEvent, Link](
    initial_state=Link(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="duplicates",
    decider=decider,
    commands=(),
    inner=(SeekOriginal, FollowChain, NameHead, TakeHead),
    key="report_id",
)
