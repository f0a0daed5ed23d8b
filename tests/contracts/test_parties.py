"""Owners are known by any of their names, each in the units above it."""

from shared.contracts.party import NO_PARTIES, Parties, Party

CITY = Party("city", "City of Boston")
WORKS = Party("works", "Public Works", ("PWD", "Dept. of Public Works"), "city")
LAMPS = Party("lamps", "Lamp Office", (), "works", frozenset(("f" * 32,)))
UTILITY = Party("utility", "Électricité")
PARTIES = Parties((CITY, WORKS, LAMPS, UTILITY))


def test_any_name_leads_to_the_party_whatever_its_capitals_blanks_and_forms() -> None:
    for name in ("PWD", "pwd", " public  works ", "Dept. of Public Works", "PUBLIC WORKS"):
        assert PARTIES.owner(name) == "Public Works"
    assert PARTIES.of("E\u0301lectricite\u0301") == UTILITY


def test_who_is_unknown_stays_as_given() -> None:
    assert PARTIES.owner(" Ana  Ruiz") == " Ana  Ruiz"
    assert PARTIES.names("Ana Ruiz") == ("Ana Ruiz",)
    assert (PARTIES.of("Ana Ruiz"), PARTIES.units("Ana Ruiz")) == (None, ())
    assert NO_PARTIES.owner("PWD") == "PWD"


def test_a_party_is_asked_for_by_all_that_events_may_have_called_it() -> None:
    assert PARTIES.names("pwd") == ("Public Works", "PWD", "Dept. of Public Works", "pwd")
    assert PARTIES.other_names("Public Works") == ("PWD", "Dept. of Public Works")


def test_the_units_above_are_told_from_the_smallest_up() -> None:
    assert PARTIES.units("Lamp Office") == (LAMPS, WORKS, CITY)
    assert (PARTIES.above("Lamp Office"), PARTIES.above("City of Boston")) == (WORKS, None)
    assert set(PARTIES.below("works")) == {WORKS, LAMPS}


def test_who_is_above_and_who_is_below_share_a_unit_and_neighbours_do_not() -> None:
    assert PARTIES.share_a_unit("Lamp Office", "city of boston")
    assert PARTIES.share_a_unit("City of Boston", "PWD")
    assert PARTIES.share_a_unit("Ana Ruiz", "Ana Ruiz")
    assert not PARTIES.share_a_unit("Lamp Office", "Électricité")
    assert not PARTIES.share_a_unit("Ana Ruiz", "PWD")


def test_a_member_acts_for_the_parties_that_name_them() -> None:
    assert (PARTIES.for_whom("f" * 32), PARTIES.for_whom("e" * 32)) == ((LAMPS,), ())


def test_a_ring_which_no_charter_has_ends() -> None:
    ring = Parties((Party("a", "A", (), "b"), Party("b", "B", (), "a")))
    assert [each.code for each in ring.units("A")] == ["a", "b"]
