"""What outsiders may see: nothing confidential, no text, nobody's name and no id from inside."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from drawn import fields_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.publishing import bulletins, petitions, questions, societies, stories
from services.publishing.passages import passages
from services.publishing.public import gate
from shared.contracts import (
    bulletin,
    check,
    checking,
    clock,
    credential,
    finding_shown,
    handing_over,
    home,
    member,
    petition,
    post,
    public,
    question,
    registration,
    report,
    society,
    story,
    tracks,
)
from shared.contracts.checking import CheckingTerms
from shared.contracts.duplicates import Chain
from shared.contracts.event import Event, EventRef
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.request_token import digest_of, written
from shared.contracts.sealed import CLOSED
from shared.contracts.values import EARLIEST, LATEST
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.relay import Relay
from shared.testing.examples import (
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_PAUSED,
    CHECK_RESUMED,
    CHECK_SHIELDED,
    CHECK_WITHDRAWN,
    CHECK_WORDS_PASSED,
    DAY,
    DONE_LATE,
    DONE_TOLD,
    EXAMPLES,
    MEMBER_QUALIFIED,
    MONDAY,
    MORE_TIME_ASKED,
    OVERDUE_TOLD,
    OVERDUE_WITHDRAWN,
    QUESTION_ASKED,
    RECKONING,
    REPORT_FILED,
    REPORT_WITHDRAWN,
    ROXBURY,
    SHIELD_LIFTED,
    STREET_LIGHTS,
    recorded,
    varied,
)

KEY = b"a key for tests"
SECRET_TEXT = (
    "media_type",
    "source_id",
    "rest_source_id",
    "text",
    "reason",
    "answer",
    "words",
    "source",
)
SECRET_IDS = (
    "report_id",
    "check_id",
    "member_id",
    "credential_id",
    "list_id",
    "confirmer",
    "correspondent",
    "files",
    "duplicate_of",
    "original",
    "head",
    "login_id",
    "act_id",
    "opening_id",
    "about",
    "by",
    "key_id",
    "release_id",
    "person_id",
    "checks",
    "beat_id",
    "successor",
    "checking_id",
    "claim_id",
    "rest_id",
    "society_id",
    "founder",
    "confirmer",
    "before",
    "activity_id",
    "federation_id",
)
LISTS_OF_IDS = ("candidates", "drawn", "passed_over", "agreed")
OF_CHECKINGS: dict[str, st.SearchStrategy[Any]] = {
    "stage": st.just("first"),
    "verdict": st.just("not done"),
    "lapse": st.just("no answer"),
    "appellant": st.just("owner"),
    "undecided": st.booleans(),
    "seed": st.just("0" * 64),
    "terms": st.just(CheckingTerms()),
    **dict.fromkeys(("seen_at_place", "drawn_at_place"), st.just(ROXBURY)),
    **dict.fromkeys(("widened", "missing", "rests_on", "stands_at"), st.integers(0, 9)),
}
DAYS_OF_BEATS = (
    *("since", "from_day", "until_day", "resumed_on"),
    *("handed_over_on", "ended_on", "heard_on", "ran_out_on"),
)
SECRET_SEQUENCES = ("claim", "as_of", "claimed_in", "intake", "promotion")
FEW = settings(max_examples=settings().max_examples // 5)
"""For each type, of which all but a few flags are told by nobody."""
NOBODYS = (
    *(*societies.TOLD, *petitions.TOLD, *stories.TOLD),
    *(*bulletins.TOLD, *questions.TOLD),
)
"""What nobody reported or earned, and so is never confidential."""
INNER = [t for t in EVENT_TYPES.values() if t.service != "public"]
POINT = "42.271536,-71.077249"
BOSTON = ZoneInfo("America/New_York")
let_through = gate(KEY, BOSTON)
(passage, *_) = passages(KEY, BOSTON)
everything = replace(passage, handles=tuple(INNER))
relay = Relay(Client(), "publishing", everything, lambda: MONDAY)

ids = st.uuids().map(lambda found: found.hex)
texts = st.from_regex(r"\A[b-z]{12,20}\Z").map(lambda text: f"secret-{text}")
moments = st.integers(0, 400).map(lambda days: MONDAY + days * DAY)
sequences = st.integers(10**9, 10**10)
refs = st.builds(EventRef, id=ids, stream=st.just("INTAKE"), sequence=sequences)
chains = st.builds(Chain, duplicate=ids, claim=sequences, newest=st.booleans())
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kinds": st.sampled_from([(), ("report.submitted",)]),
    "each_s": st.integers(0, 9),
    "place": st.just(ROXBURY),
    "sector": st.just(STREET_LIGHTS),
    "confidential": st.booleans(),
    "protected": st.booleans(),
    "smallest": st.integers(2, 9),
    "rule": st.integers(1, 3),
    "anonymous_as_one": st.integers(1, 9),
    "late": st.booleans(),
    "may_return": st.booleans(),
    "may_be_shown": st.booleans(),
    "known": st.booleans(),
    "passed": st.booleans(),
    "shielded": st.booleans(),
    "lifted": st.booleans(),
    "overdue": st.booleans(),
    "owner": st.just("Public Works"),
    "task": st.just("Mend the lamp"),
    "number": st.integers(1, 9),
    **dict.fromkeys(("told", "explained"), st.booleans()),
    "track": st.just("correspondent"),
    "on": st.just(date(2030, 1, 8)),
    "refuted_share": st.just(0.1),
    "digest": st.just("0" * 64),
    "earned_by": st.tuples(refs, refs),
    **dict.fromkeys(("noted_from", "taken_back_for"), refs),
    "index": st.integers(0, 9),
    "outcome": st.sampled_from(["confirmed", "refuted"]),
    **dict.fromkeys(("rule_version", "confirmed", "sectors", "days"), st.integers(1, 9)),
    **dict.fromkeys(SECRET_TEXT, texts),
    **dict.fromkeys(SECRET_IDS, ids),
    **dict.fromkeys(SECRET_SEQUENCES, sequences),
    "checks": st.tuples(ids, ids),
    **dict.fromkeys(LISTS_OF_IDS, st.tuples(ids, ids)),
    **dict.fromkeys(("ties", "societies"), st.tuples(texts)),
    **OF_CHECKINGS,
    "chain": chains,
    "chains": st.tuples(chains),
    "holder": st.just("member"),
    "what": st.just("passphrase"),
    "kind": st.just("close-login"),
    "second_person": st.booleans(),
    "point": st.sampled_from(["", POINT]),
    "role": st.just("inspector"),
    "picture": st.just("7" * 32),
    "public_key": st.just("0" * 64),
    "zone": st.just("Europe/Paris"),
    "rhythm_days": st.integers(1, 366),
    "in_time": st.booleans(),
    "hook": st.sampled_from([None, "kobo"]),
    "reckoning": st.sampled_from([None, RECKONING]),
    "tier": st.integers(1, 9),
    "to": st.sampled_from([None, "The mayor"]),
    "why": st.sampled_from(["charter", "more-time"]),
    **dict.fromkeys(DAYS_OF_BEATS, st.just(date(2030, 1, 8))),
    **dict.fromkeys(("came", "at_least"), st.integers(0, 99)),
    "places": st.just((ROXBURY,)),
    "office": st.just("deputy"),
}


def _by_hints(event_type: type[Event]) -> dict[str, st.SearchStrategy[Any]]:
    """Of what each field may be by its type; what must stay inside is told apart from all else."""
    known = fields_of(event_type)
    own = {
        **dict.fromkeys(SECRET_IDS, ids),
        **dict.fromkeys(SECRET_TEXT, texts),
        "place": st.just(ROXBURY),
        "sector": st.just(STREET_LIGHTS),
        "words": ids,
        "earned_by": refs,
        "confidential": st.just(value=True),
    }
    if event_type is credential.CredentialsClosed:
        own.pop("before")
    if event_type is post.CandidateNamed:
        own.pop("by")
    return known | {name: own[name] for name in own.keys() & known.keys()}


BY_HINTS = (
    *(home.HomeSaid, petition.PetitionEvent, post.PostEvent, story.StoryEvent),
    question.QuestionEvent,
    bulletin.BulletinEvent,
    tracks.TracksAdopted,
    *(member.FindingCredited, member.OutcomeTakenBack, credential.CredentialsClosed),
    *(society.SocietyRegistered, registration.RegistrationStated),
    *(member.QualificationWavered, member.QualificationSteadied),
    *(member.QualificationLapsed, member.QualificationRevoked),
)


def _fields(event_type: type[Event]) -> dict[str, st.SearchStrategy[Any]]:
    if issubclass(event_type, BY_HINTS):
        return _by_hints(event_type)
    known = {name: FIELDS.get(name, moments) for name in event_type.model_fields}
    if event_type in (member.ReportCredited, credential.CredentialAllowed):
        known["earned_by"] = refs
    if event_type is handing_over.CheckHandedOver:
        known["to"] = st.just("Parks")
    if event_type is credential.CredentialAllowed:
        known |= dict.fromkeys(("until", "qualified_on"), st.just(date(2030, 1, 8)))
    if event_type is checking.FindingPictured:
        known |= {"size": st.integers(0, 9), "digest": ids}
    if event_type is credential.CredentialWithdrawn:
        known["because"] = st.just("erased")
    if event_type is report.FileAttached:
        known |= {"size": st.integers(0, 9)}
    named = report.FileAttached, report.FilePassed, report.FileTakenBack
    if event_type in (*named, finding_shown.PicturePassed, finding_shown.PictureTakenBack):
        known |= {"digest": ids}
    if issubclass(event_type, society.SocietyEvent):
        own = {"words": ids, "sectors": st.just((STREET_LIGHTS,)), "rule": st.just("deputy")}
        known |= {name: own[name] for name in own.keys() & known.keys()}
    return known


events: st.SearchStrategy[Event] = st.one_of(
    *(st.builds(event_type, **_fields(event_type)) for event_type in INNER)
)


def headers_of(inner: RecordedEvent) -> dict[str, str]:
    return encode(inner)[1]


def _secrets(event: Event) -> list[str]:
    """Every value of the event that must stay inside."""
    named = {*SECRET_TEXT, *SECRET_IDS, *SECRET_SEQUENCES}
    written = check.CheckWithdrawn | report.ReportWithdrawn | handing_over.CheckHandedOver
    if isinstance(event, written):
        named.remove("reason")  # it is written for readers
    if isinstance(event, clock.ClockEvent) and (
        getattr(event, "role", None) or (event.passed and getattr(event, "explained", True))
    ):
        named.discard("reason")  # so is this
    if isinstance(event, society.SocietySuspended | society.SocietyReinstated):
        named.remove("reason")
    if isinstance(event, petition.PetitionHidden | story.StoryWithdrawn | bulletin.BulletinEvent):
        named.discard("reason")
    if isinstance(event, question.QuestionHidden):
        named.discard("reason")
    if isinstance(event, story.StoryEvent | question.QuestionEvent):
        named.discard("words")  # the site asks for them by this id
    if isinstance(event, society.SocietyFounded | society.SocietyRegistered):
        named.remove("society_id")  # by which its page is called
    found = [str(v) for name in named if (v := getattr(event, name, None))]
    for name in ("checks", *LISTS_OF_IDS, "ties", "societies"):
        found += getattr(event, name, ())
    found += filter(None, getattr(event, "point", "").split(","))
    proof = getattr(event, "earned_by", None) or getattr(event, "noted_from", None)
    proofs = proof if isinstance(proof, tuple) else (proof,) if proof else ()
    return found + [part for ref in proofs for part in (ref.id, str(ref.sequence))]


@given(events)
def test_nothing_that_must_stay_inside_is_in_a_public_message(event: Event) -> None:
    """Subject, headers and body of what would be written, not the event's fields alone."""
    said = [text for name in SECRET_TEXT if (text := getattr(event, name, None))]
    assume(len({*said}) == len(said))  # a reason that is written for readers is no other's secret
    inner = recorded(event, 987_654_321)
    message = (headers_of(inner), inner.event.model_dump_json().encode())
    (released,) = relay._prepare([Message("", *message, 987_654_321)])
    assert released.error is None
    if released.passed is None:
        return
    outgoing = released.passed.outgoing
    text = f"{outgoing.subject}\n{json.dumps(outgoing.headers)}\n{outgoing.body.decode()}"
    for secret in [*_secrets(event), inner.id, "987654321", inner.correlation_id, inner.cause]:
        assert secret not in text
    assert KEY.decode() not in text


def test_a_public_event_says_the_day_on_which_it_was_recorded_and_not_when() -> None:
    """The day of what it stems from, at least: our clock may be behind the one that recorded that.
    A sweep raises a check at the second at which it was due."""
    inner = recorded(REPORT_FILED, 7)
    assert inner.recorded_at > MONDAY
    message = Message("", headers_of(inner), inner.event.model_dump_json().encode(), 7)
    (released,) = relay._prepare([message])
    assert released.passed is not None
    assert released.passed.outgoing.headers["ce-time"] == "2030-02-06T00:00:00-05:00"


@given(events)
def test_no_public_message_has_a_time_of_day(event: Event) -> None:
    inner = recorded(event, 7)
    message = Message("", headers_of(inner), inner.event.model_dump_json().encode(), 7)
    (released,) = relay._prepare([message])
    if released.passed is not None:
        outgoing = released.passed.outgoing
        text = json.dumps(outgoing.headers) + outgoing.body.decode()
        assert set(re.findall(r"\d\d:\d\d:\d\d", text)) == {"00:00:00"}


def test_days_of_a_check_are_those_of_the_instance() -> None:
    last_second = datetime(2030, 1, 15, 4, 59, 59, tzinfo=UTC)
    for due_at, due_on in ((last_second, 14), (last_second + timedelta(seconds=1), 15)):
        opened = let_through(varied(CHECK_OPENED, due_at=due_at))
        assert isinstance(opened, public.CheckOpened)
        assert opened.due_on == date(2030, 1, due_on)
    claimed = let_through(varied(DONE_LATE, due_at=last_second, done_at=last_second))
    assert isinstance(claimed, public.DoneClaimed)
    assert claimed.done_on == date(2030, 1, 14)


@pytest.mark.parametrize("moment", [EARLIEST, LATEST])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_a_day_at_the_edge_of_time_is_one_that_an_event_may_have(
    moment: datetime, zone: str
) -> None:
    opened = gate(KEY, ZoneInfo(zone))(varied(CHECK_OPENED, due_at=moment))
    assert isinstance(opened, public.CheckOpened)


@pytest.mark.parametrize(
    ("event", "what"), [(CHECK_WITHDRAWN, "check"), (REPORT_WITHDRAWN, "report")]
)
def test_what_is_withdrawn_is_named_by_its_public_id_with_the_reason(
    event: Event, what: str
) -> None:
    published = {"check": CHECK_OPENED, "report": REPORT_FILED}[what]
    passed, before = let_through(event), let_through(published)
    assert isinstance(passed, public.PublicWithdrawn)
    assert before is not None
    assert (passed.what, passed.id) == (what, before.aggregate_id)
    assert (passed.reason, passed.on) == ("It named somebody", date(2030, 1, 17))


@pytest.mark.parametrize(
    "event_type", [t for t in INNER if t not in NOBODYS], ids=lambda t: t.type_name()
)
@FEW
@given(st.data())
def test_what_is_confidential_never_passes(event_type: type[Event], data: st.DataObject) -> None:
    """Drawn for each type by itself: a type that comes seldom must not slip through."""
    fields = _fields(event_type) | {"confidential": st.just(True)}  # noqa: FBT003
    assert let_through(data.draw(st.builds(event_type, **fields))) is None


@pytest.mark.parametrize(
    "event_type", [t for t in INNER if "protected" in t.model_fields], ids=lambda t: t.type_name()
)
@FEW
@given(st.data())
def test_what_is_protected_does_not_pass_at_once(
    event_type: type[Event], data: st.DataObject
) -> None:
    fields = _fields(event_type) | {"protected": st.just(True)}  # noqa: FBT003
    assert let_through(data.draw(st.builds(event_type, **fields))) is None


WITHDRAWING = check.CheckWithdrawn | check.CheckShielded | report.ReportWithdrawn
TOLD_AS: dict[type[Event], Event] = {
    check.ShieldLifted: CHECK_OPENED,
    check.OverdueTold: CHECK_OVERDUE,
    check.DoneTold: DONE_LATE,
    question.QuestionPassed: QUESTION_ASKED,
}
"""What has a name of its own inside, for it says nothing new, or nothing before it is passed."""


@given(events)
def test_what_passes_is_a_public_event_of_the_same_kind_place_and_sector(event: Event) -> None:
    passed = let_through(event)
    if passed is not None:
        assert passed.service == "public"
        is_withdrawn = isinstance(passed, public.PublicWithdrawn)
        kept = isinstance(event, WITHDRAWING)
        assert is_withdrawn == kept
        assert kept or type(passed).__name__ == type(TOLD_AS.get(type(event), event)).__name__
        assert passed.place == event.place
        assert getattr(passed, "sector", None) == getattr(event, "sector", None)


@pytest.mark.parametrize("event_type", INNER, ids=lambda t: t.type_name())
def test_only_what_is_named_here_passes(event_type: type[Event]) -> None:
    shown = {
        *NOBODYS,
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
        clock.CheckPaused,
        clock.CheckResumed,
        clock.DueDateMoved,
        clock.MoreTimeAsked,
        clock.MoreTimeDeclined,
        checking.ClaimRefuted,
        checking.ClaimUpheld,
        checking.ClaimUnchecked,
        checking.CheckHalved,
        finding_shown.PicturePassed,
        finding_shown.PictureTakenBack,
        report.ReportWithdrawn,
        member.MemberQualified,
        member.QualificationLapsed,
        member.QualificationRevoked,
    }
    passes = let_through(EXAMPLES[event_type.type_name()]) is not None
    assert passes == (event_type in shown)


@given(events)
def test_the_id_alone_is_that_of_the_event_that_passes(event: Event) -> None:
    for passage in passages(KEY, BOSTON):
        inside = recorded(event, 7)
        passed = passage.release(inside)
        assert passage.id_of(inside) == (passed[0] if passed else None)


@pytest.mark.parametrize(
    "event",
    [CHECK_OPENED, CHECK_OVERDUE, DONE_LATE, OVERDUE_WITHDRAWN],
    ids=lambda e: e.type_name(),
)
def test_words_that_no_editor_has_passed_are_in_nothing_that_is_public(event: Event) -> None:
    waiting = let_through(varied(event, passed=False, owner="Ana Ruiz"))
    assert isinstance(waiting, public.PublicCheckEvent)
    assert waiting.owner is None
    assert "Ruiz" not in waiting.model_dump_json()
    assert CHECK_OVERDUE.task not in waiting.model_dump_json()
    assert RECKONING.rule not in waiting.model_dump_json(), "there are rules for one owner"
    known = let_through(event)
    assert isinstance(known, public.PublicCheckEvent)
    assert known.owner == CHECK_OPENED.owner


def test_words_that_were_passed_are_told_and_the_task_of_what_is_overdue() -> None:
    passed, early = (
        let_through(varied(CHECK_WORDS_PASSED, overdue=overdue)) for overdue in (True, False)
    )
    assert isinstance(passed, public.CheckWordsPassed)
    assert (passed.owner, passed.task) == ("Public Works", "Mend the lamp")
    assert isinstance(early, public.CheckWordsPassed)
    assert (early.owner, early.task) == ("Public Works", None)
    opened = let_through(CHECK_OPENED)
    assert opened is not None
    assert passed.aggregate_id == opened.aggregate_id
    assert CHECK_WORDS_PASSED.reason not in passed.model_dump_json()


def test_a_report_shows_the_day_and_not_the_hour() -> None:
    passed = let_through(REPORT_FILED)
    assert isinstance(passed, public.ReportFiled)
    assert passed.on == REPORT_FILED.filed_at.date()
    assert REPORT_FILED.filed_at.isoformat()[11:16] not in passed.model_dump_json()


def test_a_public_id_is_the_same_every_time_and_nobody_without_the_key_can_tell_whose() -> None:
    one, again, other_key = (gate(key, UTC)(REPORT_FILED) for key in (KEY, KEY, b"another key"))
    assert one == again
    assert isinstance(one, public.ReportFiled)
    assert isinstance(other_key, public.ReportFiled)
    assert one.report != other_key.report


def test_a_report_and_the_check_on_it_can_not_be_linked_by_their_ids() -> None:
    same = varied(CHECK_OPENED, check_id=REPORT_FILED.report_id)
    filed, opened = let_through(REPORT_FILED), let_through(same)
    assert filed is not None
    assert opened is not None
    assert filed.aggregate_id != opened.aggregate_id


def test_a_qualification_shows_its_figures_and_not_what_earned_it() -> None:
    passed = let_through(MEMBER_QUALIFIED)
    assert passed is not None
    shown = set(type(passed).model_fields)
    assert {"confirmed", "sectors", "days", "refuted_share", "rule_version"} <= shown
    assert not {"earned_by", "member_id"} & shown


def test_public_events_are_not_released_again() -> None:
    assert all(let_through(e) is None for e in EXAMPLES.values() if e.service == "public")


@pytest.mark.parametrize("hidden", [{"confidential": True}, {"protected": True}])
def test_the_digest_of_a_token_passes_with_what_is_public_alone(hidden: dict[str, bool]) -> None:
    """Whoever filed it finds it by that, and nobody else learns anything."""
    token = written("7" * 32, "chicago")
    shown = {"confidential": False, "protected": False}
    filed = varied(REPORT_FILED, source="chicago", source_id=token, **shown)
    passed = let_through(filed)
    assert isinstance(passed, public.ReportFiled)
    assert passed.token == digest_of(token)
    assert token not in passed.model_dump_json()
    assert let_through(varied(filed, **hidden)) is None


def test_a_point_is_told_rounded_as_the_charter_says_and_none_that_is_sealed() -> None:
    filed = varied(REPORT_FILED, point=POINT)
    for decimals, there in ((3, (42.272, -71.077)), (1, (42.3, -71.1)), (0, (42, -71))):
        passed = gate(KEY, BOSTON, decimals)(filed)
        assert isinstance(passed, public.ReportFiled)
        assert (passed.latitude, passed.longitude) == there
    for point in ("", CLOSED, "1.c2VhbGVk"):
        passed = let_through(varied(filed, point=point))
        assert isinstance(passed, public.ReportFiled)
        assert (passed.latitude, passed.longitude) == (None, None)


@pytest.mark.parametrize("own", ["101000000001", "7" * 40, "7" * 32, written("7" * 32, "boston")])
def test_other_names_of_a_source_are_no_tokens(own: str) -> None:
    """They can be guessed, and their digests tried."""
    shown = {"confidential": False, "protected": False}
    passed = let_through(varied(REPORT_FILED, source="chicago", source_id=own, **shown))
    assert isinstance(passed, public.ReportFiled)
    assert passed.token is None


def test_what_was_opened_before_its_confidential_report_is_taken_back() -> None:
    passed, before = let_through(CHECK_SHIELDED), let_through(CHECK_OPENED)
    assert isinstance(passed, public.PublicWithdrawn)
    assert before is not None
    assert (passed.what, passed.id) == ("check", before.aggregate_id)
    assert passed.reason == public.TAKEN_BACK
    assert let_through(varied(CHECK_OPENED, confidential=True, shielded=True)) is None


def test_what_an_editor_lets_be_public_has_one_new_public_id() -> None:
    """Whoever heeds that the other one was taken back heeds it for ever."""
    was = let_through(CHECK_OPENED)
    told = [SHIELD_LIFTED, OVERDUE_TOLD, DONE_TOLD, varied(CHECK_OVERDUE, lifted=True)]
    told += [varied(each, lifted=True) for each in (CHECK_WORDS_PASSED, DONE_LATE)]
    passed = [let_through(each) for each in told]
    assert was is not None
    (known_as,) = {each.aggregate_id for each in passed if each is not None}
    assert known_as != was.aggregate_id
    withdrawn = let_through(varied(CHECK_WITHDRAWN, lifted=True))
    assert isinstance(withdrawn, public.PublicWithdrawn)
    assert withdrawn.id == known_as
    assert SHIELD_LIFTED.reason not in str(passed)


@pytest.mark.parametrize("event", [CHECK_PAUSED, CHECK_RESUMED, MORE_TIME_ASKED])
def test_a_reason_that_no_editor_has_read_is_not_public_where_owner_and_task_are(
    event: Event,
) -> None:
    told = [
        let_through(varied(event, passed=True, role=None, explained=explained))
        if "role" in type(event).model_fields
        else let_through(varied(event, passed=True, explained=explained))
        for explained in (True, False)
    ]
    reasons = [each.model_dump()["reason"] if each else "" for each in told]
    assert reasons == [event.model_dump()["reason"], None]
