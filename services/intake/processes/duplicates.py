"""Which report a duplicate repeats in the end: chains lead to one head, and a ring is refused.

A claim's own chain comes back to it only in a ring. In each ring the newest claim is refused: which
that is, does not depend on the order in which chains are followed.
"""

from collections.abc import Sequence

from services.intake.domain.duplicate import AwaitOriginal, RefuseDuplicate, SettleDuplicate
from services.intake.processes.commands import (
    FollowChains,
    NameHead,
    PartChain,
    RefuseClaim,
    SeekAnew,
    SeekOriginal,
    TakeHead,
)
from services.intake.processes.link import category
from shared.contracts.duplicates import (
    Chain,
    ChainParted,
    ChainsLedOn,
    ChainsRefused,
    ClaimRefused,
    HeadAwaited,
    HeadFound,
    HeadNamed,
    OriginalSought,
    RingFound,
)
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateParted,
    OriginalAwaited,
    OriginalFound,
    ReportMarkedDuplicate,
)
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.process import Process
from shared.eventsourcing.reaction import Ask

RING = "It would be the duplicate of its own duplicate."


def take(recorded: RecordedEvent) -> Sequence[Ask]:
    """Old marks, which nobody has looked at, count as claims."""
    match recorded.event:
        case DuplicateClaimed(claimed_at=at) | ReportMarkedDuplicate(marked_at=at, head=None) as of:
            said = (of.report_id, of.duplicate_of, recorded.sequence, at, of.place)
            return [Ask(SeekOriginal(*said))]
        case DuplicateParted() as of:
            return [Ask(PartChain(of.report_id, recorded.sequence, of.place))]
        case OriginalFound() as of:
            return [Ask(NameHead(of.report_id, of.place))]
        case _:
            return []


def then(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case OriginalSought() as of:
            chain = Chain(duplicate=of.report_id, claim=of.claim, newest=True)
            return [Ask(FollowChains(of.original, (chain,), of.place))]
        case ChainsLedOn() as of:
            return [Ask(FollowChains(of.original, tuple(map(_longer, of.chains)), of.place))]
        case HeadAwaited() as of:
            awaited = OriginalAwaited(report_id=of.report_id, place=of.place)
            return [Ask(AwaitOriginal(awaited))]
        case HeadNamed() as of:
            head = (of.report_id, recorded.sequence, of.place)
            return [
                Ask(TakeHead(each.duplicate, *head, each.claim), each.duplicate)
                for each in of.chains
            ]
        case HeadFound() as of:
            claim = (of.report_id, of.original, of.claimed_at)
            return [Ask(SettleDuplicate(*claim, of.head, of.as_of))]
        case ChainParted() as of:
            anew = (recorded.sequence, of.place)
            return [
                Ask(SeekAnew(each.duplicate, *anew), each.duplicate)
                for each in of.chains
                if each.duplicate != of.report_id
            ]
        case RingFound() as of:
            claim = (of.report_id, of.original, of.claimed_at)
            return [Ask(RefuseDuplicate(*claim, RING))]
        case ClaimRefused() as of:
            claim = (of.report_id, of.original, of.claimed_at)
            return [Ask(RefuseDuplicate(*claim, of.reason))]
        case ChainsRefused() as of:
            why = (of.reason, of.place)
            return [
                Ask(RefuseClaim(each.duplicate, each.claim, *why), each.duplicate)
                for each in of.chains
            ]
        case _:
            return []


def _longer(chain: Chain) -> Chain:
    return chain.model_copy(update={"links": chain.links + 1})


process = Process(
    category=category,
    inputs=(DuplicateClaimed, ReportMarkedDuplicate, DuplicateParted, OriginalFound),
    take=take,
    events=(
        OriginalSought,
        ChainsLedOn,
        HeadAwaited,
        HeadNamed,
        HeadFound,
        ChainParted,
        RingFound,
        ChainsRefused,
        ClaimRefused,
    ),
    then=then,
)
