"""The digest of a list of events: anybody can compute it, and it tells one list from another."""

from shared.contracts.proof import OF_NONE, digest_of, extended
from shared.contracts.upcasters import upcast

ONE, TWO = "1" * 32, "2" * 32


def test_digests_stand_in_logs_already_and_must_never_change() -> None:
    assert OF_NONE == "0" * 64
    assert digest_of([]) == OF_NONE
    assert digest_of([ONE]) == "6feefefa7b2cd657287cc43ad806aa50d7e1fa92e574ee8b14bd66bcd53f84bd"
    assert (
        digest_of([ONE, TWO]) == "992bc7fe85c9af0a80e250b1718cd71127cde4df83d60e6917d547ad9be13ddf"
    )


def test_a_digest_grows_with_each_event_as_it_would_from_all_of_them() -> None:
    assert extended(extended(OF_NONE, ONE), TWO) == digest_of([ONE, TWO])


def test_order_and_number_count() -> None:
    lists = ([], [ONE], [TWO], [ONE, TWO], [TWO, ONE], [ONE, ONE], [ONE, TWO, TWO])
    assert len({digest_of(each) for each in lists}) == len(lists)


def test_the_first_version_of_a_qualification_gets_the_digest_of_what_it_listed() -> None:
    body = {"earned_by": [{"id": ONE}, {"id": TWO}]}
    raised = upcast("tribune.promotion.MemberQualified", 1, 2, body)
    assert raised["digest"] == digest_of([ONE, TWO])
