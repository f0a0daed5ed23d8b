"""What an upstream message asks of intake."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.appeal import AskForAppeal
from services.intake.domain.check import OpenCheck
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.course import CorroborateReport, HalfFixReport, ReopenReport
from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.files_added import AddFiles
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.more_time import AskForMoreTime
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from services.intake.domain.report import FileReport
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from services.intake.translate import NO_RULES, translator
from shared.contracts.attachment import Attached
from shared.contracts.check import CheckOpened
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import (
    INBOX_KINDS,
    CommitmentDone,
    CommitmentHandedOver,
    CommitmentMade,
    CommitmentPaused,
    CommitmentResumed,
    InboxMessage,
    MoreTimeAsked,
    ReportAttached,
    ReportCorroborated,
    ReportReopened,
    ReportResolved,
    ReportSubmitted,
    VerdictAppealed,
)
from shared.contracts.party import Parties, Party
from shared.contracts.point import OutsideError, Point
from shared.contracts.report import ReportFiled
from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.eventsourcing.inbox.parse import RefusalError, Upstream
from shared.testing.examples import DAY, MONDAY, ROXBURY, STREET_LIGHTS

translate = translator({ROXBURY}, {STREET_LIGHTS}, {"boston"})
NOW = MONDAY + 365 * DAY

SUBMITTED: dict[str, Any] = {
    "report": "101",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "text": "The lamp is out.",
    "correspondent": "ada",
    "filed_at": MONDAY,
    "confidential": False,
}
MADE: dict[str, Any] = {
    "commitment": "101",
    "report": "99",
    "owner": "Public Works",
    "task": "Mend the lamp",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "made_at": MONDAY,
    "due_at": MONDAY + 7 * DAY,
    "confidential": False,
}
ROUND_THE_CORNER = {"latitude": 42.3, "longitude": -71.1}
RESOLVED: dict[str, Any] = {"report": "101", "resolved_at": MONDAY, "reason": "Seen to"}
REPORT_ID = aggregate_id("report", "boston", "101")


def asked(message: InboxMessage, source: str = "boston") -> object:
    return translate(Upstream(source, "any", "ce-1", "ce-1", message), NOW)


def test_a_point_leads_to_the_place_where_none_is_named() -> None:
    spots = []

    def locate(point: Point) -> str:
        spots.append(point)
        if point.latitude > 50:
            raise OutsideError("It lies in no place of this charter; the nearest is us.")
        return ROXBURY if point.latitude > 42 else "us.unheard"

    placing = translator({ROXBURY}, {STREET_LIGHTS}, locate=locate)

    def said(latitude: float, **more: Any) -> object:
        where = {"place": None, "latitude": latitude, "longitude": -71.0772494} | more
        message = ReportSubmitted.model_validate(SUBMITTED | where)
        return placing(Upstream("boston", "any", "ce-1", "ce-1", message), NOW)

    found = said(42.2715)
    assert isinstance(found, FileReport)
    assert (found.filed.place, found.filed.point) == (ROXBURY, "42.2715,-71.077249")
    named = said(10, place=ROXBURY)
    assert isinstance(named, FileReport)
    assert (named.filed.place, named.filed.point, len(spots)) == (ROXBURY, "10,-71.077249", 1)
    with pytest.raises(RefusalError) as refused:
        said(51)
    assert (refused.value.problem.title, refused.value.problem.errors[0].pointer) == (
        "Unknown place",
        "/latitude",
    )
    with pytest.raises(RefusalError, match="no such place"):
        said(41)
    with pytest.raises(RefusalError, match="no map"):
        asked(ReportSubmitted.model_validate(SUBMITTED | {"place": None, **ROUND_THE_CORNER}))


def test_a_report_is_filed_by_now_or_by_a_clock_that_is_a_little_ahead() -> None:
    def filed(at: datetime) -> object:
        return asked(ReportSubmitted.model_validate(SUBMITTED | {"filed_at": at}))

    for fine in (MONDAY - 9_000 * DAY, NOW, NOW + CLOCKS_DIFFER_BY):
        assert isinstance(filed(fine), FileReport)
    for ahead in (NOW + CLOCKS_DIFFER_BY + timedelta(seconds=1), NOW + 365 * DAY):
        with pytest.raises(RefusalError, match="has not come yet") as refused:
            filed(ahead)
        problem = refused.value.problem
        assert (problem.title, problem.errors[0].pointer) == ("Forbidden now", "/filed_at")


def test_a_submitted_report_is_to_be_filed() -> None:
    filed = ReportFiled(
        report_id=REPORT_ID,
        source="boston",
        source_id="101",
        correspondent=aggregate_id("member", "boston", "ada"),
        place=ROXBURY,
        sector=STREET_LIGHTS,
        text="The lamp is out.",
        confidential=False,
        protected=False,
        filed_at=MONDAY,
    )
    assert asked(ReportSubmitted(**SUBMITTED)) == FileReport(filed)


def test_a_correspondent_is_known_inside_only_by_an_id_that_no_other_source_can_make() -> None:
    commands = [asked(ReportSubmitted(**SUBMITTED), source) for source in ("boston", "chicago")]
    one, other = commands
    assert isinstance(one, FileReport)
    assert isinstance(other, FileReport)
    assert "ada" not in {*one.filed.model_dump().values(), *other.filed.model_dump().values()}
    assert one.filed.correspondent != other.filed.correspondent
    assert one.report_id != other.report_id


def test_a_report_by_nobody_known_is_filed_without_a_correspondent() -> None:
    command = asked(ReportSubmitted(**SUBMITTED | {"correspondent": None}))
    assert isinstance(command, FileReport)
    assert command.filed.correspondent is None


@pytest.mark.parametrize(
    ("outcome", "command"),
    [
        ("confirmed", ConfirmReport(REPORT_ID, "Seen to", MONDAY)),
        ("refuted", RefuteReport(REPORT_ID, "Seen to", MONDAY)),
        ("closed", CloseReport(REPORT_ID, "Seen to", MONDAY)),
        ("half-fixed", HalfFixReport(REPORT_ID, "Seen to", MONDAY)),
    ],
)
def test_what_came_of_a_report_settles_it(outcome: str, command: object) -> None:
    assert asked(ReportResolved(outcome=outcome, **RESOLVED)) == command


def test_who_has_seen_it_too_is_known_inside_as_who_files_is() -> None:
    message = ReportCorroborated(report="101", correspondent="ben", seen_at=MONDAY)
    by = aggregate_id("member", "boston", "ben")
    assert asked(message) == CorroborateReport(REPORT_ID, by, "boston", MONDAY)
    erased = translator({ROXBURY}, {STREET_LIGHTS}, person_of=lambda *_: None)
    upstream = Upstream("boston", "1", "1", "1", message)
    with pytest.raises(RefusalError) as raised:
        erased(upstream, NOW)
    assert raised.value.problem.title == "Nobody to count"


def test_a_report_is_reopened_by_its_source() -> None:
    message = ReportReopened(report="101", reopened_at=MONDAY, reason="It is out again")
    assert asked(message) == ReopenReport(REPORT_ID, "It is out again", MONDAY, told=True)


def test_what_is_said_of_the_future_counts_as_now() -> None:
    """Else nothing could be decided of the report until then."""
    ahead = {"report": "101", "reopened_at": NOW + timedelta(days=36_500), "reason": "Again"}
    assert asked(ReportReopened(**ahead)) == ReopenReport(REPORT_ID, "Again", NOW, told=True)
    seen = ReportCorroborated(report="101", correspondent="ben", seen_at=NOW + timedelta(days=1))
    by = aggregate_id("member", "boston", "ben")
    assert asked(seen) == CorroborateReport(REPORT_ID, by, "boston", NOW)


def test_a_duplicate_names_the_report_it_repeats() -> None:
    message = ReportResolved(outcome="duplicate", duplicate_of="100", **RESOLVED)
    original = aggregate_id("report", "boston", "100")
    assert asked(message) == MarkDuplicate(REPORT_ID, original, MONDAY)


def test_a_duplicate_of_nothing_is_refused() -> None:
    with pytest.raises(RefusalError) as raised:
        asked(ReportResolved(outcome="duplicate", **RESOLVED))
    assert [fault.pointer for fault in raised.value.problem.errors] == ["/duplicate_of"]


def test_a_commitment_opens_a_check() -> None:
    opened = CheckOpened(
        check_id=aggregate_id("check", "boston", "101"),
        source="boston",
        source_id="101",
        report_id=aggregate_id("report", "boston", "99"),
        owner="Public Works",
        task="Mend the lamp",
        place=ROXBURY,
        sector=STREET_LIGHTS,
        confidential=False,
        passed=True,
        opened_at=MONDAY,
        due_at=MONDAY + 7 * DAY,
    )
    assert asked(CommitmentMade(**MADE)) == OpenCheck(opened)


def test_a_commitment_without_a_report_opens_a_check_without_one() -> None:
    command = asked(CommitmentMade(**MADE | {"report": None}))
    assert isinstance(command, OpenCheck)
    assert command.opened.report_id is None


def test_a_commitment_done_is_claimed_by_its_owner() -> None:
    message = CommitmentDone(commitment="101", owner="Public Works", done_at=MONDAY)
    expected = ClaimDone(aggregate_id("check", "boston", "101"), "Public Works", MONDAY, NOW)
    assert asked(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        CommitmentDone(commitment="101", owner="Public Works", done_at=MONDAY),
        VerdictAppealed(commitment="101", owner="Public Works", reason="Another lamp"),
    ],
    ids=["done", "appealed"],
)
def test_a_claim_was_said_when_its_message_came_but_for_a_replay(message: InboxMessage) -> None:
    upstream = Upstream("boston", "any", "ce-1", "ce-1", message, came_at=MONDAY)
    places = {ROXBURY}, {STREET_LIGHTS}, {"boston"}
    for known, came_at in (
        (translator(*places), MONDAY),
        (translator(*places, clocks_differ_by=None), None),
    ):
        claim = known(upstream, NOW)
        assert isinstance(claim, ClaimDone | AskForAppeal)
        assert claim.came_at == came_at


def of_parties(message: InboxMessage, source: str) -> object:
    works = Party("works", "Public Works", ("PWD",))
    parties = Parties((works, Party("parks", "Parks")))
    known = translator({ROXBURY}, {STREET_LIGHTS}, {"boston"}, parties=parties)
    return known(Upstream(source, "any", "ce-1", "ce-1", message), NOW)


def test_an_owner_is_called_as_the_charter_calls_it_and_others_as_they_are_given() -> None:
    for given, owner in (("pwd", "Public Works"), ("Ana Ruiz", "Ana Ruiz")):
        made = of_parties(CommitmentMade(**MADE | {"owner": given}), "boston")
        assert isinstance(made, OpenCheck)
        assert made.opened.owner == owner
    done = CommitmentDone(commitment="101", owner="pwd", done_at=MONDAY)
    claim = of_parties(done, "boston")
    assert isinstance(claim, ClaimDone)
    assert (claim.owner, claim.names) == ("Public Works", ("PWD", "pwd"))


@pytest.mark.parametrize(
    ("source", "to", "told", "explained"),
    [
        ("boston", "Ana Ruiz", True, True),
        ("survey", "Ana Ruiz", False, False),
        ("survey", "parks", True, False),
    ],
)
def test_a_name_of_the_charter_needs_no_editor_and_a_reason_does(
    source: str, to: str, *, told: bool, explained: bool
) -> None:
    message = CommitmentHandedOver(
        commitment="101", owner="PWD", to=to, handed_over_at=MONDAY, reason="It is in a park"
    )
    command = of_parties(message, source)
    assert isinstance(command, HandOverCheck)
    assert (command.owner, command.to.casefold()) == ("Public Works", to.casefold())
    assert (command.told, command.explained) == (told, explained)
    assert (command.reason, command.handed_over_at, command.now) == (message.reason, MONDAY, NOW)


def test_a_clock_is_stopped_and_started_by_its_source_and_not_in_the_future() -> None:
    about = {"commitment": "101", "reason": "A part is awaited"}
    check_id = aggregate_id("check", "boston", "101")
    paused = asked(CommitmentPaused(**about, paused_at=MONDAY))
    assert paused == PauseCheck(check_id, MONDAY, "A part is awaited", NOW)
    ahead = asked(CommitmentResumed(**about, resumed_at=NOW + DAY))
    assert ahead == ResumeCheck(check_id, NOW, "A part is awaited", NO_RULES, NOW)


def test_the_reason_of_a_source_that_is_not_trusted_is_not_public() -> None:
    message = CommitmentPaused(commitment="101", reason="Ask Ann Smith", paused_at=MONDAY)
    for trusted in (("boston",), ()):
        translated = translator([ROXBURY], [STREET_LIGHTS], trusted=trusted)
        command = translated(Upstream("boston", "any", "ce-1", "ce-1", message), NOW)
        assert isinstance(command, PauseCheck)
        assert command.explained == bool(trusted)


def test_more_time_is_asked_by_the_owner_for_a_day() -> None:
    said = {"commitment": "101", "owner": "Public Works", "reason": "It has to be made"}
    message = MoreTimeAsked(**said, until=date(2030, 2, 1))
    expected = AskForMoreTime(
        aggregate_id("check", "boston", "101"),
        "Public Works",
        date(2030, 2, 1),
        "It has to be made",
        NO_RULES,
        NOW,
    )
    assert asked(message) == expected


def test_a_party_asks_for_more_time_by_all_its_names() -> None:
    said = {"commitment": "101", "owner": "PWD", "reason": "It has to be made"}
    command = of_parties(MoreTimeAsked(**said, until=date(2030, 2, 1)), "boston")
    assert isinstance(command, AskForMoreTime)
    assert (command.owner, command.names) == ("Public Works", ("PWD",))


def test_an_owner_appeals_by_any_of_its_names() -> None:
    message = VerdictAppealed(commitment="101", owner="PWD", reason="It shone that night")
    check_id, why = aggregate_id("check", "boston", "101"), "It shone that night"
    expected = AskForAppeal(check_id, "Public Works", why, NOW, ("PWD",))
    assert of_parties(message, "boston") == expected


@pytest.mark.parametrize(("field", "value"), [("place", "us.ma"), ("sector", "graffiti")])
@pytest.mark.parametrize(("kind", "good"), [(ReportSubmitted, SUBMITTED), (CommitmentMade, MADE)])
def test_what_the_charter_does_not_know_is_refused(
    kind: type[InboxMessage], good: dict[str, Any], field: str, value: str
) -> None:
    with pytest.raises(RefusalError) as raised:
        asked(kind(**good | {field: value}))
    assert raised.value.problem.title == f"Unknown {field}"
    assert [fault.pointer for fault in raised.value.problem.errors] == [f"/{field}"]
    assert value not in raised.value.problem.model_dump_json()


def test_files_come_later_by_the_names_under_which_they_were_uploaded() -> None:
    names = tuple(f"{n * 32}.pdf.4096.{n}.{'f' * 32}" for n in "321")
    late, timely, other = (
        Attached(digest, "pdf", 4096, in_time)
        for digest, in_time in (("a" * 32, False), ("a" * 32, True), ("b" * 32, True))
    )

    def named(report_id: str, asked_for: Sequence[str]) -> list[Attached]:
        assert (report_id, tuple(asked_for)) == (REPORT_ID, names)
        return [timely, other, late]

    message = ReportAttached(report="101", attachments=(*names, names[0]))
    upstream = Upstream("boston", "1", "1", "1", message)
    told = translator({ROXBURY}, {STREET_LIGHTS}, files_named=named)(upstream, NOW)
    assert told == AddFiles(REPORT_ID, (timely, other), NOW), "in time by one of its names"
    with pytest.raises(RefusalError) as raised:
        asked(message)
    assert raised.value.problem.title == "Unknown attachment"


def test_no_kind_was_forgotten_here() -> None:
    """But for those of correspondents, which `test_beats_told` has, and of registers, which
    `test_registers_told` has."""
    of_reports = {ReportSubmitted, ReportResolved, ReportCorroborated, ReportReopened}
    of_reports.add(ReportAttached)
    of_clocks = {CommitmentPaused, CommitmentResumed, MoreTimeAsked}
    of_owners = {CommitmentMade, CommitmentDone, CommitmentHandedOver, VerdictAppealed}
    tested = of_reports | of_clocks | of_owners
    told = {
        type_
        for kind, type_ in INBOX_KINDS.items()
        if not kind.startswith(("correspondent.", "society."))
    }
    assert told == tested


@pytest.mark.parametrize(
    ("public", "trusted", "passed"),
    [((), (), False), (("boston",), (), True), ((), ("boston",), True), (("berlin",), (), False)],
)
def test_words_of_a_source_that_is_not_trusted_wait_for_an_editor(
    public: tuple[str, ...], trusted: tuple[str, ...], *, passed: bool
) -> None:
    of_charter = translator({ROXBURY}, {STREET_LIGHTS}, public, trusted)
    command = of_charter(Upstream("boston", "any", "ce-1", "ce-1", CommitmentMade(**MADE)), NOW)
    assert isinstance(command, OpenCheck)
    assert command.opened.passed == passed
