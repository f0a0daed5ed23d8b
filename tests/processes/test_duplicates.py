"""One report in its chain: what comes to it, what it records of that, and what it asks for."""

from typing import Any

from services.intake.domain.duplicate import AwaitOriginal, RefuseDuplicate, SettleDuplicate
from services.intake.processes.commands import FollowChains, NameHead, TakeHead
from services.intake.processes.duplicates import RING, process
from shared.contracts.duplicates import (
    Chain,
    ChainsLedOn,
    HeadAwaited,
    HeadFound,
    HeadNamed,
    OriginalSought,
    RingFound,
)
from shared.testing.examples import (
    DAY,
    DUPLICATE_CLAIMED,
    MONDAY,
    ORIGINAL_AWAITED,
    ORIGINAL_FOUND,
    REPORT_MARKED_DUPLICATE,
    ROXBURY,
    varied,
)
from shared.testing.process_spec import ProcessSpec

A, B, C = "a" * 32, "b" * 32, "c" * 32
SAID_AT = MONDAY + DAY

duplicates = ProcessSpec(process)


def claimed(report: str, original: str) -> Any:
    return varied(DUPLICATE_CLAIMED, report_id=report, duplicate_of=original)


def sought(report: str, original: str, claim: int) -> OriginalSought:
    return OriginalSought(
        report_id=report, place=ROXBURY, original=original, claim=claim, claimed_at=SAID_AT
    )


def chain(duplicate: str, claim: int, *, newest: bool = True, links: int = 1) -> Chain:
    return Chain(duplicate=duplicate, claim=claim, newest=newest, links=links)


def named(report: str, *chains: Chain) -> HeadNamed:
    return HeadNamed(report_id=report, place=ROXBURY, chains=chains)


def led_on(report: str, original: str, *chains: Chain) -> ChainsLedOn:
    return ChainsLedOn(report_id=report, place=ROXBURY, original=original, chains=chains)


def awaited(report: str, of: Chain) -> HeadAwaited:
    return HeadAwaited(report_id=report, place=ROXBURY, chain=of)


def found(report: str, original: str, head: str, as_of: int) -> HeadFound:
    said = {"original": original, "claimed_at": SAID_AT, "head": head, "as_of": as_of}
    return HeadFound(report_id=report, place=ROXBURY, **said)  # type: ignore[arg-type]


def follow(report: str, *chains: Chain) -> FollowChains:
    return FollowChains(report, chains, ROXBURY)


def test_a_claim_begins_a_chain_at_what_the_report_is_said_to_repeat() -> None:
    duplicates.given().when(claimed(A, B)).then(sought(A, B, 1), asks=[follow(B, chain(A, 1))])


def test_an_old_mark_that_nobody_looked_at_is_a_claim() -> None:
    old = varied(REPORT_MARKED_DUPLICATE, report_id=A, duplicate_of=B, head=None, as_of=0)
    duplicates.given().when(old).then(sought(A, B, 1), asks=[follow(B, chain(A, 1))])


def test_a_mark_that_the_process_led_to_begins_nothing() -> None:
    duplicates.given().when(REPORT_MARKED_DUPLICATE).then_nothing_happens()


def test_a_chain_waits_where_nothing_says_that_the_report_was_filed() -> None:
    duplicates.given().when(follow(B, chain(A, 1))).then(
        awaited(B, chain(A, 1)), asks=[AwaitOriginal(varied(ORIGINAL_AWAITED, report_id=B))]
    )


def test_once_it_is_filed_it_is_the_head_of_all_that_wait() -> None:
    both = chain(A, 1), chain(C, 2)
    duplicates.given(*(awaited(B, each) for each in both)).when(
        varied(ORIGINAL_FOUND, report_id=B)
    ).then(named(B, *both), asks=[TakeHead(A, B, 4, ROXBURY, 1), TakeHead(C, B, 4, ROXBURY, 2)])


def test_a_chain_that_comes_later_ends_there_at_once() -> None:
    duplicates.given(named(B, chain(A, 1))).when(follow(B, chain(C, 2))).then(
        named(B, chain(C, 2)), asks=[TakeHead(C, B, 3, ROXBURY, 2)]
    )


def test_a_duplicate_leads_on_what_comes_to_it() -> None:
    duplicates.given(sought(B, C, 1)).when(follow(B, chain(A, 2))).then(
        led_on(B, C, chain(A, 2)), asks=[follow(C, chain(A, 2, links=2))]
    )


def test_a_head_that_becomes_a_duplicate_leads_on_all_that_ended_there() -> None:
    """A repeats B, and only then B repeats C."""
    duplicates.given(named(B, chain(A, 1))).when(claimed(B, C)).then(
        sought(B, C, 2),
        led_on(B, C, chain(A, 1, newest=False)),
        asks=[follow(C, chain(B, 2)), follow(C, chain(A, 1, newest=False, links=2))],
    )


def test_a_chain_that_came_by_a_newer_claim_is_known_by_it() -> None:
    duplicates.given(sought(B, C, 9)).when(follow(B, chain(A, 2))).then(
        led_on(B, C, chain(A, 2, newest=False)),
        asks=[follow(C, chain(A, 2, newest=False, links=2))],
    )


def test_what_came_once_goes_no_second_time() -> None:
    duplicates.given(sought(B, C, 1), led_on(B, C, chain(A, 2, newest=False))).when(
        follow(B, chain(A, 2))
    ).then_nothing_happens()


def test_the_head_is_told_to_the_report() -> None:
    duplicates.given(sought(A, B, 1)).when(TakeHead(A, B, 5, ROXBURY, 1)).then(
        found(A, B, B, 5), asks=[SettleDuplicate(A, B, SAID_AT, B, 5)]
    )


def test_a_head_that_was_named_before_the_one_that_is_known_comes_too_late() -> None:
    duplicates.given(sought(A, B, 1), found(A, B, C, 9)).when(
        TakeHead(A, B, 5, ROXBURY, 1)
    ).then_nothing_happens()


def test_the_newest_claim_of_a_ring_is_refused_and_its_report_is_the_head_of_the_rest() -> None:
    duplicates.given(sought(A, B, 2), led_on(A, B, chain(B, 1, newest=False))).when(
        follow(A, chain(A, 2))
    ).then(
        RingFound(report_id=A, place=ROXBURY, original=B, claimed_at=SAID_AT),
        named(A, chain(B, 1, newest=False)),
        asks=[RefuseDuplicate(A, B, SAID_AT, RING), TakeHead(B, A, 5, ROXBURY, 1)],
    )


def test_who_comes_together_with_what_closes_a_ring_ends_there() -> None:
    duplicates.given(sought(A, B, 2)).when(follow(A, chain(A, 2), chain(C, 3))).then(
        RingFound(report_id=A, place=ROXBURY, original=B, claimed_at=SAID_AT),
        named(A, chain(C, 3)),
        asks=[RefuseDuplicate(A, B, SAID_AT, RING), TakeHead(C, A, 4, ROXBURY, 3)],
    )


def test_all_that_come_together_go_on_together() -> None:
    duplicates.given(sought(B, C, 1)).when(follow(B, chain(A, 3), chain("d" * 32, 2))).then(
        led_on(B, C, chain("d" * 32, 2), chain(A, 3)),
        asks=[follow(C, chain("d" * 32, 2, links=2), chain(A, 3, links=2))],
    )


def test_an_older_claim_of_a_ring_leaves_it_to_the_newest() -> None:
    duplicates.given(sought(B, A, 1)).when(
        follow(B, chain(B, 1, newest=False))
    ).then_nothing_happens()


def test_a_head_that_was_named_before_the_newest_claim_says_nothing_about_it() -> None:
    refused = RingFound(report_id=A, place=ROXBURY, original=B, claimed_at=SAID_AT)
    duplicates.given(sought(A, B, 1), refused, sought(A, C, 5)).when(
        TakeHead(A, B, 4, ROXBURY, 5)
    ).then_nothing_happens()


def test_the_chain_of_a_claim_that_was_refused_before_refuses_no_later_one() -> None:
    refused = RingFound(report_id=A, place=ROXBURY, original=B, claimed_at=SAID_AT)
    duplicates.given(sought(A, B, 1), refused, sought(A, C, 5)).when(
        follow(A, chain(A, 1))
    ).then_nothing_happens()


def test_a_refused_report_may_be_said_to_repeat_another_one() -> None:
    refused = RingFound(report_id=A, place=ROXBURY, original=B, claimed_at=SAID_AT)
    duplicates.given(sought(A, B, 1), refused).when(claimed(A, C)).then(
        sought(A, C, 3), asks=[follow(C, chain(A, 3))]
    )


def test_many_chains_go_on_in_events_of_a_size_that_the_log_takes() -> None:
    many = tuple(chain(f"{number:032x}", number) for number in range(1, 1_001))
    decided = process.category.decider.decide(
        NameHead(B, ROXBURY),
        process.category.decider.fold(awaited(B, each) for each in many),
    )
    assert [len(event.chains) for event in decided] == [400, 400, 200]
