"""What an upstream message asks of intake: one command for each inbox kind."""

from collections.abc import Callable, Container, Sequence
from datetime import datetime, timedelta

from services.intake.domain.beat import BeatCommand
from services.intake.domain.beat_rules import BeatRules
from services.intake.domain.check import CheckCommand, OpenCheck
from services.intake.domain.course import CorroborateReport
from services.intake.domain.due import DueRules
from services.intake.domain.registration import StateRegistration
from services.intake.domain.report import ReportCommand
from services.intake.translate_clock import of_clock
from services.intake.translate_commitments import by_its_owner, opened
from services.intake.translate_registers import registered, require_known
from services.intake.translate_reports import (
    FilesNamed,
    added,
    check_filed,
    reopened,
    resolved,
    with_files,
)
from shared.contracts.attachment import Attached
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import (
    CommitmentDone,
    CommitmentHandedOver,
    CommitmentMade,
    CommitmentPaused,
    CommitmentResumed,
    CorrespondentReplaced,
    MoreTimeAsked,
    OfBeat,
    ReportAttached,
    ReportCorroborated,
    ReportReopened,
    ReportResolved,
    ReportSubmitted,
    SocietyRegistered,
    VerdictAppealed,
)
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.point import OutsideError, Point, written
from shared.contracts.receipt import Fault
from shared.contracts.report import ReportFiled
from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.eventsourcing.inbox.parse import RefusalError, Upstream

IntakeCommand = ReportCommand | CheckCommand | BeatCommand | StateRegistration


Locate = Callable[[Point], str]
"""The place that holds a point. Raises OutsideError."""
ERASED = "Who this correspondent is was erased; nothing of theirs is counted any more."

PersonOf = Callable[[str, str], str | None]
"""Our id of a correspondent, by the source and what it calls them."""


COMMON = BeatRules()
NO_RULES = DueRules()


def by_name(source: str, name: str) -> str:
    """For who has no vault: everybody can tell whom such an id stands for."""
    return aggregate_id("member", source, name)


def nowhere(_: Point) -> str:
    """For a charter without a map of its places."""
    raise OutsideError("This charter has no map of its places, so a point alone leads to none.")


def no_files(_: str, __: Sequence[str]) -> list[Attached] | None:
    """For who has no vault: nothing was uploaded."""
    return None


def translator(
    places: Container[str],
    sectors: Container[str],
    public: Container[str] = (),
    trusted: Container[str] = (),
    *,
    person_of: PersonOf = by_name,
    locate: Locate = nowhere,
    files_named: FilesNamed = no_files,
    rules: BeatRules = COMMON,
    due_rules: DueRules = NO_RULES,
    parties: Parties = NO_PARTIES,
    clocks_differ_by: timedelta | None = CLOCKS_DIFFER_BY,
) -> Callable[[Upstream, datetime], IntakeCommand]:
    """For one charter's places and sectors; the function raises RefusalError on unknown ones, and
    whatever keeps `person_of` from telling. `locate` is asked where a report names no place. What
    comes from a source that is not `public` is protected, and an editor passes its words first,
    unless it is `trusted`. By `due_rules` is reckoned what names no due date. An owner that is
    one of the `parties` is called as the charter calls it. What is filed may be as old as it likes,
    and no further ahead than `clocks_differ_by`; in a replay, whose clock is behind, and whose
    messages are there before their time, None."""

    def translate(upstream: Upstream, now: datetime) -> IntakeCommand:
        source = upstream.source
        is_trusted = source in public or source in trusted
        match upstream.data:
            case ReportSubmitted() as said:
                place = said.place or _located(said)
                _check(place, said.sector)
                check_filed(said.filed_at, now, clocks_differ_by)
                return with_files(
                    ReportFiled(
                        report_id=aggregate_id("report", source, said.report),
                        source=source,
                        source_id=said.report,
                        correspondent=said.correspondent and person_of(source, said.correspondent),
                        place=place,
                        sector=said.sector,
                        text=said.text,
                        point=written(said.point) if said.point else "",
                        confidential=said.confidential,
                        protected=source not in public,
                        filed_at=said.filed_at,
                    ),
                    said.attachments,
                    files_named,
                )
            case ReportResolved() as said:
                return resolved(source, said)
            case ReportCorroborated() as said:
                report_id = aggregate_id("report", source, said.report)
                by = person_of(source, said.correspondent)
                if by is None:
                    raise RefusalError("Nobody to count", ERASED)
                return CorroborateReport(report_id, by, source, min(said.seen_at, now))
            case ReportReopened() as said:
                return reopened(source, said, now)
            case ReportAttached() as said:
                return added(source, said, files_named, now)
            case CommitmentMade() as said:
                _check(said.place, said.sector)
                return OpenCheck(opened(source, said, parties, due_rules, passed=is_trusted))
            case CommitmentDone() | CommitmentHandedOver() | VerdictAppealed() as said:
                return by_its_owner(
                    source,
                    said,
                    now,
                    parties,
                    is_trusted=is_trusted,
                    came_at=None if clocks_differ_by is None else upstream.came_at,
                )
            case CommitmentPaused() | CommitmentResumed() | MoreTimeAsked() as said:
                return of_clock(source, said, parties, due_rules, now, is_trusted=is_trusted)
            case SocietyRegistered() as said:
                return registered(source, said, places, sectors, is_public=source in public)
            case _ if isinstance(upstream.data, OfBeat):
                return _of_beat(source, upstream.data, now)
            case _:
                raise TypeError(type(upstream.data).__name__)

    def _located(said: ReportSubmitted) -> str:
        if said.point is None:
            raise TypeError("neither a place nor a point")
        try:
            return locate(said.point)
        except OutsideError as error:
            fault = Fault(detail=str(error), pointer="/latitude")
            raise RefusalError("Unknown place", fault.detail, fault) from None

    def _of_beat(source: str, said: OfBeat, now: datetime) -> BeatCommand:
        _check(said.place, said.sector)
        if source in public:
            raise RefusalError("Public source", "Correspondents of public data have no beats.")
        who = _known(source, said.correspondent, "/correspondent")
        successor = who
        if isinstance(said, CorrespondentReplaced):
            successor = _known(source, said.successor, "/successor")
        return rules.command(said, source, who, successor, now)

    def _known(source: str, name: str, pointer: str) -> str:
        if (who := person_of(source, name)) is None:
            fault = Fault(detail="Who had this name was erased.", pointer=pointer)
            raise RefusalError("Unknown correspondent", fault.detail, fault)
        return who

    def _check(place: str, sector: str) -> None:
        require_known("place", place, places, "/place")
        require_known("sector", sector, sectors, "/sector")

    return translate
