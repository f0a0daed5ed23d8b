"""The events of the process `duplicates`, one aggregate for each report; only intake writes them.

A duplicate's chain goes from report to report, from what each repeats on to the one at its head.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Event
from shared.contracts.values import Id, Instant, Prose, Sequence, Truth


class Chain(BaseModel):
    """The way of one `duplicate`, which `claim` says it is: the sequence of that event in INTAKE.
    `newest` as long as no claim that it came by is newer; `links` is how many it came by."""

    model_config = ConfigDict(frozen=True)

    duplicate: Id
    claim: Sequence
    newest: Truth
    links: Sequence = 1


class DuplicatesEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "duplicates"
    key: ClassVar[str] = "report_id"

    report_id: Id


class OriginalSought(DuplicatesEvent):
    """The report is said to repeat `original`; its own chain begins."""

    original: Id
    claim: Sequence
    claimed_at: Instant


class ChainsLedOn(DuplicatesEvent):
    """These chains came to the report, and go on, for it repeats `original` itself."""

    version: ClassVar[int] = 2

    original: Id
    chains: tuple[Chain, ...]


class HeadAwaited(DuplicatesEvent):
    """A chain came to a report of which we do not know that it was filed."""

    version: ClassVar[int] = 2

    chain: Chain


class HeadNamed(DuplicatesEvent):
    """These chains end here: the report was filed, and repeats no other."""

    version: ClassVar[int] = 2

    chains: tuple[Chain, ...]


class HeadFound(DuplicatesEvent):
    """The report's chain ends at `head`, as of the sequence `as_of` in INTAKE."""

    original: Id
    claimed_at: Instant
    head: Id
    as_of: Sequence


class ChainParted(DuplicatesEvent):
    """The report repeats none any more, as of the sequence `claim` in INTAKE; these chains went on
    by it, and are sought anew."""

    claim: Sequence
    chains: tuple[Chain, ...]


class RingFound(DuplicatesEvent):
    """The report's chain came back to it by older claims alone: its own has closed the ring."""

    original: Id
    claimed_at: Instant


class ChainsRefused(DuplicatesEvent):
    """These chains came to the report, and may neither go on nor stay: their claims are refused."""

    chains: tuple[Chain, ...]
    reason: Prose


class ClaimRefused(DuplicatesEvent):
    """The report's chain went beyond a limit, or hung on one that did."""

    original: Id
    claimed_at: Instant
    reason: Prose
