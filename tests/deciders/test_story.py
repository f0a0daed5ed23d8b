"""A story appears once a second person has read it, and not before it is safe."""

from datetime import timedelta

import pytest

from services.publishing.domain.story import (
    DraftStory,
    FindStorySafe,
    HeldError,
    HoldStory,
    NoReasonError,
    NoStoryError,
    NotReviewedError,
    OldTextError,
    OwnTextError,
    PastError,
    ProposeStory,
    PublishStory,
    ReturnStory,
    ReviewStory,
    StoryWithdrawnError,
    WakeStory,
    WithdrawStory,
    category,
)
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    OPERATOR_ID,
    SAFETY_ASKED,
    SECOND_ID,
    STORY_CORRECTED,
    STORY_DRAFTED,
    STORY_EMBARGOED,
    STORY_FOUND_SAFE,
    STORY_HELD,
    STORY_ID,
    STORY_PROPOSED,
    STORY_PUBLISHED,
    STORY_RETURNED,
    STORY_REVIEWED,
    STORY_WITHDRAWN,
    varied,
)

SPEC = DeciderSpec(category.decider)
AT = STORY_PROPOSED.at
DRAFTED = STORY_PROPOSED, STORY_DRAFTED
REVIEWED = *DRAFTED, STORY_REVIEWED
PUBLISHED = *REVIEWED, STORY_PUBLISHED
SECOND_TEXT = varied(STORY_DRAFTED, number=2, words=STORY_CORRECTED.words)
SECOND_READ = varied(STORY_REVIEWED, number=2)
PUBLISH = PublishStory(STORY_ID, 1, SECOND_ID, AT)
REVIEW = ReviewStory(STORY_ID, 1, SECOND_ID, AT)


def draft(words: str = STORY_DRAFTED.words) -> DraftStory:
    return DraftStory(STORY_ID, OPERATOR_ID, AT, words, STORY_DRAFTED.digest, "en", 120)


def test_it_is_proposed_written_read_and_published() -> None:
    SPEC.given().when(ProposeStory(STORY_PROPOSED)).then(STORY_PROPOSED)
    SPEC.given(STORY_PROPOSED).when(draft()).then(STORY_DRAFTED)
    SPEC.given(*DRAFTED).when(REVIEW).then(STORY_REVIEWED)
    SPEC.given(*REVIEWED).when(PUBLISH).then(STORY_PUBLISHED)


def test_nobody_is_the_second_person_for_their_own_text() -> None:
    own = ReviewStory(STORY_ID, 1, OPERATOR_ID, AT)
    SPEC.given(*DRAFTED).when(own).then_fails_with(OwnTextError)
    SPEC.given(*DRAFTED).when(PUBLISH).then_fails_with(NotReviewedError)


def test_what_was_read_is_the_text_of_now() -> None:
    SPEC.given(*REVIEWED).when(draft(SECOND_TEXT.words)).then(SECOND_TEXT)
    SPEC.given(*REVIEWED, SECOND_TEXT).when(PUBLISH).then_fails_with(OldTextError)
    late = PublishStory(STORY_ID, 2, SECOND_ID, AT)
    SPEC.given(*REVIEWED, SECOND_TEXT).when(late).then_fails_with(NotReviewedError)
    SPEC.given(*REVIEWED, SECOND_TEXT).when(REVIEW).then_fails_with(OldTextError)


def test_what_is_returned_is_written_anew() -> None:
    back = ReturnStory(STORY_ID, 1, SECOND_ID, AT, STORY_RETURNED.reason)
    SPEC.given(*DRAFTED).when(back).then(STORY_RETURNED)
    SPEC.given(*DRAFTED, STORY_RETURNED).when(REVIEW).then_fails_with(OldTextError)
    SPEC.given(*DRAFTED, STORY_RETURNED).when(draft(SECOND_TEXT.words)).then(SECOND_TEXT)
    SPEC.given(*PUBLISHED).when(back).then_fails_with(OldTextError)


def test_an_embargo_ends_by_itself() -> None:
    until = STORY_EMBARGOED.until
    under = PublishStory(STORY_ID, 1, SECOND_ID, AT, until)
    SPEC.given(*REVIEWED).when(under).then(STORY_EMBARGOED)
    waiting = *REVIEWED, STORY_EMBARGOED
    early, late = until - timedelta(seconds=1), until + timedelta(seconds=1)
    SPEC.given(*waiting).when(WakeStory(STORY_ID, early)).then()
    appears = varied(STORY_PUBLISHED, at=late, by=None)
    SPEC.given(*waiting).when(WakeStory(STORY_ID, late)).then(appears)
    SPEC.given(*waiting, SECOND_TEXT).when(WakeStory(STORY_ID, late)).then()
    past = PublishStory(STORY_ID, 1, SECOND_ID, AT, AT)
    SPEC.given(*REVIEWED).when(past).then_fails_with(PastError)


def test_what_is_held_does_not_appear_and_somebody_is_asked_again() -> None:
    ask_at = STORY_HELD.ask_at
    hold = HoldStory(STORY_ID, SECOND_ID, AT, STORY_HELD.reason, ask_at)
    SPEC.given(*REVIEWED).when(hold).then(STORY_HELD)
    held = *REVIEWED, STORY_EMBARGOED, STORY_HELD
    SPEC.given(*held).when(PUBLISH).then_fails_with(HeldError)
    SPEC.given(*held).when(WakeStory(STORY_ID, STORY_EMBARGOED.until)).then()
    asked = varied(SAFETY_ASKED, at=ask_at)
    SPEC.given(*held).when(WakeStory(STORY_ID, ask_at)).then(asked)
    SPEC.given(*held, asked).when(WakeStory(STORY_ID, ask_at + timedelta(days=1))).then()
    again = HoldStory(STORY_ID, SECOND_ID, AT, STORY_HELD.reason, ask_at + timedelta(days=7))
    SPEC.given(*held, asked).when(again).then(varied(STORY_HELD, ask_at=again.ask_at))


def test_once_it_is_safe_an_embargo_that_has_ended_lets_it_appear() -> None:
    held, later = (*REVIEWED, STORY_EMBARGOED, STORY_HELD), STORY_HELD.ask_at
    safe = varied(STORY_FOUND_SAFE, at=later)
    appears = varied(STORY_PUBLISHED, at=later, by=None)
    events = category.decider.decide(
        FindStorySafe(STORY_ID, SECOND_ID, later), category.decider.fold(held)
    )
    assert events == [safe, appears]
    early = category.decider.decide(
        FindStorySafe(STORY_ID, SECOND_ID, AT), category.decider.fold(held)
    )
    assert early == [STORY_FOUND_SAFE]


def test_a_correction_is_read_too_and_says_why() -> None:
    corrected = *PUBLISHED, SECOND_TEXT
    silent = PublishStory(STORY_ID, 2, SECOND_ID, AT)
    SPEC.given(*corrected).when(silent).then_fails_with(NotReviewedError)
    SPEC.given(*corrected, SECOND_READ).when(silent).then_fails_with(NoReasonError)
    told = PublishStory(STORY_ID, 2, SECOND_ID, AT, why=STORY_CORRECTED.why)
    SPEC.given(*corrected, SECOND_READ).when(told).then(STORY_CORRECTED)


def test_a_withdrawal_is_for_ever_and_tells_whether_it_had_appeared() -> None:
    take = WithdrawStory(STORY_ID, SECOND_ID, AT, STORY_WITHDRAWN.reason)
    SPEC.given(*PUBLISHED).when(take).then(STORY_WITHDRAWN)
    SPEC.given(*DRAFTED).when(take).then(varied(STORY_WITHDRAWN, published=False))
    gone = *PUBLISHED, STORY_WITHDRAWN
    SPEC.given(*gone).when(draft("1" * 32)).then_fails_with(StoryWithdrawnError)
    waiting = *REVIEWED, STORY_EMBARGOED, varied(STORY_WITHDRAWN, published=False)
    late = WakeStory(STORY_ID, STORY_EMBARGOED.until + timedelta(days=1))
    SPEC.given(*waiting).when(late).then()


@pytest.mark.parametrize("command", [draft(), REVIEW, PUBLISH, WakeStory(STORY_ID, AT)])
def test_of_what_nobody_proposed_nothing_becomes(command: object) -> None:
    SPEC.given().when(command).then_fails_with(NoStoryError)
