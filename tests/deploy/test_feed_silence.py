"""A publication that waits for a suite says so, once, and when it goes on."""

import asyncio

from deploy.commands.feed_silence import AGAIN, AWAY, QUIET, silence_told


def test_why_nothing_comes_is_said_once_and_that_it_goes_on_too() -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    connected, answered = [False], [7]

    async def told() -> list[str]:
        heard = []
        async with silence_told(
            said.put_nowait, lambda: connected[0], lambda: answered[0], quiet_s=0, every_s=0
        ):
            heard.append(await said.get())
            connected[0] = True
            heard.append(await said.get())
            answered[0] += 1
            heard.append(await said.get())
            heard.append(await said.get())
        return heard

    assert asyncio.run(told()) == [AWAY, QUIET, AGAIN, QUIET]
    assert said.empty()


def test_who_is_answered_all_the_time_is_told_nothing() -> None:
    async def told() -> list[str]:
        heard: list[str] = []
        async with silence_told(heard.append, lambda: True, lambda: 0, every_s=0):
            for _ in range(100):
                await asyncio.sleep(0)
        return heard

    assert asyncio.run(told()) == []
