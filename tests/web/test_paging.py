"""A long list goes on to what is older, and back to the newest, with all that it was cut by."""

import pytest

from shared.web.paging import address, paged

ROWS = [{"sequence": number} for number in range(9, 0, -1)]


def test_one_row_more_than_fit_means_that_there_are_older_ones() -> None:
    page = paged(ROWS[:4], 3, "/overdue", None, "sequence", place="us.ma")
    assert [row["sequence"] for row in page.rows] == [9, 8, 7]
    assert (page.newest, page.older) == ("", "/overdue?place=us.ma&before=7")


def test_the_last_page_leads_back_only() -> None:
    page = paged(ROWS[6:], 3, "/overdue", 4, "sequence", place=None)
    assert [row["sequence"] for row in page.rows] == [3, 2, 1]
    assert (page.newest, page.older) == ("/overdue", "")


def test_beyond_the_last_there_is_the_way_back() -> None:
    assert paged([], 3, "/overdue", 1, "sequence") == paged([], 5, "/overdue", 0, "sequence")
    assert paged([], 3, "/overdue", None, "sequence").newest == ""


@pytest.mark.parametrize(
    ("query", "told"), [({}, "/x"), ({"a": None}, "/x"), ({"a": "b&c", "d": 0}, "/x?a=b%26c&d=0")]
)
def test_an_address_has_what_is_there(query: dict[str, object], told: str) -> None:
    assert address("/x", **query) == told
