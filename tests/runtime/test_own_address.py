"""The inner door listens at the address of one network alone, under a name that many have."""

import pytest

from shared.runtime.own_address import asked_here, own_address

EVERYWHERE = "0.0.0.0"  # noqa: S104  nothing listens there
OTHERS = ["192.0.2.1", "2001:db8::1"]


def nobody(_: str) -> list[str]:
    raise OSError


@pytest.mark.parametrize(
    ("host", "found", "address"),
    [
        ("inner", [*OTHERS, "127.0.0.1"], "127.0.0.1"),
        ("inner", ["127.0.0.2", *OTHERS], "127.0.0.2"),
        ("inner", OTHERS, "inner"),
        ("127.0.0.1", OTHERS, "127.0.0.1"),
        (EVERYWHERE, OTHERS, EVERYWHERE),
        ("::1", OTHERS, "::1"),
    ],
)
def test_of_those_that_share_a_name_our_own_counts(
    host: str, found: list[str], address: str
) -> None:
    assert own_address(host, lambda _: found) == address


def test_a_name_that_nobody_knows_is_what_it_is() -> None:
    assert own_address("inner", nobody) == "inner"


def test_who_is_on_the_same_machine_finds_it() -> None:
    assert asked_here(EVERYWHERE) == "127.0.0.1"
    assert asked_here("localhost") in ("127.0.0.1", "::1")
    assert asked_here("127.0.0.1") == "127.0.0.1"
