"""Pictures and a point go with a finding, whatever it counts for; each picture once, and three."""

from services.intake.domain.checking import category
from services.intake.domain.finding import GiveFinding, MovedOnError
from services.intake.domain.finding_pictures import NoPictureError, TooManyPicturesError
from services.intake.domain.report_state import NamedTooLateError
from shared.contracts.attachment import Attached, FileKind
from shared.contracts.checking import MOST_PICTURES, CheckingEvent, CheckingTerms
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECKER_ACCEPTED,
    CHECKERS_DRAWN,
    CHECKING_ID,
    CHECKING_OPENED,
    FINDING_CONFLICTED,
    FINDING_GIVEN,
    FINDING_PICTURED,
    FINDING_POINTED,
    MEMBER_ID,
    VERDICT_REACHED,
    varied,
)

NOW = FINDING_GIVEN.given_at
DRAWN = varied(CHECKERS_DRAWN, drawn=(MEMBER_ID,))
ACCEPTED = varied(CHECKER_ACCEPTED, member_id=MEMBER_ID, find_by=NOW)
SEATED = (CHECKING_OPENED, DRAWN, ACCEPTED)
POINT = FINDING_POINTED.point
spec = DeciderSpec(category.decider)


def picture(number: int = 7, kind: FileKind = "jpeg", *, in_time: bool = True) -> Attached:
    return Attached(f"{number}" * 32, kind, FINDING_PICTURED.size, in_time)


def find(*pictures: Attached, point: str = "", confirmed: bool = True) -> GiveFinding:
    given = FINDING_GIVEN
    said = given.verdict, given.words, given.seen_at_place, given.seen_at, given.rests_on
    return GiveFinding(CHECKING_ID, MEMBER_ID, *said, NOW, confirmed, pictures, point)


def woken(*events: CheckingEvent) -> list[CheckingEvent]:
    """The last of them says when to look again."""
    return [*events[:-1], varied(events[-1], wake_at=NOW)]


def test_pictures_and_point_stand_behind_the_finding_and_each_picture_once() -> None:
    story, other = spec.given(*SEATED), varied(FINDING_PICTURED, digest="8" * 32)
    story.when(find(picture())).then(*woken(FINDING_GIVEN, FINDING_PICTURED))
    twice = find(picture(), picture(8), picture(), point=POINT)
    given = woken(FINDING_GIVEN, FINDING_PICTURED, other, FINDING_POINTED)
    story.when(twice).then(*given)
    story.when(find(point=POINT)).then(*woken(FINDING_GIVEN, FINDING_POINTED))


def test_a_verdict_comes_behind_them() -> None:
    alone = varied(CHECKING_OPENED, terms=CheckingTerms(agree=1).model_dump())
    decided = category.decider.decide(
        find(picture(), point=POINT), category.decider.fold([alone, DRAWN, ACCEPTED])
    )
    assert [type(each).__name__ for each in decided] == [
        *("FindingGiven", "FindingPictured", "FindingPointed", "VerdictReached")
    ]
    assert [each.wake_at is None for each in decided] == [True, True, True, False]


def test_they_go_with_a_conflict_too_and_with_none_that_is_not_confirmed() -> None:
    story = spec.given(*SEATED, varied(VERDICT_REACHED, reached_at=NOW))
    kept = varied(FINDING_CONFLICTED, stands_at=2)
    ends = VERDICT_REACHED.reached_at
    decided = category.decider.decide(find(picture()), category.decider.fold(story.history))
    assert [varied(each, wake_at=None) for each in decided] == [kept, FINDING_PICTURED]
    assert decided[-1].wake_at is not None
    assert decided[-1].wake_at > ends
    story.when(find(picture(), confirmed=False)).then_fails_with(MovedOnError)


def test_a_finding_is_given_once_and_so_are_its_pictures() -> None:
    spec.given(*SEATED, FINDING_GIVEN).when(find(picture())).then_nothing_happens()


def test_what_is_no_picture_or_too_many_or_too_old_is_refused() -> None:
    story = spec.given(*SEATED)
    many = [picture(number) for number in range(MOST_PICTURES + 1)]
    story.when(find(*many)).then_fails_with(TooManyPicturesError)
    story.when(find(picture(), picture(8, "pdf"))).then_fails_with(NoPictureError)
    story.when(find(picture(in_time=False))).then_fails_with(NamedTooLateError)
