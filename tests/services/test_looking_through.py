"""What the gate tells of how far it is, to a site that strangers may have broken into."""

import pytest

from services.publishing.looking_through import ILL_AFTER_S, MUCH, LookingThrough, Way
from services.publishing.standing import Standing

CATCHING_UP = Standing(whole=False)
WHOLE = Standing(whole=True)


class Inside:
    """Two streams and their relays, as figures."""

    def __init__(self, ends: tuple[int, int], at: tuple[int, int]) -> None:
        self.ends, self.at = ends, at
        self.troubles: list[str] = []
        self.time = 0.0
        self.through = LookingThrough(
            [self._way(0), self._way(1)], lambda: True, lambda: self.troubles, lambda: self.time
        )

    def _way(self, number: int) -> Way:
        async def end() -> int:
            return self.ends[number]

        async def position() -> int:
            return self.at[number]

        return Way(end, position)

    @property
    def told(self) -> Standing:
        return self.through.standing()


async def test_before_it_has_looked_nothing_is_whole() -> None:
    assert Inside((0, 0), (0, 0)).told == CATCHING_UP


async def test_much_is_told_in_whole_percents_until_it_is_looked_through() -> None:
    inside = Inside((58_251, 1_000), (0, 0))
    await inside.through.begin()
    assert inside.told == Standing(whole=False, percent=0)
    inside.at = (29_000, 1_000)
    await inside.through.look()
    assert inside.told == Standing(whole=False, percent=50)
    inside.at = (58_250, 1_000)
    await inside.through.look()
    assert inside.told == Standing(whole=False, percent=99)
    inside.at = (58_251, 1_000)
    await inside.through.look()
    assert inside.told == WHOLE


@pytest.mark.parametrize("waiting", [0, 1, 2, MUCH - 1])
async def test_after_a_start_nobody_can_tell_whether_something_waited(waiting: int) -> None:
    """Where nothing public came of it, that would have been a confidential report."""
    inside = Inside((5_000 + waiting, 7), (5_000, 7))
    await inside.through.begin()
    assert inside.told == CATCHING_UP
    inside.at = inside.ends
    await inside.through.look()
    assert inside.told == WHOLE


async def test_what_comes_in_later_is_not_told_of_whether_it_is_looked_through_or_not() -> None:
    inside = Inside((20, 7), (20, 7))
    await inside.through.begin()
    await inside.through.look()
    for number in range(30):
        inside.ends = (21 + number, 7)
        await inside.through.go_on()
        assert inside.told == WHOLE


async def test_much_that_stands_still_is_told() -> None:
    inside = Inside((20, 7), (20, 7))
    await inside.through.begin()
    await inside.through.look()
    inside.ends = (2_020, 7)
    await inside.through.go_on()
    assert inside.told == WHOLE, "it has only just come"
    await inside.through.go_on()
    assert inside.told == Standing(whole=False, percent=1)
    inside.at = (2_020, 7)
    await inside.through.look()
    assert inside.told == WHOLE


async def test_a_trouble_is_told_of_once_it_lasts() -> None:
    """A short one would end with the next event, and so tell of it."""
    inside = Inside((1, 1), (1, 1))
    assert inside.told.well
    inside.troubles = ["relay public-intake: LogUnavailableError"]
    assert inside.told.well
    inside.time += ILL_AFTER_S
    assert not inside.told.well
    inside.troubles = []
    assert inside.told.well
