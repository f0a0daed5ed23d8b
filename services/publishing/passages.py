"""What passes into PUBLIC: what the gate lets through, under ids that tell nothing of inside."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, tzinfo
from functools import lru_cache
from types import MappingProxyType

from services.publishing import (
    bulletins,
    looks,
    petitions,
    questions,
    societies,
    stories,
    verdicts,
)
from services.publishing import clock as clocks
from services.publishing.days import day
from services.publishing.public import (
    DECIMALS,
    KEY,
    SMALLEST,
    TARGET,
    gate,
    passes,
    released,
    released_id,
)
from shared.contracts import check, handing_over, member, report
from shared.contracts.event import Event
from shared.contracts.identity import fingerprint, keyed
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.relay import Passage

HANDLES: dict[str, tuple[type[Event], ...]] = {
    log_of("intake"): (
        report.ReportFiled,
        report.ReportConfirmed,
        report.ReportRefuted,
        report.ReportCorroborated,
        report.ReportHalfFixed,
        report.ReportReopened,
        report.FilePassed,
        report.FileTakenBack,
        check.CheckOpened,
        check.DoneClaimed,
        check.CheckOverdue,
        check.OverdueWithdrawn,
        check.CheckWithdrawn,
        check.CheckWordsPassed,
        check.CheckShielded,
        check.ShieldLifted,
        check.OverdueTold,
        check.DoneTold,
        handing_over.CheckHandedOver,
        *clocks.TOLD,
        *verdicts.TOLD,
        *looks.TOLD,
        report.ReportWithdrawn,
    ),
    log_of("promotion"): (
        member.MemberQualified,
        member.QualificationLapsed,
        member.QualificationRevoked,
        *societies.TOLD,
        *petitions.TOLD,
    ),
    log_of("publishing"): (*stories.TOLD, *bulletins.TOLD, *questions.TOLD),
}
"""What the gate looks at, by stream; it lets part of it through."""

RELAYS = {f"public-{stream.lower()}": (stream, TARGET) for stream in HANDLES}
"""The stream that each relay reads, and the one that it writes."""


def passages(
    release_key: bytes,
    zone: tzinfo = UTC,
    decimals: int = DECIMALS,
    zones: Mapping[str, tzinfo] = MappingProxyType({}),
    smallest: int = SMALLEST,
) -> tuple[Passage, ...]:
    """One from each stream. The ids are keyed: nothing says which inner event stands behind one.
    What passes, and under which ids, is the same in every zone, with any decimals and figures."""
    let_through = gate(release_key, zone, decimals, zones, smallest)

    def release(recorded: RecordedEvent) -> tuple[str, Event] | None:
        event = let_through(recorded.event)
        return released(release_key, recorded.id, event) if event is not None else None

    def id_of(recorded: RecordedEvent) -> str | None:
        if (about := passes(recorded.event)) is None:
            return None
        return released_id(release_key, recorded.id, keyed(release_key, *about))

    @lru_cache(16)  # what is looked at together is recorded at one moment
    def of_the_day(moment: datetime) -> datetime:
        return datetime.combine(day(moment, zone), time(), zone)

    mark = {KEY: fingerprint(release_key)}
    return tuple(
        Passage(name, stream, target, HANDLES[stream], release, id_of, mark, of_the_day)
        for name, (stream, target) in RELAYS.items()
    )
