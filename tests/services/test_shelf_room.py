"""However large what strangers ask for is, the shelf keeps so much and no more."""

from datetime import UTC, datetime

import pytest

from services.publishing.site import shelf as shelves
from services.publishing.site.page import Page
from services.publishing.site.shelf import Shelf

AT = datetime(2031, 3, 4, tzinfo=UTC)


async def test_large_pages_leave_the_shelf_before_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelves, "MOST_SIGNS", 1_000)
    shelf = Shelf(lambda: 1)

    async def page(number: int, signs: int) -> None:
        async def rendered() -> Page:
            return Page("x" * signs, AT)

        await shelf.page(str(number), rendered)

    for number in range(20):
        await page(number, 300)
    kept = [number for number in range(20) if shelf.last(str(number))]
    assert kept == [17, 18, 19]
    await page(20, 5_000)
    assert [n for n in range(21) if shelf.last(str(n))] == [20], "the one that was asked for stays"
    await page(21, 10)
    assert [n for n in range(22) if shelf.last(str(n))] == [21]
