"""A post: who may be chosen, who has to say why, who is placed, and how a placement ends."""

from dataclasses import replace
from typing import Any

from services.promotion.domain.post import (
    ActOfMember,
    AllowChoice,
    ChooseCandidate,
    ChooseNobody,
    ClosePost,
    EndPlacement,
    LookAtPost,
    Nominate,
    OpenPost,
    PressOfMember,
    RefuseChoice,
    WithdrawRecall,
    category,
)
from services.promotion.domain.post_rules import (
    ClosedPostError,
    NoCandidateError,
    NominatedThemselvesError,
    NoOfferError,
    NoPostError,
    NoRecallError,
    NoSeatError,
    NotOfThePlaceError,
    NotPlacedError,
    NotQualifiedForPostError,
    NotTwiceError,
    OwnRecallError,
    ReasonWantedError,
    SameChooserError,
    StillPlacedError,
)
from services.promotion.domain.post_state import SOON
from services.promotion.domain.ranking import Candidate, digest_of, seed_of
from shared.contracts.post import (
    CandidateNamed,
    CandidatesRanked,
    CandidateStoodBack,
    ChoiceProposed,
    ChoiceRefused,
    MemberPlaced,
    NobodyChosen,
    OfferDeclined,
    OfferLapsed,
    PlacementEnded,
    PlaceOffered,
    PostClosed,
    PostOpened,
    ProbationPassed,
    Ranked,
    RecallSupported,
    RecallWithdrawn,
)
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    MONDAY,
    OPERATOR_ID,
    POST_ID,
    POST_OPENED,
    ROXBURY,
    SECOND_ID,
    varied,
)

A, B, C, D = ("1" * 32, "2" * 32, "3" * 32, "4" * 32)
BASE = [f"{number:032x}" for number in range(10, 13)]
post = DeciderSpec(category.decider)
VERIFIER = frozenset(("verifier",))
OPENED = varied(POST_OPENED, seats=1, shown=2, recall_by=2, wake_at=MONDAY + 14 * DAY)
RANKED_AT = MONDAY + 15 * DAY
PLACED_AT = RANKED_AT + DAY
PLACE = POST_OPENED.place


def ev(kind: Any, at: Any, wake: Any, **fields: Any) -> Any:
    return kind(post_id=POST_ID, place=PLACE, at=at, wake_at=wake, **fields)


def one(member: str, fits: int = 0, **more: Any) -> Ranked:
    told = {"by": "rule", "here": 0, "elsewhere": 0, "confirmers": 0, "sectors": 0}
    return Ranked(member_id=member, fits=fits, **told | more)


def ranked(*who: str, number: int = 1, at: Any = RANKED_AT) -> Any:
    return ev(
        CandidatesRanked,
        at,
        at + 30 * DAY,
        number=number,
        candidates=len(who),
        digest=digest_of(who),
        seed=seed_of(POST_ID),
        as_of=7,
        ranking=tuple(one(each, 8 >> place) for place, each in enumerate(who)),
    )


RANKED = ranked(A, B, C)
OFFERED = ev(
    PlaceOffered,
    RANKED_AT,
    RANKED_AT + 7 * DAY,
    member_id=A,
    rank=1,
    reason="",
    until=RANKED_AT + 7 * DAY,
    by=OPERATOR_ID,
)
PLACED = ev(
    MemberPlaced,
    PLACED_AT,
    PLACED_AT + 90 * DAY,
    member_id=A,
    seat=1,
    rank=1,
    on=PLACED_AT.date(),
    probation_until=PLACED_AT + 90 * DAY,
    ends_at=PLACED_AT + 730 * DAY,
    told=False,
)
UP_TO_PLACED = (OPENED, RANKED, OFFERED, PLACED)


def choose(member: str, reason: str = "", **more: Any) -> ChooseCandidate:
    return ChooseCandidate(POST_ID, OPERATOR_ID, RANKED_AT, member, reason, **more)


def act(by: str, what: Any, at: Any = PLACED_AT, **more: Any) -> ActOfMember:
    seen = {"qualified": VERIFIER, "places": frozenset((ROXBURY,))}
    return ActOfMember(POST_ID, by, at, what, **seen | more)


def look(at: Any, *pool: Candidate) -> LookAtPost:
    return LookAtPost(POST_ID, at, pool, 7)


class TestOpening:
    def test_it_is_there_and_wakes_when_candidates_have_come_forward(self) -> None:
        post.when(OpenPost(varied(OPENED, wake_at=None))).then(OPENED)

    def test_of_what_nobody_opened_nothing_is_chosen(self) -> None:
        post.when(choose(A)).then_fails_with(NoPostError)
        post.when(look(MONDAY)).then_nothing_happens()

    def test_it_is_closed_once_nobody_is_placed(self) -> None:
        close = ClosePost(POST_ID, OPERATOR_ID, MONDAY, "The lamps were sold")
        closed = ev(PostClosed, MONDAY, None, reason="The lamps were sold", by=OPERATOR_ID)
        post.given(OPENED).when(close).then(closed)
        post.given(OPENED, closed).when(act(A, "come forward")).then_fails_with(ClosedPostError)
        post.given(*UP_TO_PLACED).when(close).then_fails_with(StillPlacedError)


class TestCandidates:
    def test_one_comes_forward_who_is_qualified(self) -> None:
        named = ev(CandidateNamed, MONDAY, OPENED.wake_at, member_id=A, by="themselves")
        post.given(OPENED).when(act(A, "come forward", MONDAY)).then(named)

    def test_who_is_not_qualified_does_not(self) -> None:
        command = act(A, "come forward", qualified=frozenset(("other",)))
        post.given(OPENED).when(command).then_fails_with(NotQualifiedForPostError)

    def test_another_member_names_them_and_nobody_themselves(self) -> None:
        told = {"member_id": A, "by": "nomination", "nominated_by": B}
        named = ev(CandidateNamed, MONDAY, OPENED.wake_at, **told)
        post.given(OPENED).when(Nominate(POST_ID, B, MONDAY, A)).then(named)
        own = Nominate(POST_ID, A, MONDAY, A)
        post.given(OPENED).when(own).then_fails_with(NominatedThemselvesError)

    def test_who_stood_back_is_brought_back_by_nobody_but_themselves(self) -> None:
        back = ev(CandidateStoodBack, MONDAY, OPENED.wake_at, member_id=A)
        post.given(OPENED).when(PressOfMember(POST_ID, A, MONDAY, "stand back")).then(back)
        post.given(OPENED, back).when(Nominate(POST_ID, B, MONDAY, A)).then_nothing_happens()
        named = ev(CandidateNamed, MONDAY, OPENED.wake_at, member_id=A, by="themselves")
        post.given(OPENED, back).when(act(A, "come forward", MONDAY)).then(named)

    def test_once_ranked_who_comes_forward_is_ranked_within_the_hour(self) -> None:
        soon = RANKED_AT + DAY / 24
        named = ev(CandidateNamed, RANKED_AT, soon, member_id=D, by="themselves")
        post.given(OPENED, RANKED).when(act(D, "come forward", RANKED_AT)).then(named)


class TestRanking:
    def test_those_qualified_on_all_tracks_stand_there_and_nobody_else(self) -> None:
        pool = Candidate(A, VERIFIER, fits=9), Candidate(B, frozenset(("other",)), fits=99)
        found = ev(
            CandidatesRanked,
            RANKED_AT,
            RANKED_AT + 30 * DAY,
            number=1,
            candidates=1,
            digest=digest_of([A]),
            seed=seed_of(POST_ID),
            as_of=7,
            ranking=(one(A, 8),),
        )
        post.given(OPENED).when(look(RANKED_AT, *pool)).then(found)

    def test_an_empty_bench_is_said(self) -> None:
        post.given(OPENED).when(look(RANKED_AT)).then(ranked())

    def test_not_before_its_time_and_not_where_every_seat_is_filled(self) -> None:
        pool = Candidate(A, VERIFIER)
        post.given(OPENED).when(look(MONDAY + DAY, pool)).then_nothing_happens()
        post.given(*UP_TO_PLACED).when(look(PLACED_AT + DAY, pool)).then_nothing_happens()


class TestChoosing:
    def test_one_of_the_first_needs_no_reason_and_none_is_kept(self) -> None:
        post.given(OPENED, RANKED).when(choose(A, "I like them")).then(OFFERED)

    def test_one_behind_them_needs_one_that_is_public(self) -> None:
        post.given(OPENED, RANKED).when(choose(C)).then_fails_with(ReasonWantedError)
        offered = varied(OFFERED, member_id=C, rank=3, reason="Knows the wires")
        post.given(OPENED, RANKED).when(choose(C, "Knows the wires")).then(offered)

    def test_nobody_who_was_not_ranked(self) -> None:
        post.given(OPENED, RANKED).when(choose(D)).then_fails_with(NoCandidateError)
        post.given(OPENED).when(choose(A)).then_fails_with(NoCandidateError)

    def test_no_more_are_asked_than_there_are_seats(self) -> None:
        post.given(OPENED, RANKED, OFFERED).when(choose(B)).then_fails_with(NoSeatError)

    def test_a_second_person_allows_it_and_never_the_first(self) -> None:
        what = {"member_id": A, "rank": 1, "reason": "", "by": OPERATOR_ID}
        proposed = ev(ChoiceProposed, RANKED_AT, None, **what)
        post.given(OPENED, RANKED).when(choose(A, second_person=True)).then(proposed)
        own = AllowChoice(POST_ID, OPERATOR_ID, RANKED_AT, A)
        post.given(OPENED, RANKED, proposed).when(own).then_fails_with(SameChooserError)
        other = replace(own, by=SECOND_ID)
        post.given(OPENED, RANKED, proposed).when(other).then(varied(OFFERED, by=SECOND_ID))
        post.given(OPENED, RANKED).when(other).then_fails_with(NoCandidateError)
        refuse = RefuseChoice(POST_ID, SECOND_ID, RANKED_AT, A, "They are in office")
        told = {"member_id": A, "reason": "They are in office", "by": SECOND_ID}
        refused = ev(ChoiceRefused, RANKED_AT, RANKED_AT + 30 * DAY, **told)
        post.given(OPENED, RANKED, proposed).when(refuse).then(refused)

    def test_the_body_takes_none_and_says_why(self) -> None:
        command = ChooseNobody(POST_ID, OPERATOR_ID, RANKED_AT, "None knows the wires")
        told = {"reason": "None knows the wires", "by": OPERATOR_ID}
        nobody = ev(NobodyChosen, RANKED_AT, RANKED_AT + 30 * DAY, **told)
        post.given(OPENED, RANKED).when(command).then(nobody)
        post.given(OPENED, RANKED, nobody).when(choose(A)).then_fails_with(NoCandidateError)

    def test_whoever_was_only_proposed_is_none_either(self) -> None:
        """Else they were asked by a ranking that is no more, and nobody is told why."""
        what = {"member_id": A, "rank": 1, "reason": "", "by": OPERATOR_ID}
        proposed = ev(ChoiceProposed, RANKED_AT, None, **what)
        command = ChooseNobody(POST_ID, SECOND_ID, RANKED_AT, "None knows the wires")
        told = {"reason": "None knows the wires", "by": SECOND_ID}
        nobody = ev(NobodyChosen, RANKED_AT, RANKED_AT + 30 * DAY, **told)
        post.given(OPENED, RANKED, proposed).when(command).then(nobody)
        allow = AllowChoice(POST_ID, SECOND_ID, RANKED_AT, A)
        post.given(OPENED, RANKED, proposed, nobody).when(allow).then_fails_with(NoCandidateError)

    def test_who_comes_forward_after_the_body_took_none_is_ranked_within_the_hour(self) -> None:
        told = {"reason": "None knows the wires", "by": OPERATOR_ID}
        nobody = ev(NobodyChosen, RANKED_AT, RANKED_AT + 30 * DAY, **told)
        at = RANKED_AT + 2 * DAY
        named = ev(CandidateNamed, at, at + SOON, member_id=D, by="themselves")
        post.given(OPENED, RANKED, nobody).when(act(D, "come forward", at)).then(named)


class TestAnswering:
    def test_who_accepts_is_placed(self) -> None:
        post.given(OPENED, RANKED, OFFERED).when(act(A, "accept")).then(PLACED)

    def test_not_who_lost_a_qualification_by_then(self) -> None:
        late = act(A, "accept", qualified=frozenset())
        post.given(OPENED, RANKED, OFFERED).when(late).then_fails_with(NotQualifiedForPostError)

    def test_not_who_was_not_asked_or_too_late(self) -> None:
        post.given(OPENED, RANKED, OFFERED).when(act(B, "accept")).then_fails_with(NoOfferError)
        late = act(A, "accept", OFFERED.until + DAY)
        post.given(OPENED, RANKED, OFFERED).when(late).then_fails_with(NoOfferError)

    def test_who_declines_or_is_silent_gives_way_to_the_next(self) -> None:
        wake = RANKED.wake_at
        declined = ev(OfferDeclined, PLACED_AT, wake, member_id=A)
        decline = PressOfMember(POST_ID, A, PLACED_AT, "decline")
        post.given(OPENED, RANKED, OFFERED).when(decline).then(declined)
        over = OFFERED.until + DAY
        lapsed = ev(OfferLapsed, over, wake, member_id=A)
        post.given(OPENED, RANKED, OFFERED).when(look(over)).then(lapsed)
        post.given(OPENED, RANKED, OFFERED).when(look(OFFERED.until)).then_nothing_happens()
        given = post.given(OPENED, RANKED, OFFERED, declined)
        given.when(choose(A)).then_fails_with(NoCandidateError)
        given.when(choose(C)).then(varied(OFFERED, member_id=C, rank=2))


class TestEnding:
    def test_probation_passes_and_the_term_ends(self) -> None:
        at = PLACED_AT + 91 * DAY
        passed = ev(ProbationPassed, at, PLACED.ends_at, member_id=A)
        post.given(*UP_TO_PLACED).when(look(at)).then(passed)
        at = PLACED.ends_at + DAY
        ended = ev(PlacementEnded, at, None, member_id=A, because="term")
        again = varied(ranked(B, at=at, number=2), ranking=(one(B, 8),))
        given = post.given(*UP_TO_PLACED, passed)
        given.when(look(at, Candidate(A, VERIFIER, 16), Candidate(B, VERIFIER, 8))).then(
            ended, again
        )

    def test_the_body_ends_it_on_probation_or_later_with_a_public_reason(self) -> None:
        command = EndPlacement(POST_ID, OPERATOR_ID, PLACED_AT, A, "The lamps stay dark")
        soon = PLACED_AT + DAY / 24
        told = {"member_id": A, "reason": "The lamps stay dark"}
        ended = ev(PlacementEnded, PLACED_AT, soon, because="probation", **told)
        post.given(*UP_TO_PLACED).when(command).then(ended)
        passed = ev(ProbationPassed, PLACED_AT, None, member_id=A)
        post.given(*UP_TO_PLACED, passed).when(command).then(varied(ended, because="body"))

    def test_they_go_themselves_and_do_not_follow_themselves(self) -> None:
        soon = PLACED_AT + DAY / 24
        ended = ev(PlacementEnded, PLACED_AT, soon, member_id=A, because="resigned")
        post.given(*UP_TO_PLACED).when(PressOfMember(POST_ID, A, PLACED_AT, "resign")).then(ended)
        again = act(A, "come forward")
        post.given(*UP_TO_PLACED, ended).when(again).then_fails_with(NotTwiceError)

    def test_without_rotation_who_served_the_term_may_follow_themselves(self) -> None:
        at = PLACED.ends_at + DAY
        ended = ev(PlacementEnded, at, None, member_id=A, because="term")
        free = post.given(varied(OPENED, rotates=False), RANKED, OFFERED, PLACED)
        wake = at + 30 * DAY
        again = varied(ranked(A, at=at, number=2), ranking=(one(A, 4),), wake_at=wake)
        free.when(look(at, Candidate(A, VERIFIER, 4))).then(ended, again)


class TestRecall:
    def supported(self, by: str) -> Any:
        wake = PLACED.probation_until
        return ev(RecallSupported, PLACED_AT, wake, member_id=A, by=by)

    def test_each_counts_once_and_the_threshold_ends_it(self) -> None:
        first, second = self.supported(BASE[0]), self.supported(BASE[1])
        post.given(*UP_TO_PLACED).when(act(BASE[0], "recall", member_id=A)).then(first)
        soon = PLACED_AT + DAY / 24
        ended = ev(PlacementEnded, PLACED_AT, soon, member_id=A, because="recalled")
        given = post.given(*UP_TO_PLACED, first)
        given.when(act(BASE[0], "recall", member_id=A)).then_nothing_happens()
        given.when(act(BASE[1], "recall", member_id=A)).then(varied(second, wake_at=None), ended)

    def test_it_is_withdrawn_until_it_is_reached(self) -> None:
        first = self.supported(BASE[0])
        back = ev(RecallWithdrawn, PLACED_AT, first.wake_at, member_id=A, by=BASE[0])
        command = WithdrawRecall(POST_ID, BASE[0], PLACED_AT, A)
        post.given(*UP_TO_PLACED, first).when(command).then(back)
        given = post.given(*UP_TO_PLACED, first, back)
        given.when(act(BASE[1], "recall", member_id=A)).then(self.supported(BASE[1]))

    def test_only_by_members_of_the_place_of_who_is_placed_and_not_themselves(self) -> None:
        given = post.given(*UP_TO_PLACED)
        far = act(BASE[0], "recall", member_id=A, places=frozenset(("us.ny.new-york",)))
        given.when(far).then_fails_with(NotOfThePlaceError)
        nowhere = act(BASE[0], "recall", member_id=A, places=frozenset())
        given.when(nowhere).then_fails_with(NotOfThePlaceError)
        near = act(BASE[0], "recall", member_id=A, places=frozenset((DORCHESTER,)))
        given.when(near).then(self.supported(BASE[0]))
        given.when(act(A, "recall", member_id=A)).then_fails_with(OwnRecallError)
        given.when(act(BASE[0], "recall", member_id=B)).then_fails_with(NotPlacedError)
        none = post.given(varied(OPENED, recall_by=0), RANKED, OFFERED, PLACED)
        none.when(act(BASE[0], "recall", member_id=A)).then_fails_with(NoRecallError)


def test_what_is_asked_by_request_is_nothing_of_a_post() -> None:
    """Each of its commands bears who gives it, so a page of ours gives it alone."""
    assert category.commands == ()
    assert isinstance(OPENED, PostOpened)
