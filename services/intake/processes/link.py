"""A report in the chain of what repeats what: it leads chains on, is their head, or refuses."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from rpds import HashTrieMap

from services.intake.processes.chains import (
    Where,
    awaited,
    beyond,
    in_order,
    is_news,
    led_on,
    named,
    refused,
)
from services.intake.processes.commands import (
    Command,
    FollowChains,
    NameHead,
    PartChain,
    RefuseClaim,
    SeekAnew,
    SeekOriginal,
    TakeHead,
)
from shared.contracts.duplicates import (
    Chain,
    ChainParted,
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
from shared.eventsourcing.decider import Category, Decider, Kept

BYTES_A_CHAIN = 700
KEPT = ("original", "claim", "place", "as_of", "is_there")

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

    @property
    def held_bytes(self) -> int:
        """What its chains take in memory: 590 each as tracemalloc measures, and their place."""
        return len(self.chains) * BYTES_A_CHAIN


# --- Decide and evolve ----------------------------------------------------

MOST_CHAINS = 100
"""How many come to one report."""

MANY = f"More than {MOST_CHAINS} reports would be duplicates of the same one."


def decide(command: Command, link: Link) -> list[DuplicatesEvent]:
    where = {"report_id": command.report_id, "place": link.place or command.place}
    match command:
        case SeekOriginal():
            if link.original is not None or command.claim <= link.claim:
                return []
            return [_sought(where, command), *_led_on(where, command, link.chains)]
        case PartChain(claim=claim):
            return [_parted(where, command, link)] if claim > link.claim else []
        case SeekAnew(claim=claim):
            if link.original is None or claim <= link.claim:
                return []
            since = {"original": link.original, "claimed_at": link.claimed_at}
            return [OriginalSought(**where, claim=claim, **since)]
        case FollowChains(chains=chains):
            if not any(_closes(chain, command.report_id, link) for chain in chains):
                return _came(where, chains, link)
            ring = [_ring(where, link), *named(where, link.chains.values())]
            return [*ring, *_came(where, chains, reduce(evolve, ring, link))]
        case NameHead():
            return [] if link.is_there else named(where, link.chains.values())
        case TakeHead():
            is_meant = link.original is not None and command.claim == link.claim
            is_new = command.as_of > link.as_of and command.head != command.report_id
            return [_found(where, command, link)] if is_meant and is_new else []
        case RefuseClaim(claim=claim, reason=reason):
            if link.original is None or claim != link.claim:
                return []
            said = {"original": link.original, "claimed_at": link.claimed_at, "reason": reason}
            return [ClaimRefused(**where, **said), *refused(where, link.chains.values(), reason)]


def _closes(chain: Chain, report_id: str, link: Link) -> bool:
    """The report's own chain comes back to it, by its newest claim and older ones alone."""
    is_own = chain.duplicate == report_id and link.original is not None
    return is_own and chain.newest and chain.claim == link.claim


def _came(where: Where, chains: Iterable[Chain], link: Link) -> list[DuplicatesEvent]:
    """What was here before goes no second time. A newer claim on the way is never forgotten, so
    that in whatever order chains are followed, one claim of a ring refuses itself: the newest."""
    taken: list[Chain] = []
    too_many: list[Chain] = []
    room = MOST_CHAINS - len(link.chains)
    for chain in sorted(chains, key=in_order):
        onward = chain if link.original is None else beyond(link.claim, chain)
        known = link.chains.get(chain.duplicate)
        if chain.duplicate == where["report_id"] or (known and not is_news(onward, known)):
            continue
        room -= known is None
        (taken if known or room >= 0 else too_many).append(onward)
    return [*_taken(where, taken, link), *refused(where, too_many, MANY)]


def _taken(where: Where, chains: list[Chain], link: Link) -> list[DuplicatesEvent]:
    if link.original is not None:
        return led_on(where, link.original, chains)
    return named(where, chains) if link.is_there else awaited(where, chains)


def _led_on(
    where: Where, by: SeekOriginal, chains: "HashTrieMap[str, Chain]"
) -> list[DuplicatesEvent]:
    return led_on(where, by.original, [beyond(by.claim, chain) for chain in chains.values()])


def _sought(where: Where, by: SeekOriginal) -> OriginalSought:
    return OriginalSought(**where, original=by.original, claim=by.claim, claimed_at=by.claimed_at)


def _parted(where: Where, by: PartChain, link: Link) -> ChainParted:
    """What only ended here stays; what went on by it is sought anew, under a newer claim: whatever
    is still told of the older one, here or far beyond, is about nothing any more."""
    chains = () if link.original is None else tuple(sorted(link.chains.values(), key=in_order))
    return ChainParted(**where, claim=by.claim, chains=chains)


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
        case ChainParted():
            left = _without(link, event.chains)
            return replace(link, original=None, claim=event.claim, place=event.place, chains=left)
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


# --- Beside the log: here, for a snapshot is believed by this file's text ---


def dump(link: Link) -> bytes:
    said = {name: getattr(link, name) for name in KEPT}
    chains = [chain.model_dump() for chain in link.chains.values()]
    said |= {"claimed_at": link.claimed_at.isoformat(), "chains": chains}
    return json.dumps(said).encode()


def load(kept: bytes) -> Link:
    said = json.loads(kept)
    chains = {each["duplicate"]: Chain(**each) for each in said.pop("chains")}
    at = datetime.fromisoformat(said.pop("claimed_at"))
    return Link(**said, claimed_at=at, chains=HashTrieMap(chains))


decider = Decider[Command, DuplicatesEvent, Link](
    initial_state=Link(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="duplicates",
    decider=decider,
    commands=(),
    inner=(SeekOriginal, PartChain, SeekAnew, FollowChains, NameHead, TakeHead, RefuseClaim),
    key="report_id",
    kept=Kept(dump, load),
)
