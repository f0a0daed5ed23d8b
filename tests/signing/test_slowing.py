"""Who tries passphrases waits longer and longer; who is tried does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.signing.slowing import LONGEST, Slowing, network_of

NOW = datetime(2030, 1, 7, 12, tzinfo=UTC)
NONE = timedelta(0)


def tried(slowing: Slowing, times: int, whence: str = "elsewhere", now: datetime = NOW) -> datetime:
    """As fast as it may be."""
    for _ in range(times):
        if wait := slowing.wait("ann", whence, now):
            now += wait
            assert slowing.wait("ann", whence, now) == NONE
    return now


def test_few_tries_cost_nothing_and_each_more_costs_twice_the_last() -> None:
    slowing = Slowing()
    assert tried(slowing, 3) == NOW
    waits = []
    now = NOW
    for _ in range(4):
        assert slowing.wait("ann", "elsewhere", now) == NONE
        waits.append(slowing.wait("ann", "elsewhere", now).total_seconds())
        now += timedelta(seconds=waits[-1])
    assert waits == [2, 4, 8, 16]


def test_a_day_of_trying_is_no_hundred_and_fifty_tries() -> None:
    assert tried(Slowing(), 110) > NOW + timedelta(days=1) - 8 * LONGEST


@given(st.integers(1, 60))
def test_whoever_tries_from_elsewhere_keeps_nobody_out(times: int) -> None:
    slowing = Slowing()
    now = tried(slowing, times)
    assert slowing.wait("ann", "at home", now) == NONE
    assert slowing.wait("ben", "elsewhere", now) == NONE


def test_many_at_once_are_as_many_tries() -> None:
    slowing = Slowing()
    refused = [slowing.wait("ann", "elsewhere", NOW) > NONE for _ in range(10)]
    assert refused == [False] * 4 + [True] * 6


@pytest.mark.parametrize("at_once", range(1, 15))
def test_whoever_rests_for_hours_has_no_more_tries_than_who_goes_on(at_once: int) -> None:
    slowing, now, tries = Slowing(), NOW, 0
    while now < NOW + timedelta(days=1):
        if tries % at_once == 0:
            now += timedelta(hours=1, seconds=1)
        now = tried(slowing, 1, now=now)
        tries += 1
    assert tries <= 110


def test_the_right_one_begins_anew_and_so_does_a_day() -> None:
    slowing = Slowing()
    now = tried(slowing, 6)
    slowing.right("ann", "elsewhere")
    assert tried(slowing, 3, now=now) == now
    tried(slowing, 6, now=now)
    assert tried(slowing, 3, now=now + timedelta(days=2)) == now + timedelta(days=2)


def test_a_flood_of_names_takes_no_more_memory() -> None:
    slowing = Slowing(most=100)
    for number in range(1_000):
        slowing.wait(f"{number}", "elsewhere", NOW)
        slowing.tried()
    assert len(slowing._tries) == 100


def test_what_was_not_looked_at_leaves_nothing_and_pushes_nobody_out() -> None:
    """Else whoever is slowed down has themselves forgotten by what costs them nothing."""
    slowing = Slowing(most=10)
    now = tried(slowing, 6)
    for number in range(10):
        slowing.wait(f"of before {number}", "elsewhere", NOW)
    for number in range(1_000):
        slowing.wait(f"{number}", "elsewhere", NOW)
        slowing.not_tried(f"{number}", "elsewhere")
    assert slowing.wait("ann", "elsewhere", now) > NONE
    assert len(slowing._tries) == 11


@pytest.mark.parametrize(
    ("one", "other", "networks"),
    [
        ("192.0.2.1", "192.0.2.254", 1),
        ("192.0.2.1", "192.0.3.1", 2),
        ("::ffff:192.0.2.1", "192.0.2.9", 1),
        ("2001:db8:0:12::1", "2001:db8:0:13:ffff::2", 1),
        ("2001:db8:0:100::1", "2001:db8:0:200::1", 2),
        ("fe80::1%eth0", "fe80::2", 1),
        ("testclient", "testclient", 1),
    ],
)
def test_all_addresses_of_one_customer_count_as_one(one: str, other: str, networks: int) -> None:
    assert len({network_of(one), network_of(other)}) == networks


def test_a_clock_that_was_a_day_ahead_keeps_nobody_out() -> None:
    """Who mistyped then would else wait for that day, and who mistyped often no less."""
    slowing, ahead = Slowing(), NOW + timedelta(days=1)
    assert slowing.wait("ann", "elsewhere", ahead) == NONE
    assert slowing.wait("ann", "elsewhere", NOW) == NONE
    tried(slowing, 30, "at home", ahead)
    assert NONE < slowing.wait("ann", "at home", NOW) <= LONGEST
