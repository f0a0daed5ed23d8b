"""Example events, one of every type, and how they look once they are recorded."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from shared.contracts import (
    act,
    beat,
    bulletin,
    check,
    checking,
    clock,
    credential,
    duplicates,
    exchange,
    finding_shown,
    handing_over,
    home,
    issuer_key,
    login,
    member,
    opening,
    person,
    petition,
    post,
    public,
    public_bulletin,
    public_checking,
    public_clock,
    public_petition,
    public_question,
    public_society,
    public_story,
    question,
    registration,
    release,
    report,
    session_key,
    society,
    source_key,
    story,
    tracks,
)
from shared.contracts.attachment import files_of
from shared.contracts.event import Event, EventRef
from shared.contracts.identity import (
    aggregate_id,
    beat_id,
    checking_id,
    confirmer_id,
    event_id,
    tracks_id,
)
from shared.contracts.proof import digest_of
from shared.contracts.reckoning import DayOff, Reckoning
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.event_store import NewEvent, RecordedEvent

ROXBURY, DORCHESTER = "us.ma.boston.roxbury", "us.ma.boston.dorchester"
STREET_LIGHTS, GRAFFITI = "street-lights", "graffiti"

DIGESTS = Digests(b"a key for tests")

MONDAY = datetime(2030, 1, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RECORDED_FROM = MONDAY + 30 * DAY


def report_id(number: int) -> str:
    """Of the report that boston calls by this number."""
    return aggregate_id("report", "boston", str(number))


REPORT_ID = report_id(101)
CHECK_ID = aggregate_id("check", "boston", "101")
MEMBER_ID = aggregate_id("member", "boston", "ada")
LOGIN_ID, OPERATOR_ID, SECOND_ID = "a" * 32, "b" * 32, "c" * 32
EDITOR_ID = "e" * 32

_REPORT: dict[str, Any] = {
    "report_id": REPORT_ID,
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "confidential": False,
}
_CHECK: dict[str, Any] = {
    "check_id": CHECK_ID,
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "owner": "Public Works",
    "due_at": MONDAY + 7 * DAY,
    "confidential": False,
}
_TOLD: dict[str, Any] = _CHECK | {"passed": True}
_CREDIT: dict[str, Any] = {
    "member_id": MEMBER_ID,
    "place": ROXBURY,
    "report_id": REPORT_ID,
    "sector": STREET_LIGHTS,
    "on": date(2030, 1, 8),
    "confidential": False,
    "protected": False,
}
_ACT: dict[str, Any] = {"act_id": "d" * 32, "kind": "close-login", "about": LOGIN_ID}
_FIGURES: dict[str, Any] = {
    "track": "correspondent",
    "rule_version": 1,
    "on": date(2030, 1, 8),
    "confirmed": 1,
    "sectors": 1,
    "days": 1,
    "refuted_share": 0.5,
}
_PUBLIC_REPORT: dict[str, Any] = {
    "report": "0" * 31 + "1",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "on": date(2030, 1, 7),
}
_PUBLIC_CHECK: dict[str, Any] = {
    "check": "0" * 31 + "2",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "owner": "Public Works",
    "due_on": date(2030, 1, 14),
}
_WITHDRAWN: dict[str, Any] = {
    "role": "editor",
    "reason": "It named somebody",
    "withdrawn_at": MONDAY + 10 * DAY,
}

REPORT_CONFIRMED_AT = EventRef(id=event_id(REPORT_ID, "example", 0), stream="INTAKE", sequence=2)

REPORT_FILED = report.ReportFiled(
    **_REPORT,
    protected=False,
    source="boston",
    source_id="101",
    correspondent=MEMBER_ID,
    text="The lamp before number 12 is out.",
    filed_at=MONDAY,
)
REPORT_CONFIRMED = report.ReportConfirmed(
    **_REPORT,
    protected=False,
    correspondent=MEMBER_ID,
    confirmed_at=MONDAY + DAY,
    reason="Case resolved",
)
REPORT_REFUTED = report.ReportRefuted(
    **_REPORT,
    protected=False,
    correspondent=MEMBER_ID,
    refuted_at=MONDAY + DAY,
    reason="Case invalid",
)
ORIGINAL_ID = aggregate_id("report", "boston", "100")
DUPLICATE_CLAIMED = report.DuplicateClaimed(
    **_REPORT, duplicate_of=ORIGINAL_ID, claimed_at=MONDAY + DAY, reason="It is the same lamp"
)
DUPLICATE_PARTED = report.DuplicateParted(
    **_REPORT, duplicate_of=ORIGINAL_ID, parted_at=MONDAY + 2 * DAY, reason="It is another lamp"
)
REPORT_MARKED_DUPLICATE = report.ReportMarkedDuplicate(
    **_REPORT, duplicate_of=ORIGINAL_ID, marked_at=MONDAY + DAY, head=ORIGINAL_ID, as_of=7
)
DUPLICATE_REFUSED = report.DuplicateRefused(
    **_REPORT, duplicate_of=ORIGINAL_ID, claimed_at=MONDAY + DAY, reason="It closes a ring."
)
ORIGINAL_FOUND = report.OriginalFound(**_REPORT)
ORIGINAL_AWAITED = report.OriginalAwaited(report_id=REPORT_ID, place=ROXBURY)
REPORT_ANSWERED = report.ReportAnswered(
    **_REPORT, answer="A crew is on its way.", answered_at=MONDAY + DAY
)
REPORT_CLOSED = report.ReportClosed(**_REPORT, closed_at=MONDAY + DAY, reason="Out of reach")
WITNESS_ID = aggregate_id("member", "boston", "ben")
REPORT_CORROBORATED = report.ReportCorroborated(
    **_REPORT, protected=False, by=WITNESS_ID, known=True, source="boston", seen_at=MONDAY + DAY
)
REPORT_HALF_FIXED = report.ReportHalfFixed(
    **_REPORT, protected=False, half_fixed_at=MONDAY + DAY, reason="One of two lamps is lit"
)
REPORT_REOPENED = report.ReportReopened(
    **_REPORT,
    protected=False,
    correspondent=MEMBER_ID,
    reopened_at=MONDAY + 2 * DAY,
    reason="It is out again",
)
FILE_ATTACHED = report.FileAttached(
    **_REPORT,
    protected=False,
    files=files_of(REPORT_ID),
    digest="5" * 32,
    media_type="image/jpeg",
    size=131072,
    attached_at=MONDAY,
)
FILE_PASSED = report.FilePassed(
    **_REPORT,
    protected=False,
    digest="5" * 32,
    picture="7" * 32,
    role="editor",
    reason="It shows the lamp and nobody",
    passed_at=MONDAY + DAY,
)
FILE_TAKEN_BACK = report.FileTakenBack(
    **_REPORT,
    protected=False,
    digest="5" * 32,
    picture="7" * 32,
    reason="A face is seen in a window",
    taken_back_at=MONDAY + 2 * DAY,
)
REPORT_UNSEALED = report.ReportUnsealed(
    **_REPORT, role="inspector", reason="The place is to be found", unsealed_at=MONDAY + DAY
)
REPORT_ERASED = report.ReportErased(
    **_REPORT, reason="Asked for by who filed it", erased_at=MONDAY + DAY
)
ERASURE_ANNOUNCED = report.ErasureAnnounced(
    **_REPORT, erase_at=MONDAY + 8 * DAY, announced_at=MONDAY + DAY
)
PERSON_ERASED = person.PersonErased(person_id=MEMBER_ID, reason="Asked for", erased_at=MONDAY + DAY)
PERSON_ERASURE_ANNOUNCED = person.PersonErasureAnnounced(
    person_id=MEMBER_ID, erase_at=MONDAY + 8 * DAY, announced_at=MONDAY + DAY
)

BEAT_ID = beat_id(MEMBER_ID, ROXBURY, STREET_LIGHTS)
_BEAT: dict[str, Any] = {
    "beat_id": BEAT_ID,
    "correspondent": MEMBER_ID,
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
}
_CHARGE: dict[str, Any] = {"source": "boston", "zone": "UTC", "rhythm_days": 14}
BEAT_ACCREDITED = beat.BeatAccredited(**_BEAT, **_CHARGE, since=date(2030, 1, 7))
BEAT_RESTED = beat.BeatRested(**_BEAT, from_day=date(2030, 1, 10), until_day=date(2030, 1, 12))
BEAT_RESUMED = beat.BeatResumed(**_BEAT, resumed_on=date(2030, 1, 11))
BEAT_HANDED_OVER = beat.BeatHandedOver(
    **_BEAT,
    **_CHARGE,
    successor=aggregate_id("member", "boston", "ben"),
    handed_over_on=date(2030, 1, 11),
)
BEAT_ENDED = beat.BeatEnded(**_BEAT, ended_on=date(2030, 1, 11))
BEAT_FELL_SILENT = beat.BeatFellSilent(
    **_BEAT, heard_on=date(2030, 1, 7), ran_out_on=date(2030, 1, 21)
)
BEAT_HEARD_AGAIN = beat.BeatHeardAgain(**_BEAT, heard_on=date(2030, 1, 25), in_time=False)

CHAIN = duplicates.Chain(duplicate=aggregate_id("report", "boston", "102"), claim=5, newest=True)
_LINK: dict[str, Any] = {"report_id": REPORT_ID, "place": ROXBURY}
_SAID: dict[str, Any] = _LINK | {"original": ORIGINAL_ID, "claimed_at": MONDAY + DAY}
ORIGINAL_SOUGHT = duplicates.OriginalSought(**_SAID, claim=5)
CHAINS_LED_ON = duplicates.ChainsLedOn(**_LINK, original=ORIGINAL_ID, chains=(CHAIN,))
HEAD_AWAITED = duplicates.HeadAwaited(**_LINK, chain=CHAIN)
HEAD_NAMED = duplicates.HeadNamed(**_LINK, chains=(CHAIN,))
HEAD_FOUND = duplicates.HeadFound(**_SAID, head=ORIGINAL_ID, as_of=7)
CHAIN_PARTED = duplicates.ChainParted(**_LINK, claim=9, chains=(CHAIN,))
RING_FOUND = duplicates.RingFound(**_SAID)
CHAINS_REFUSED = duplicates.ChainsRefused(**_LINK, chains=(CHAIN,), reason="It is too long.")
CLAIM_REFUSED = duplicates.ClaimRefused(**_SAID, reason="Its chain is too long.")

RECKONING = Reckoning(
    rule="lamps",
    rule_version=2,
    almanac="boston",
    almanac_version="5d41402abc4b",
    zone="America/New_York",
    counted="working",
    days=4,
    from_day=date(2030, 1, 7),
    due_day=date(2030, 1, 14),
    weekend=(5, 6),
    off=(DayOff(day=date(2030, 1, 10), why="A day of ours"),),
)
CHECK_OPENED = check.CheckOpened(
    **_TOLD,
    source="boston",
    source_id="101",
    report_id=REPORT_ID,
    task="Mend the lamp",
    opened_at=MONDAY,
    reckoning=RECKONING,
)
DONE_IN_TIME = check.DoneClaimed(**_TOLD, done_at=MONDAY + 6 * DAY, late=False)
DONE_LATE = check.DoneClaimed(**_TOLD, done_at=MONDAY + 9 * DAY, late=True)
CHECK_OVERDUE = check.CheckOverdue(**_TOLD, task="Mend the lamp")
OVERDUE_WITHDRAWN = check.OverdueWithdrawn(**_TOLD, done_at=MONDAY + 6 * DAY)

REPORT_CREDITED = member.ReportCredited(
    **_CREDIT, earned_by=REPORT_CONFIRMED_AT, confirmer=confirmer_id("source:sender:boston")
)
REFUTATION_NOTED = member.RefutationNoted(**_CREDIT, noted_from=REPORT_CONFIRMED_AT)
OUTCOME_TAKEN_BACK = member.OutcomeTakenBack(
    **_CREDIT,
    outcome="confirmed",
    confirmer=REPORT_CREDITED.confirmer,
    taken_back_for=REPORT_CONFIRMED_AT,
    taken_back_on=MONDAY.date() + 9 * DAY,
)
MEMBER_QUALIFIED = member.MemberQualified(
    member_id=MEMBER_ID,
    place=ROXBURY,
    confidential=False,
    protected=False,
    **_FIGURES,
    digest=digest_of([REPORT_CONFIRMED_AT.id]),
)

FINDING_CREDITED = member.FindingCredited(
    member_id=MEMBER_ID,
    checking_id="6" * 32,
    place=ROXBURY,
    sector=REPORT_CREDITED.sector,
    confidential=False,
    protected=False,
    on=MONDAY.date(),
    earned_by=REPORT_CONFIRMED_AT,
)
_HELD: dict[str, Any] = {
    "member_id": MEMBER_ID,
    "place": ROXBURY,
    "confidential": False,
    "protected": False,
    "track": MEMBER_QUALIFIED.track,
    "rule_version": MEMBER_QUALIFIED.rule_version,
}
_LACKS = (member.Lack(what="confirmed", wanted=12_000_000, has=10_000_000),)
_ENDED = _HELD | {"lacks": _LACKS, "holds": 0, "digest": MEMBER_QUALIFIED.digest}
QUALIFICATION_WAVERED = member.QualificationWavered(
    **_HELD, on=MONDAY.date(), lacks=_LACKS, lapses_on=MONDAY.date() + 30 * DAY
)
QUALIFICATION_STEADIED = member.QualificationSteadied(**_HELD, on=MONDAY.date() + 9 * DAY)
QUALIFICATION_LAPSED = member.QualificationLapsed(
    **_ENDED, on=QUALIFICATION_WAVERED.lapses_on, since=QUALIFICATION_WAVERED.on
)
QUALIFICATION_REVOKED = member.QualificationRevoked(
    **_ENDED, on=MONDAY.date(), taken_back_for=REPORT_CONFIRMED_AT
)

LOGIN_OPENED = login.LoginOpened(login_id=LOGIN_ID, holder="staff")
SECRET_REPLACED = login.SecretReplaced(login_id=LOGIN_ID, what="passphrase", at=MONDAY)
SECRET_REMOVED = login.SecretRemoved(login_id=LOGIN_ID, what="passkey", at=MONDAY)
SIGNED_OUT = login.SignedOut(login_id=LOGIN_ID, begun=MONDAY)
SIGNED_OUT_EVERYWHERE = login.SignedOutEverywhere(login_id=LOGIN_ID, until=MONDAY)
LOGIN_CLOSED = login.LoginClosed(login_id=LOGIN_ID)

ACT_PROPOSED = act.ActProposed(
    **_ACT, reason="The key was lost", by=OPERATOR_ID, at=MONDAY, second_person=True
)
ACT_SUPPORTED = act.ActSupported(**_ACT, by=OPERATOR_ID, at=MONDAY)
ACT_ALLOWED = act.ActAllowed(**_ACT, by=SECOND_ID, at=MONDAY)
ACT_DECLINED = act.ActDeclined(**_ACT, reason="It was found again", by=SECOND_ID)

_OPENING: dict[str, Any] = {"opening_id": "d" * 32, "report_id": REPORT_ID}
_INSPECTOR: dict[str, Any] = _OPENING | {"role": "inspector", "by": OPERATOR_ID}
_EDITOR: dict[str, Any] = _OPENING | {"role": "editor", "by": SECOND_ID}
OPENING_ASKED = opening.OpeningAsked(
    **_INSPECTOR, reason="The place is to be found", asked_at=MONDAY, second_person=True
)
OPENING_ALLOWED = opening.OpeningAllowed(**_EDITOR, allowed_at=MONDAY + DAY)
OPENING_DECLINED = opening.OpeningDeclined(
    **_EDITOR, reason="It can be found without", declined_at=MONDAY + DAY
)
OPENING_USED = opening.OpeningUsed(**_INSPECTOR, used_at=MONDAY + 2 * DAY)

INQUIRY_MADE = exchange.InquiryMade(
    report_id=REPORT_ID, role="inspector", words="On which floor?", made_at=MONDAY + DAY
)
REPLY_GIVEN = exchange.ReplyGiven(
    report_id=REPORT_ID, words="The third, behind the lift.", given_at=MONDAY + 2 * DAY
)

SESSION_KEY_ANNOUNCED = session_key.SessionKeyAnnounced(key_id="7" * 32, public_key="8" * 64)

_CREDENTIAL: dict[str, Any] = {"member_id": MEMBER_ID, "credential_id": "1234abcd" * 4}
CREDENTIAL_ALLOWED = credential.CredentialAllowed(
    **_CREDENTIAL,
    track="correspondent",
    rule_version=1,
    earned_by=EventRef(id="e" * 32, stream="PROMOTION", sequence=3),
    list_id="c" * 32,
    index=43_981,
    on=MONDAY.date(),
    until=(MONDAY + 365 * DAY).date(),
    qualified_on=MONDAY.date(),
)
CREDENTIAL_WITHDRAWN = credential.CredentialWithdrawn(**_CREDENTIAL, because="member")
CREDENTIALS_CLOSED = credential.CredentialsClosed(
    member_id=MEMBER_ID, because="erased", track=None, before=9
)
CREDENTIAL_ENTERED = credential.CredentialEntered(
    list_id="c" * 32, credential_id="1234abcd" * 4, index=43_981
)
ISSUER_KEY_ANNOUNCED = issuer_key.IssuerKeyAnnounced(key_id="6" * 32, public_key="a" * 64)
ISSUER_KEY_ENDED = issuer_key.IssuerKeyEnded(key_id="6" * 32, reason="It was copied")

TRACKS_ADOPTED = tracks.TracksAdopted(
    tracks_id=tracks_id(),
    at=MONDAY,
    by="Council of Boston",
    reason="Resolution 12",
    takes_back=True,
    tracks=(tracks.TrackAdopted(name="correspondent", rule_version=2, digest="a" * 64),),
    new=("correspondent",),
)

SOURCE_KEY_GIVEN = source_key.SourceKeyGiven(
    key_id="9" * 32,
    source="boston",
    digest="5" * 64,
    kinds=("report.submitted", "report.resolved"),
    hook="kobo",
    each_s=1_000,
    expires_at=MONDAY + 365 * DAY,
)
SOURCE_KEY_REPLACED = source_key.SourceKeyReplaced(key_id="9" * 32, digest="6" * 64)
SOURCE_KEY_REVOKED = source_key.SourceKeyRevoked(key_id="9" * 32)

RELEASE_MADE = release.ReleaseMade(
    release_id="e" * 32,
    on=date(2030, 1, 8),
    intake=7,
    promotion=3,
    smallest=5,
    rule=3,
    anonymous_as_one=10,
)

PUBLIC_REPORT_FILED = public.ReportFiled(**_PUBLIC_REPORT)
PUBLIC_REPORT_CONFIRMED = public.ReportConfirmed(**_PUBLIC_REPORT)
PUBLIC_REPORT_REFUTED = public.ReportRefuted(**_PUBLIC_REPORT)
_PUBLIC_NEWS = _PUBLIC_REPORT | {"on": date(2030, 1, 8)}
PUBLIC_REPORT_CORROBORATED = public.ReportCorroborated(**_PUBLIC_NEWS)
PUBLIC_REPORT_HALF_FIXED = public.ReportHalfFixed(**_PUBLIC_NEWS)
PUBLIC_REPORT_REOPENED = public.ReportReopened(**_PUBLIC_NEWS)
PUBLIC_FILE_PASSED = public.FilePassed(**_PUBLIC_NEWS, picture="7" * 32)
PUBLIC_FILE_TAKEN_BACK = public.FileTakenBack(**_PUBLIC_NEWS, picture="7" * 32)
PUBLIC_CHECK_OPENED = public.CheckOpened(**_PUBLIC_CHECK, reckoning=RECKONING)
PUBLIC_DONE_CLAIMED = public.DoneClaimed(**_PUBLIC_CHECK, done_on=date(2030, 1, 13), late=False)
PUBLIC_CHECK_OVERDUE = public.CheckOverdue(**_PUBLIC_CHECK, task="Mend the lamp")
PUBLIC_OVERDUE_WITHDRAWN = public.OverdueWithdrawn(**_PUBLIC_CHECK, done_on=date(2030, 1, 13))
CHECK_WORDS_PASSED = check.CheckWordsPassed(
    **_CHECK,
    task="Mend the lamp",
    overdue=True,
    role="editor",
    reason="It names an office",
    passed_at=MONDAY + 10 * DAY,
)
CHECK_REPORT_AWAITED = check.CheckReportAwaited(**_CHECK, report_id=REPORT_ID)
CHECK_SHIELDED = check.CheckShielded(
    **_CHECK, source="boston", task="Mend the lamp", shielded_at=MONDAY + DAY
)
SHIELD_LIFTED = check.ShieldLifted(
    **_TOLD,
    lifted=True,
    source="boston",
    task="Mend the lamp",
    role="editor",
    reason="It names nobody",
    lifted_at=MONDAY + 10 * DAY,
)
OVERDUE_TOLD = check.OverdueTold(**_TOLD, lifted=True, task="Mend the lamp")
DONE_TOLD = check.DoneTold(**_TOLD, lifted=True, done_at=MONDAY + 9 * DAY, late=True)
CHECK_HANDED_OVER = handing_over.CheckHandedOver(
    **_TOLD,
    source="boston",
    task="Mend the lamp",
    to="Parks",
    overdue=False,
    reason="The lamp is in a park",
    told=True,
    explained=True,
    handed_over_at=MONDAY + 2 * DAY,
    number=1,
)
FOLLOWER_NOTED = report.FollowerNoted(report_id=REPORT_ID, place=ROXBURY, check_id=CHECK_ID)
FOLLOWERS_FOUND = report.FollowersFound(report_id=REPORT_ID, place=ROXBURY, checks=(CHECK_ID,))
PUBLIC_CHECK_HANDED_OVER = public.CheckHandedOver(
    **_PUBLIC_CHECK,
    to="Parks",
    overdue=False,
    reason="The lamp is in a park",
    on=date(2030, 1, 9),
    number=1,
)
PUBLIC_CHECK_WORDS_PASSED = public.CheckWordsPassed(
    check=_PUBLIC_CHECK["check"],
    place=ROXBURY,
    sector=STREET_LIGHTS,
    owner="Public Works",
    task="Mend the lamp",
)
CHECK_REMINDED = clock.CheckReminded(**_TOLD, reminded_at=MONDAY + 4 * DAY)
CHECK_PAUSED = clock.CheckPaused(
    **_TOLD, paused_at=MONDAY + DAY, reason="The pole is another office's"
)
CHECK_RESUMED = clock.CheckResumed(
    **_TOLD | {"due_at": MONDAY + 9 * DAY},
    old_due_at=MONDAY + 7 * DAY,
    paused_at=MONDAY + DAY,
    resumed_at=MONDAY + 3 * DAY,
    reason="The other office has given it",
)
DUE_DATE_MOVED = clock.DueDateMoved(
    **_TOLD | {"due_at": MONDAY + 9 * DAY},
    old_due_at=MONDAY + 7 * DAY,
    why="more-time",
    reason="The part has to be made",
    role="editor",
    moved_at=MONDAY + 2 * DAY,
)
MORE_TIME_ASKED = clock.MoreTimeAsked(
    **_TOLD, until=MONDAY + 9 * DAY, reason="The part has to be made", asked_at=MONDAY + DAY
)
MORE_TIME_DECLINED = clock.MoreTimeDeclined(
    **_TOLD, role="editor", reason="There is one in store", declined_at=MONDAY + 2 * DAY
)
_PUBLIC_CLOCK: dict[str, Any] = {
    **{name: _PUBLIC_CHECK[name] for name in ("check", "place", "sector", "due_on")},
    "on": date(2030, 1, 8),
    "reason": "The part has to be made",
}
PUBLIC_CHECK_PAUSED = public_clock.CheckPaused(**_PUBLIC_CLOCK)
PUBLIC_CHECK_RESUMED = public_clock.CheckResumed(
    **_PUBLIC_CLOCK, old_due_on=date(2030, 1, 11), paused_on=date(2030, 1, 7), reckoning=RECKONING
)
PUBLIC_DUE_DATE_MOVED = public_clock.DueDateMoved(
    **_PUBLIC_CLOCK, old_due_on=date(2030, 1, 11), why="more-time"
)
PUBLIC_MORE_TIME_ASKED = public_clock.MoreTimeAsked(**_PUBLIC_CLOCK, until_on=date(2030, 1, 16))
PUBLIC_MORE_TIME_DECLINED = public_clock.MoreTimeDeclined(**_PUBLIC_CLOCK)
_PUBLIC_VERDICT: dict[str, Any] = {
    "check": "0" * 31 + "2",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "due_on": date(2030, 1, 14),
    "on": date(2030, 1, 22),
}
PUBLIC_CLAIM_REFUTED = public_checking.ClaimRefuted(
    **_PUBLIC_VERDICT, done_on=date(2030, 1, 12), verdict="not done"
)
PUBLIC_CLAIM_UPHELD = public_checking.ClaimUpheld(
    **_PUBLIC_VERDICT, done_on=date(2030, 1, 12), late=False
)
PUBLIC_CLAIM_UNCHECKED = public_checking.ClaimUnchecked(
    **_PUBLIC_VERDICT, done_on=date(2030, 1, 12)
)
_PUBLIC_PICTURE = {
    "check": "0" * 31 + "2",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "picture": "8" * 32,
    "on": date(2030, 1, 16),
}
PUBLIC_PICTURE_PASSED = public_checking.PicturePassed(**_PUBLIC_PICTURE)
PUBLIC_PICTURE_TAKEN_BACK = public_checking.PictureTakenBack(**_PUBLIC_PICTURE)
PUBLIC_CHECK_HALVED = public_checking.CheckHalved(**_PUBLIC_VERDICT, rest="0" * 31 + "5")
CHECK_WITHDRAWN = check.CheckWithdrawn(**_CHECK, **_WITHDRAWN)
REPORT_WITHDRAWN = report.ReportWithdrawn(**_REPORT, **_WITHDRAWN)
PUBLIC_WITHDRAWN = public.PublicWithdrawn(
    what="check",
    id="0" * 31 + "2",
    place=ROXBURY,
    sector=STREET_LIGHTS,
    reason="It named somebody",
    on=date(2030, 1, 17),
)
PUBLIC_MEMBER_QUALIFIED = public.MemberQualified(member="0" * 31 + "3", place=ROXBURY, **_FIGURES)
_PUBLIC_ENDED: dict[str, Any] = {
    "member": PUBLIC_MEMBER_QUALIFIED.member,
    "place": ROXBURY,
    "track": PUBLIC_MEMBER_QUALIFIED.track,
    "rule_version": PUBLIC_MEMBER_QUALIFIED.rule_version,
    "on": MONDAY.date() + 30 * DAY,
}
PUBLIC_QUALIFICATION_LAPSED = public.QualificationLapsed(**_PUBLIC_ENDED)
PUBLIC_QUALIFICATION_REVOKED = public.QualificationRevoked(**_PUBLIC_ENDED)

CHECKING_ID = checking_id("0" * 32)
_OF_CHECKING = {
    "checking_id": CHECKING_ID,
    "check_id": CHECK_ID,
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
}
_FOUND = _OF_CHECKING | {
    "stage": "first",
    "member_id": MEMBER_ID,
    "verdict": "not done",
    "words": "It is dark there still",
    "seen_at_place": ROXBURY,
    "seen_at": MONDAY + 8 * DAY,
    "rests_on": 1,
    "given_at": MONDAY + 8 * DAY,
}
TERMS = checking.CheckingTerms()
_CLAIM = _CHECK | {
    "source": "boston",
    "source_id": "101",
    "task": "Mend the lamp",
    "report_id": REPORT_ID,
    "claimed_at": MONDAY + 6 * DAY,
    "terms": TERMS,
}
CHECKING_ASKED = checking.CheckingAsked(**_CLAIM)
CHECKING_AWAITED = checking.CheckingAwaited(**_CLAIM)
CHECKING_RELEASED = checking.CheckingReleased(
    **_CHECK, claimed_at=MONDAY + 6 * DAY, released_at=MONDAY + 10 * DAY
)
APPEAL_ASKED = checking.AppealAsked(
    **_CHECK,
    checking_id=CHECKING_ID,
    reason="They looked at another lamp",
    asked_at=MONDAY + 13 * DAY,
)
CLAIM_UPHELD = checking.ClaimUpheld(
    **_CHECK,
    checking_id=CHECKING_ID,
    done_at=MONDAY + 6 * DAY,
    late=False,
    upheld_at=MONDAY + 9 * DAY,
)
CLAIM_REFUTED = checking.ClaimRefuted(
    **_CHECK,
    checking_id=CHECKING_ID,
    done_at=MONDAY + 6 * DAY,
    verdict="not done",
    refuted_at=MONDAY + 9 * DAY,
)
CLAIM_UNCHECKED = checking.ClaimUnchecked(
    **_CHECK, checking_id=CHECKING_ID, done_at=MONDAY + 6 * DAY, unchecked_at=MONDAY + 9 * DAY
)
CHECK_HALVED = checking.CheckHalved(
    **_CHECK,
    checking_id=CHECKING_ID,
    source="boston",
    task="Mend the lamp",
    report_id=None,
    passed=True,
    rest_id="5" * 32,
    rest_source_id="101/rest-00000000",
    rest_due_at=MONDAY + 60 * DAY,
    halved_at=MONDAY + 30 * DAY,
)
CHECKER_QUALIFIED = checking.CheckerQualified(member_id=MEMBER_ID, place=ROXBURY)
CHECKER_UNQUALIFIED = checking.CheckerUnqualified(member_id=MEMBER_ID, place=ROXBURY)
CHECKER_READY = checking.CheckerReady(
    member_id=MEMBER_ID,
    place=ROXBURY,
    ties=("Parks",),
    societies=("Friends of the lamps",),
    ready_at=MONDAY,
)
CHECKER_STEPPED_BACK = checking.CheckerSteppedBack(
    member_id=MEMBER_ID, place=ROXBURY, stepped_back_at=MONDAY + DAY
)
CHECKING_OPENED = checking.CheckingOpened(
    **_OF_CHECKING,
    source="boston",
    source_id="101",
    owner="Public Works",
    task="Mend the lamp",
    report_id=REPORT_ID,
    due_at=CHECK_OPENED.due_at,
    claimed_at=MONDAY + 6 * DAY,
    claim_id="0" * 32,
    claimed_in=1_000,
    terms=TERMS,
    opened_at=MONDAY + 6 * DAY,
    wake_at=MONDAY + 6 * DAY,
)
CHECKING_BEGUN = checking.CheckingBegun(**_OF_CHECKING, begun_at=MONDAY + 10 * DAY)
CHECKERS_DRAWN = checking.CheckersDrawn(
    **_OF_CHECKING,
    stage="first",
    seed="0" * 64,
    digest=sha256(MEMBER_ID.encode()).hexdigest(),
    candidates=(MEMBER_ID,),
    drawn_at_place=ROXBURY,
    widened=0,
    as_of=1_001,
    drawn=(MEMBER_ID,),
    passed_over=(),
    missing=1,
    answer_by=MONDAY + 9 * DAY,
    drawn_at=MONDAY + 6 * DAY,
    wake_at=MONDAY + 9 * DAY,
)
CHECKER_ACCEPTED = checking.CheckerAccepted(
    **_OF_CHECKING,
    member_id=MEMBER_ID,
    find_by=MONDAY + 14 * DAY,
    accepted_at=MONDAY + 7 * DAY,
    wake_at=MONDAY + 14 * DAY,
)
CHECKER_DECLINED = checking.CheckerDeclined(
    **_OF_CHECKING, member_id=MEMBER_ID, declined_at=MONDAY + 7 * DAY
)
CHECKER_LAPSED = checking.CheckerLapsed(
    **_OF_CHECKING, member_id=MEMBER_ID, lapse="no answer", lapsed_at=MONDAY + 9 * DAY
)
FINDING_GIVEN = checking.FindingGiven(**_FOUND)
FINDING_CONFLICTED = checking.FindingConflicted(**_FOUND, stands_at=2)
FINDING_PICTURED = checking.FindingPictured(
    **_OF_CHECKING,
    member_id=MEMBER_ID,
    files=files_of(MEMBER_ID),
    digest="7" * 32,
    media_type="image/jpeg",
    size=65_536,
    pictured_at=MONDAY + 8 * DAY,
)
PICTURE_PASSED = finding_shown.PicturePassed(
    **_CHECK,
    checking_id=CHECKING_ID,
    member_id=MEMBER_ID,
    digest="7" * 32,
    picture="8" * 32,
    role="editor",
    reason="It shows the lamp and nobody",
    passed_at=MONDAY + 9 * DAY,
)
PICTURE_TAKEN_BACK = finding_shown.PictureTakenBack(
    **_CHECK,
    checking_id=CHECKING_ID,
    digest="7" * 32,
    picture="8" * 32,
    reason="A face is seen in a window",
    taken_back_at=MONDAY + 10 * DAY,
)
FINDING_POINTED = checking.FindingPointed(
    **_OF_CHECKING, member_id=MEMBER_ID, point="42.325,-71.095", pointed_at=MONDAY + 8 * DAY
)
CHECK_DISPUTED = checking.CheckDisputed(**_OF_CHECKING, stage="first", disputed_at=MONDAY + 8 * DAY)
VERDICT_REACHED = checking.VerdictReached(
    **_OF_CHECKING,
    stage="first",
    verdict="not done",
    undecided=False,
    agreed=(MEMBER_ID,),
    done_at=MONDAY + 6 * DAY,
    reached_at=MONDAY + 9 * DAY,
)
APPEAL_MADE = checking.AppealMade(
    **_OF_CHECKING, appellant="owner", reason="They looked elsewhere", appealed_at=MONDAY + 10 * DAY
)
CHECKING_CLOSED = checking.CheckingClosed(
    **_OF_CHECKING,
    verdict="half done",
    undecided=False,
    source="boston",
    owner="Public Works",
    task="Mend the lamp",
    rest_id="5" * 32,
    rest_source_id="101/rest-00000000",
    rest_due_at=MONDAY + 60 * DAY,
    closed_at=MONDAY + 30 * DAY,
)
CHECKER_CREDITED = checking.CheckerCredited(
    **_OF_CHECKING, member_id=MEMBER_ID, credited_at=MONDAY + 30 * DAY
)


SOCIETY_ID, FOUNDER_ID = aggregate_id("society", LOGIN_ID, "1"), LOGIN_ID
WORDS_ID, OTHER_WORDS_ID = "4" * 32, "5" * 32
_SOCIETY: dict[str, Any] = {"society_id": SOCIETY_ID, "place": "us.ma.boston", "at": MONDAY}
SOCIETY_FOUNDED = society.SocietyFounded(
    **_SOCIETY,
    founder=FOUNDER_ID,
    words=WORDS_ID,
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
)
SOCIETY_REWORDED = society.SocietyReworded(**_SOCIETY, by=FOUNDER_ID, words=OTHER_WORDS_ID)
SOCIETY_JOINED = society.SocietyJoined(**_SOCIETY, member_id=SECOND_ID)
SOCIETY_LEFT = society.SocietyLeft(**_SOCIETY, member_id=FOUNDER_ID)
MEMBER_FORGOTTEN = society.MemberForgotten(**_SOCIETY, member_id=FOUNDER_ID)
LEADER_FOLLOWED = society.LeaderFollowed(**_SOCIETY, member_id=SECOND_ID, before=FOUNDER_ID)
OFFICE_GIVEN = society.OfficeGiven(**_SOCIETY, member_id=SECOND_ID, office="deputy", by=FOUNDER_ID)
OFFICE_TAKEN = society.OfficeTaken(**_SOCIETY, member_id=SECOND_ID, office="deputy", by=FOUNDER_ID)
SUCCESSION_RULED = society.SuccessionRuled(**_SOCIETY, rule="deputy", by=FOUNDER_ID)
ACTIVITY_HELD = society.ActivityHeld(
    **_SOCIETY | {"place": ROXBURY},
    activity_id="6" * 32,
    by=FOUNDER_ID,
    words="7" * 32,
    on=date(2030, 1, 6),
    came=12,
)
SOCIETY_COUNTED = society.SocietyCounted(**_SOCIETY, at_least=10)
MEMBERS_ASKED = society.MembersAsked(
    **_SOCIETY | {"at": MONDAY + 180 * DAY}, heard_at=MONDAY, dormant_at=MONDAY + 210 * DAY
)
MEMBER_ANSWERED = society.MemberAnswered(
    **_SOCIETY | {"at": MONDAY + 190 * DAY}, member_id=FOUNDER_ID
)
SOCIETY_FELL_DORMANT = society.SocietyFellDormant(
    **_SOCIETY | {"at": MONDAY + 210 * DAY}, heard_at=MONDAY
)
SOCIETY_REVIVED = society.SocietyRevived(
    **_SOCIETY | {"at": MONDAY + 300 * DAY}, member_id=FOUNDER_ID
)
SOCIETY_SUSPENDED = society.SocietySuspended(
    **_SOCIETY, by=OPERATOR_ID, reason="It calls for violence"
)
SUSPENSION_APPEALED = society.SuspensionAppealed(**_SOCIETY, by=FOUNDER_ID, words="8" * 32)
APPEAL_DECLINED = society.AppealDeclined(**_SOCIETY, by=EDITOR_ID, reason="It still does")
SOCIETY_REINSTATED = society.SocietyReinstated(**_SOCIETY, by=EDITOR_ID, reason="It was a song")
SOCIETY_DISSOLVED = society.SocietyDissolved(**_SOCIETY, by=FOUNDER_ID)

POST_ID = aggregate_id("post", OPERATOR_ID, "1")
_POST: dict[str, Any] = {"post_id": POST_ID, "place": "us.ma.boston", "at": MONDAY}
_RANKED: dict[str, Any] = {"fits": 4, "here": 8, "elsewhere": 4, "confirmers": 2, "sectors": 3}
_OF_ADA: dict[str, Any] = _POST | {"member_id": MEMBER_ID}
POST_OPENED = post.PostOpened(
    **_POST,
    title="Inspector of street lights",
    sector=STREET_LIGHTS,
    seats=2,
    tracks=("verifier",),
    shown=3,
    call_days=14,
    answer_days=7,
    probation_days=90,
    term_days=730,
    recall_by=10,
    rotates=True,
    by=OPERATOR_ID,
    wake_at=MONDAY + 14 * DAY,
)
CANDIDATE_NAMED = post.CandidateNamed(**_OF_ADA, by="nomination", nominated_by=WITNESS_ID)
CANDIDATE_STOOD_BACK = post.CandidateStoodBack(**_OF_ADA)
CANDIDATES_RANKED = post.CandidatesRanked(
    **_POST,
    number=1,
    candidates=2,
    digest="1" * 64,
    seed="2" * 64,
    as_of=7,
    ranking=(
        post.Ranked(member_id=MEMBER_ID, by="nomination", **_RANKED),
        post.Ranked(member_id=WITNESS_ID, by="rule", **_RANKED | {"fits": 2}),
    ),
)
CHOICE_PROPOSED = post.ChoiceProposed(**_OF_ADA, rank=1, reason="", by=OPERATOR_ID)
CHOICE_REFUSED = post.ChoiceRefused(**_OF_ADA, reason="They are in office", by=SECOND_ID)
NOBODY_CHOSEN = post.NobodyChosen(**_POST, reason="None knows the wires", by=OPERATOR_ID)
PLACE_OFFERED = post.PlaceOffered(
    **_OF_ADA, rank=1, reason="", until=MONDAY + 7 * DAY, by=SECOND_ID
)
OFFER_DECLINED = post.OfferDeclined(**_OF_ADA)
OFFER_LAPSED = post.OfferLapsed(**_OF_ADA)
MEMBER_PLACED = post.MemberPlaced(
    **_OF_ADA,
    seat=1,
    rank=1,
    on=date(2030, 1, 7),
    probation_until=MONDAY + 90 * DAY,
    ends_at=MONDAY + 730 * DAY,
    told=False,
)
PROBATION_PASSED = post.ProbationPassed(**_OF_ADA)
RECALL_SUPPORTED = post.RecallSupported(**_OF_ADA, by=WITNESS_ID)
RECALL_WITHDRAWN = post.RecallWithdrawn(**_OF_ADA, by=WITNESS_ID)
PLACEMENT_ENDED = post.PlacementEnded(**_OF_ADA, because="body", reason="The lamps stay dark")
POST_CLOSED = post.PostClosed(**_POST, reason="The lamps were sold", by=OPERATOR_ID)

REGISTRATION_ID = aggregate_id("registration", "rna", "W751000001")
REGISTRATION_STATED = registration.RegistrationStated(
    registration_id=REGISTRATION_ID,
    place="us.ma.boston",
    source="rna",
    number="W751000001",
    name="Friends of the lamps",
    cause="That no street is dark",
    tags=("light",),
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
    stated_at=MONDAY,
    founded_on=date(1898, 5, 1),
    federations=("a" * 32,),
)
SOCIETY_REGISTERED = society.SocietyRegistered(
    **_SOCIETY | {"society_id": REGISTRATION_ID},
    registry="rna",
    number="W751000001",
    words="8" * 32,
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
    founded_on=date(1898, 5, 1),
    federations=("a" * 32,),
)

FEDERATION_ID = "a" * 32
_OF_FEDERATION: dict[str, Any] = _SOCIETY | {"federation_id": FEDERATION_ID, "by": FOUNDER_ID}
FEDERATION_ASKED = society.FederationAsked(**_OF_FEDERATION)
FEDERATION_JOINED = society.FederationJoined(**_OF_FEDERATION | {"by": EDITOR_ID})
FEDERATION_LEFT = society.FederationLeft(**_OF_FEDERATION)

_PUBLIC_SOCIETY: dict[str, Any] = {
    "society": "9" * 32,
    "place": "us.ma.boston",
    "on": date(2030, 1, 7),
}
PUBLIC_SOCIETY_FOUNDED = public_society.SocietyFounded(
    **_PUBLIC_SOCIETY,
    page=SOCIETY_ID,
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
)
PUBLIC_SOCIETY_COUNTED = public_society.SocietyCounted(**_PUBLIC_SOCIETY, at_least=10)
PUBLIC_ACTIVITY_HELD = public_society.ActivityHeld(
    **_PUBLIC_SOCIETY | {"place": ROXBURY, "on": date(2030, 1, 6)}, came=12
)
PUBLIC_SOCIETY_FELL_DORMANT = public_society.SocietyFellDormant(**_PUBLIC_SOCIETY)
PUBLIC_SOCIETY_REVIVED = public_society.SocietyRevived(**_PUBLIC_SOCIETY)
PUBLIC_SOCIETY_SUSPENDED = public_society.SocietySuspended(
    **_PUBLIC_SOCIETY, reason="It calls for violence"
)
PUBLIC_SOCIETY_REINSTATED = public_society.SocietyReinstated(
    **_PUBLIC_SOCIETY, reason="It was a song"
)
PUBLIC_SOCIETY_REGISTERED = public_society.SocietyRegistered(
    **_PUBLIC_SOCIETY,
    page=REGISTRATION_ID,
    registry="rna",
    places=(ROXBURY, DORCHESTER),
    sectors=(STREET_LIGHTS,),
)
PUBLIC_SOCIETY_DISSOLVED = public_society.SocietyDissolved(**_PUBLIC_SOCIETY)

PETITION_ID = aggregate_id("petition", LOGIN_ID, "1")
_PETITION: dict[str, Any] = {"petition_id": PETITION_ID, "place": ROXBURY, "at": MONDAY}
HOME_SAID = home.HomeSaid(login_id=LOGIN_ID, place=ROXBURY, at=MONDAY)
PETITION_STARTED = petition.PetitionStarted(
    **_PETITION,
    by=LOGIN_ID,
    society=SOCIETY_ID,
    words=WORDS_ID,
    sector=STREET_LIGHTS,
    needs=12,
    until=MONDAY + 60 * DAY,
    known_since=MONDAY - 30 * DAY,
    owner="Public Works",
    task="Answer a petition",
    answer_days=30,
    rule_version=1,
)
PETITION_SIGNED = petition.PetitionSigned(**_PETITION, member_id=SECOND_ID)
SIGNATURE_WITHDRAWN = petition.SignatureWithdrawn(**_PETITION, member_id=SECOND_ID)
PETITION_COUNTED = petition.PetitionCounted(**_PETITION, at_least=10)
PETITION_REACHED = petition.PetitionReached(
    **_PETITION,
    sector=STREET_LIGHTS,
    owner="Public Works",
    task="Answer a petition",
    answer_days=30,
)
ANSWER_OWED = petition.AnswerOwed(**_PETITION, due_at=MONDAY + 30 * DAY)
PETITION_ANSWERED = petition.PetitionAnswered(**_PETITION, by=EDITOR_ID, words=OTHER_WORDS_ID)
PETITION_LAPSED = petition.PetitionLapsed(**_PETITION | {"at": MONDAY + 61 * DAY})
PETITION_HIDDEN = petition.PetitionHidden(**_PETITION, by=EDITOR_ID, reason="It insults somebody")
STARTER_FORGOTTEN = petition.StarterForgotten(**_PETITION, member_id=LOGIN_ID)

_PUBLIC_PETITION: dict[str, Any] = {
    "petition": "a" * 32,
    "place": ROXBURY,
    "on": date(2030, 1, 7),
}
PUBLIC_PETITION_STARTED = public_petition.PetitionStarted(
    **_PUBLIC_PETITION,
    page=PETITION_ID,
    society="9" * 32,
    sector=STREET_LIGHTS,
    needs=12,
    until=date(2030, 3, 8),
)
PUBLIC_PETITION_COUNTED = public_petition.PetitionCounted(**_PUBLIC_PETITION, at_least=10)
PUBLIC_PETITION_REACHED = public_petition.PetitionReached(
    **_PUBLIC_PETITION, check="b" * 32, sector=STREET_LIGHTS, owner="Public Works"
)
PUBLIC_ANSWER_OWED = public_petition.AnswerOwed(**_PUBLIC_PETITION, due_on=date(2030, 2, 6))
PUBLIC_PETITION_ANSWERED = public_petition.PetitionAnswered(**_PUBLIC_PETITION)
PUBLIC_PETITION_LAPSED = public_petition.PetitionLapsed(**_PUBLIC_PETITION)
PUBLIC_PETITION_HIDDEN = public_petition.PetitionHidden(
    **_PUBLIC_PETITION, reason="It insults somebody"
)

STORY_ID = "5a" * 16
CITED = story.Cited(
    kind="report",
    id="0" * 31 + "1",
    event="e" * 32,
    sequence=7,
    on=date(2030, 1, 8),
)
_STORY: dict[str, Any] = {"story_id": STORY_ID, "place": ROXBURY, "at": MONDAY + 10 * DAY}
_TEXT: dict[str, Any] = {
    "number": 1,
    "words": "6b" * 16,
    "digest": "7" * 64,
    "tongue": "en",
    "size": 120,
    "sectors": (STREET_LIGHTS,),
    "sources": (CITED,),
}
STORY_PROPOSED = story.StoryProposed(
    **_STORY, by=OPERATOR_ID, sectors=(STREET_LIGHTS,), sources=(CITED,)
)
STORY_DRAFTED = story.StoryDrafted(**_STORY, **_TEXT, by=OPERATOR_ID)
STORY_REVIEWED = story.StoryReviewed(**_STORY, number=1, by=SECOND_ID)
STORY_RETURNED = story.StoryReturned(
    **_STORY, number=1, by=SECOND_ID, reason="It says too little of why"
)
STORY_EMBARGOED = story.StoryEmbargoed(**_STORY, number=1, by=SECOND_ID, until=MONDAY + 12 * DAY)
STORY_HELD = story.StoryHeld(
    **_STORY, by=SECOND_ID, reason="Who reported it moves first", ask_at=MONDAY + 13 * DAY
)
SAFETY_ASKED = story.SafetyAsked(**_STORY)
STORY_FOUND_SAFE = story.StoryFoundSafe(**_STORY, by=SECOND_ID)
STORY_PUBLISHED = story.StoryPublished(**_STORY, **_TEXT, by=SECOND_ID)
STORY_CORRECTED = story.StoryCorrected(
    **_STORY,
    **_TEXT | {"number": 2, "words": "8c" * 16},
    by=SECOND_ID,
    why="The lamp is in another street",
)
STORY_WITHDRAWN = story.StoryWithdrawn(
    **_STORY, by=SECOND_ID, reason="It named somebody", published=True
)
_PUBLIC_STORY: dict[str, Any] = {
    "story": "0" * 31 + "9",
    "place": ROXBURY,
    "on": date(2030, 1, 17),
}
PUBLIC_STORY_PUBLISHED = public_story.StoryPublished(**_PUBLIC_STORY, **_TEXT)
PUBLIC_STORY_CORRECTED = public_story.StoryCorrected(
    **_PUBLIC_STORY, **_TEXT | {"number": 2, "words": "8c" * 16}, why=STORY_CORRECTED.why
)
PUBLIC_STORY_WITHDRAWN = public_story.StoryWithdrawn(**_PUBLIC_STORY, reason="It named somebody")

BULLETIN_ID = "6a" * 16
_BULLETIN: dict[str, Any] = {
    "bulletin_id": BULLETIN_ID,
    "place": "us.ma.boston",
    "number": 1,
    "at": MONDAY + 11 * DAY,
}
ITEM = bulletin.Item(
    kind="story",
    id="0" * 31 + "9",
    sequence=9,
    on=date(2030, 1, 17),
    place=ROXBURY,
    region=ROXBURY,
    sector=STREET_LIGHTS,
    news="story",
    words="6b" * 16,
    digest="7" * 64,
    size=120,
    value=65,
    freshness=26,
    corroboration=5,
    local=25,
    crowd=0,
    chosen="floor",
)
CENTRE = "us.ma.boston.downtown"
ISSUE_TERMS = bulletin.IssueTerms(
    version=1, within="us.ma.boston", centre=(CENTRE,), share=60, floor=1, leads=3
)
_CONTENTS: dict[str, Any] = {
    "edition": 1,
    "first": date(2030, 1, 12),
    "last": date(2030, 1, 18),
    "terms": ISSUE_TERMS,
    "items": (ITEM,),
    "heard": (
        bulletin.HeardFrom(region=CENTRE, reports=40),
        bulletin.HeardFrom(region=ROXBURY, reports=7),
    ),
}
BULLETIN_CALLED = bulletin.BulletinCalled(**_BULLETIN, last=date(2030, 1, 18))
BULLETIN_COMPOSED = bulletin.BulletinComposed(**_BULLETIN, **_CONTENTS, by=OPERATOR_ID)
BULLETIN_REVIEWED = bulletin.BulletinReviewed(**_BULLETIN, edition=1, by=SECOND_ID)
BULLETIN_ISSUED = bulletin.BulletinIssued(**_BULLETIN, **_CONTENTS, by=SECOND_ID, reason=None)
BULLETIN_CORRECTED = bulletin.BulletinCorrected(
    **_BULLETIN,
    **_CONTENTS | {"edition": 2},
    by=SECOND_ID,
    why="One of its stories was told twice",
    reason=None,
)
BULLETIN_WITHDRAWN = bulletin.BulletinWithdrawn(
    **_BULLETIN, by=SECOND_ID, reason="It was of another week", issued=True
)
_PUBLIC_BULLETIN: dict[str, Any] = {
    "bulletin": "0" * 30 + "1a",
    "place": "us.ma.boston",
    "number": 1,
    "on": date(2030, 1, 18),
}
PUBLIC_BULLETIN_ISSUED = public_bulletin.BulletinIssued(
    **_PUBLIC_BULLETIN, **_CONTENTS, reason=None
)
PUBLIC_BULLETIN_CORRECTED = public_bulletin.BulletinCorrected(
    **_PUBLIC_BULLETIN,
    **_CONTENTS | {"edition": 2},
    reason=None,
    why=BULLETIN_CORRECTED.why,
)
PUBLIC_BULLETIN_WITHDRAWN = public_bulletin.BulletinWithdrawn(
    **_PUBLIC_BULLETIN, reason=BULLETIN_WITHDRAWN.reason
)

QUESTION_ID = aggregate_id("question", LOGIN_ID, "1")
_QUESTION: dict[str, Any] = {"question_id": QUESTION_ID, "place": ROXBURY, "at": MONDAY}
_ASKED: dict[str, Any] = {
    "is_own": True,
    "way": "site",
    "met_on": None,
    "society": None,
    "sector": STREET_LIGHTS,
    "words": WORDS_ID,
    "digest": "7" * 64,
    "tongue": "en",
    "owner": "Public Works",
    "task": "Answer a question",
    "answer_days": 30,
}
_ANSWER: dict[str, Any] = {
    "number": 1,
    "office": "Public Works",
    "words": OTHER_WORDS_ID,
    "digest": "8" * 64,
    "tongue": "en",
}
_RATED: dict[str, Any] = {"number": 1, "answered": 20, "partly": 10, "not_answered": 0}
QUESTION_ASKED = question.QuestionAsked(**_QUESTION, **_ASKED, by=LOGIN_ID, rule_version=1)
QUESTION_PASSED = question.QuestionPassed(**_QUESTION, **_ASKED, by=EDITOR_ID)
QUESTION_DECLINED = question.QuestionDeclined(
    **_QUESTION, by=EDITOR_ID, sector=STREET_LIGHTS, why="asked"
)
QUESTION_JOINED = question.QuestionJoined(**_QUESTION, by=SECOND_ID)
QUESTION_LEFT = question.QuestionLeft(**_QUESTION, by=SECOND_ID)
QUESTION_COUNTED = question.QuestionCounted(**_QUESTION, at_least=10)
QUESTION_WITHDRAWN = question.QuestionWithdrawn(**_QUESTION, by=LOGIN_ID, passed=True)
QUESTION_HIDDEN = question.QuestionHidden(**_QUESTION, by=EDITOR_ID, reason="It names a neighbour")
QUESTION_ANSWERED = question.QuestionAnswered(
    **_QUESTION | {"at": MONDAY + DAY}, **_ANSWER, by=EDITOR_ID
)
ANSWER_CORRECTED = question.AnswerCorrected(
    **_QUESTION | {"at": MONDAY + 2 * DAY},
    **_ANSWER | {"number": 2, "words": "8d" * 16},
    by=EDITOR_ID,
    why="The year was wrong",
)
ANSWER_RATED = question.AnswerRated(**_QUESTION, number=1, by=SECOND_ID, rating="partly")
RATINGS_COUNTED = question.RatingsCounted(**_QUESTION, **_RATED)
_PUBLIC_QUESTION: dict[str, Any] = {
    "question": "0" * 31 + "a",
    "place": ROXBURY,
    "on": date(2030, 1, 7),
}
_PUBLIC_ASKED = ("way", "met_on", "society", "sector", "words", "digest", "tongue", "owner")
PUBLIC_QUESTION_ASKED = public_question.QuestionAsked(
    **_PUBLIC_QUESTION,
    **{name: _ASKED[name] for name in _PUBLIC_ASKED},
    page=QUESTION_ID,
    check="b" * 32,
)
PUBLIC_QUESTION_DECLINED = public_question.QuestionDeclined(
    **_PUBLIC_QUESTION, sector=STREET_LIGHTS, why="asked"
)
PUBLIC_QUESTION_COUNTED = public_question.QuestionCounted(**_PUBLIC_QUESTION, at_least=10)
PUBLIC_QUESTION_WITHDRAWN = public_question.QuestionWithdrawn(**_PUBLIC_QUESTION)
PUBLIC_QUESTION_HIDDEN = public_question.QuestionHidden(
    **_PUBLIC_QUESTION, reason="It names a neighbour"
)
PUBLIC_QUESTION_ANSWERED = public_question.QuestionAnswered(**_PUBLIC_QUESTION, **_ANSWER)
PUBLIC_ANSWER_CORRECTED = public_question.AnswerCorrected(
    **_PUBLIC_QUESTION,
    **_ANSWER | {"number": 2, "words": "8d" * 16},
    why="The year was wrong",
)
PUBLIC_RATINGS_COUNTED = public_question.RatingsCounted(
    **_PUBLIC_QUESTION, **_RATED | {"not_answered": None}
)

EXAMPLES: dict[str, Event] = {
    event.type_name(): event for event in list(vars().values()) if isinstance(event, Event)
}
"""One example by `ce-type`; of the two claims the late one."""


def varied(event: Event, **changes: Any) -> Any:
    """The same event with other values in some fields, checked like any other."""
    return type(event).model_validate(event.model_dump() | changes)


def new_event(
    event: Event, revision: int = 1, command: str = "example", index: int = 0
) -> NewEvent:
    """What is public has no revision: it stands in no aggregate."""
    return NewEvent(
        id=event_id(event.aggregate_id, command, index),
        event=event,
        revision=0 if event.service == "public" else revision,
        recorded_at=RECORDED_FROM,
        correlation_id="request-1",
        causation_id="cause-1",
        cause="INBOX_BOSTON/1",
    )


def recorded(event: Event, sequence: int, revision: int = 1) -> RecordedEvent:
    """As the log gives it back; recorded one second after the other."""
    return RecordedEvent(
        id=event_id(event.aggregate_id, f"example {sequence}", 0),
        event=event,
        revision=revision,
        recorded_at=RECORDED_FROM + timedelta(seconds=sequence),
        correlation_id="request-1",
        causation_id="cause-1",
        cause="INBOX_BOSTON/1",
        sequence=sequence,
    )
