"""What an upstream message asks of intake: one command for each inbox kind."""

from collections.abc import Callable, Container, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from services.intake.domain.appeal import AskForAppeal
from services.intake.domain.beat import BeatCommand
from services.intake.domain.beat_rules import BeatRules
from services.intake.domain.check import CheckCommand, ClaimDone, OpenCheck
from services.intake.domain.course import CorroborateReport, HalfFixReport, ReopenReport
from services.intake.domain.due import Due, DueRules, NoRuleError, TooLateError
from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.files_added import AddFiles, attached
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.report import FileReport, FileWithFiles, ReportCommand
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from services.intake.translate_clock import of_clock
from shared.contracts.attachment import Attached
from shared.contracts.check import CheckOpened
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
    VerdictAppealed,
)
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.point import OutsideError, Point, written
from shared.contracts.receipt import Fault
from shared.contracts.report import ReportFiled
from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.eventsourcing.inbox.parse import RefusalError, Upstream

IntakeCommand = ReportCommand | CheckCommand | BeatCommand


FilesNamed = Callable[[str, Sequence[str]], "Sequence[Attached] | None"]
"""What was uploaded for a report under these names; None unless all of it was."""

Locate = Callable[[Point], str]
"""The place that holds a point. Raises OutsideError."""
NO_RULE = (
    "Say due_at or due_on: no rule of the charter says by when such a commitment is due (due.toml)."
)
AHEAD = "It is filed at a time that has not come yet."
AHEAD_AT = Fault(detail=AHEAD, pointer="/filed_at")
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
    and no further ahead than `clocks_differ_by`; in a replay, whose clock is behind, None."""

    def translate(upstream: Upstream, now: datetime) -> IntakeCommand:
        source = upstream.source
        is_trusted = source in public or source in trusted
        match upstream.data:
            case ReportSubmitted() as said:
                place = said.place or _located(said)
                _check(place, said.sector)
                _check_filed(said.filed_at, now, clocks_differ_by)
                return _with_files(
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
                return _resolved(source, said)
            case ReportCorroborated() as said:
                report_id = aggregate_id("report", source, said.report)
                by = person_of(source, said.correspondent)
                if by is None:
                    raise RefusalError("Nobody to count", ERASED)
                return CorroborateReport(report_id, by, source, min(said.seen_at, now))
            case ReportReopened() as said:
                return _reopened(source, said, now)
            case ReportAttached() as said:
                return _added(source, said, files_named, now)
            case CommitmentMade() as said:
                _check(said.place, said.sector)
                return OpenCheck(_opened(source, said, parties, due_rules, passed=is_trusted))
            case CommitmentDone() | CommitmentHandedOver() | VerdictAppealed() as said:
                return _by_its_owner(source, said, now, parties, is_trusted=is_trusted)
            case CommitmentPaused() | CommitmentResumed() | MoreTimeAsked() as said:
                return of_clock(source, said, parties, due_rules, now, is_trusted=is_trusted)
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
        if place not in places:
            fault = Fault(detail="The charter has no such place.", pointer="/place")
            raise RefusalError("Unknown place", fault.detail, fault)
        if sector not in sectors:
            fault = Fault(detail="The charter has no such sector.", pointer="/sector")
            raise RefusalError("Unknown sector", fault.detail, fault)

    return translate


def _check_filed(at: datetime, now: datetime, clocks_differ_by: timedelta | None) -> None:
    if clocks_differ_by is not None and at > now + clocks_differ_by:
        raise RefusalError("Forbidden now", AHEAD, AHEAD_AT)


def _with_files(
    filed: ReportFiled, names: Sequence[str], files_named: FilesNamed
) -> FileReport | FileWithFiles:
    if not names:
        return FileReport(filed)
    found = _uploaded(filed.report_id, names, files_named)
    events = [attached(filed.report_id, filed, each, filed.filed_at) for each in found]
    return FileWithFiles(filed, tuple(events), all(each.in_time for each in found))


def _reopened(source: str, said: ReportReopened, now: datetime) -> ReopenReport:
    report_id = aggregate_id("report", source, said.report)
    return ReopenReport(report_id, said.reason, min(said.reopened_at, now), told=True)


def _added(source: str, said: ReportAttached, files_named: FilesNamed, now: datetime) -> AddFiles:
    report_id = aggregate_id("report", source, said.report)
    return AddFiles(report_id, _uploaded(report_id, said.attachments, files_named), now)


def _uploaded(
    report_id: str, names: Sequence[str], files_named: FilesNamed
) -> tuple[Attached, ...]:
    """Each file once, in time where one of its names is."""
    found = files_named(report_id, tuple(dict.fromkeys(names)))
    if found is None:
        detail = "No such file was uploaded for this report."
        fault = Fault(detail=detail, pointer="/attachments")
        raise RefusalError("Unknown attachment", detail, fault)
    return tuple({each.digest: each for each in sorted(found, key=attrgetter("in_time"))}.values())


def _by_its_owner(
    source: str,
    said: CommitmentDone | CommitmentHandedOver | VerdictAppealed,
    now: datetime,
    parties: Parties,
    *,
    is_trusted: bool,
) -> ClaimDone | HandOverCheck | AskForAppeal:
    """How the charter calls a party an editor has not to pass."""
    check_id = aggregate_id("check", source, said.commitment)
    owner, names = parties.owner(said.owner), parties.other_names(said.owner)
    if isinstance(said, CommitmentDone):
        return ClaimDone(check_id, owner, said.done_at, now, names)
    if isinstance(said, VerdictAppealed):
        return AskForAppeal(check_id, owner, said.reason, now, names)
    return HandOverCheck(
        check_id,
        owner,
        parties.owner(said.to),
        said.reason,
        said.handed_over_at,
        now,
        names,
        told=is_trusted or parties.of(said.to) is not None,
        explained=is_trusted,
    )


def _opened(
    source: str, said: CommitmentMade, parties: Parties, rules: DueRules, *, passed: bool
) -> CheckOpened:
    due, owner = _due(said, rules), parties.owner(said.owner)
    return CheckOpened(
        check_id=aggregate_id("check", source, said.commitment),
        source=source,
        source_id=said.commitment,
        report_id=said.report and aggregate_id("report", source, said.report),
        owner=owner,
        task=said.task,
        place=said.place,
        sector=said.sector,
        confidential=said.confidential,
        passed=passed,
        opened_at=said.made_at,
        due_at=due.at,
        reckoning=due.reckoning,
    )


def _due(said: CommitmentMade, rules: DueRules) -> Due:
    if said.due_at is not None:
        return Due(said.due_at)
    try:
        if said.due_on is not None:
            return rules.on(said.place, said.due_on)
        return rules.after(said.place, said.sector, said.owner, said.made_at)
    except NoRuleError:
        fault = Fault(detail=NO_RULE, pointer="/due_at")
        raise RefusalError("No due date", NO_RULE, fault) from None
    except TooLateError:
        pointer = "/due_on" if said.due_on else "/made_at"
        fault = Fault(detail="It would be due after the year 2999.", pointer=pointer)
        raise RefusalError("No due date", fault.detail, fault) from None


def _resolved(source: str, said: ReportResolved) -> ReportCommand:
    report_id = aggregate_id("report", source, said.report)
    match said.outcome:
        case "confirmed":
            return ConfirmReport(report_id, said.reason, said.resolved_at)
        case "refuted":
            return RefuteReport(report_id, said.reason, said.resolved_at)
        case "closed":
            return CloseReport(report_id, said.reason, said.resolved_at)
        case "half-fixed":
            return HalfFixReport(report_id, said.reason, said.resolved_at)
        case "duplicate":
            if said.duplicate_of is None:
                fault = Fault(detail="Say which report it repeats.", pointer="/duplicate_of")
                raise RefusalError("Invalid body", fault.detail, fault)
            original = aggregate_id("report", source, said.duplicate_of)
            return MarkDuplicate(report_id, original, said.resolved_at)
