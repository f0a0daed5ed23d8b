"""Passphrases are hashed slowly on purpose, and that stops neither the service nor other people."""

import asyncio
from threading import Event

import pytest
from argon2 import PasswordHasher

from services.promotion.signing.passphrases import (
    COST,
    OWN_WAITING,
    WAITING,
    WAITING_OF_ONE,
    Passphrases,
    Place,
    TooBusyError,
    is_good,
)

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FLOOD, HOME, X = [Place(each, each) for each in ("a flood", "at home", "x")]
GOOD = "seven green lamps at night"


def test_only_long_ones_of_several_signs_are_good() -> None:
    assert is_good(GOOD)
    assert is_good("夜の七つの緑の灯りを見る")
    assert not is_good("lamp at 9pm")
    assert not is_good("a" * 40)
    assert not is_good(GOOD * 20)


async def test_the_right_one_is_right_however_it_is_composed() -> None:
    passphrases = Passphrases(CHEAP)
    kept = await passphrases.hashed("café de la paix")
    assert await passphrases.is_right("cafe\u0301 de la paix", kept)
    assert not await passphrases.is_right("cafe de la paix", kept)
    assert not await passphrases.is_right("the passphrase of nobody", None)
    assert not await passphrases.is_right(GOOD, b"no hash at all")


async def test_it_is_argon2id_at_what_owasp_asks_for_and_salted() -> None:
    assert COST.time_cost >= 2
    assert COST.memory_cost >= 19 * 1024
    one, other = [await Passphrases(CHEAP).hashed(GOOD) for _ in range(2)]
    assert one.startswith(b"$argon2id$v=19$")
    assert one != other


async def test_nobody_who_is_not_there_is_answered_sooner() -> None:
    """The same work is done: the hash that stands for nobody has the same cost."""
    passphrases = Passphrases()
    kept = await passphrases.hashed(GOOD)
    assert passphrases._nobodys.split("$")[:4] == kept.decode().split("$")[:4]
    tried = [asyncio.create_task(passphrases.is_right(GOOD, None, X)) for _ in range(4)]
    done = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(each) for each in done] == [bool] * 3 + [TooBusyError], "each waits for its turn"


async def test_a_flood_from_one_address_leaves_others_their_places_and_the_loop_free() -> None:
    passphrases = Passphrases()
    flood = [asyncio.create_task(passphrases.hashed(GOOD, FLOOD)) for _ in range(50)]
    await asyncio.sleep(0)
    mine = asyncio.create_task(passphrases.hashed(GOOD, HOME))
    turns = 0
    while not mine.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 10, "the event loop stood still"
    assert (await mine).startswith(b"$argon2id$")
    done = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(each, bytes) for each in done) == WAITING_OF_ONE
    assert {type(each) for each in done} == {bytes, TooBusyError}
    assert await passphrases.hashed(GOOD, FLOOD), "what was done takes no place any more"


async def test_who_goes_away_leaves_no_place_free_before_the_work_is_done() -> None:
    passphrases = Passphrases()
    gone = [asyncio.create_task(passphrases.hashed(GOOD, X)) for _ in range(WAITING_OF_ONE)]
    await asyncio.sleep(0)
    for each in gone:
        each.cancel()
    await asyncio.sleep(0)
    with pytest.raises(TooBusyError):
        await passphrases.hashed(GOOD, X)


def held(passphrases: Passphrases) -> Event:
    """Nothing is hashed until it is set."""
    gate = Event()
    passphrases._thread.submit(gate.wait)
    return gate


async def settled(tries: list[asyncio.Task[bytes]]) -> list[type]:
    return [type(each) for each in await asyncio.gather(*tries, return_exceptions=True)]


async def test_whoever_waits_most_gives_way_to_who_comes_new() -> None:
    """Eight networks fill all places; there is one for the ninth."""
    passphrases = Passphrases(CHEAP)
    gate = held(passphrases)
    full = WAITING // WAITING_OF_ONE
    places = [Place(f"{each}", f"{each}") for each in range(full) for _ in range(WAITING_OF_ONE)]
    flood = [asyncio.create_task(passphrases.hashed(GOOD, place)) for place in places]
    await asyncio.sleep(0)
    mine = asyncio.create_task(passphrases.hashed(GOOD, HOME))
    await asyncio.sleep(0)
    gate.set()
    assert await settled([mine]) == [bytes]
    assert sorted(each.__name__ for each in await settled(flood)) == (
        ["TooBusyError"] + ["bytes"] * (WAITING - 1)
    )


async def test_an_own_browser_has_places_that_a_flood_does_not_take() -> None:
    """Of the same network, or of so many that each has one place only."""
    passphrases = Passphrases(CHEAP)
    gate = held(passphrases)
    flood = [
        asyncio.create_task(passphrases.hashed(GOOD, Place(f"{each}", f"{each}")))
        for each in range(WAITING)
    ]
    await asyncio.sleep(0)
    mine = asyncio.create_task(passphrases.hashed(GOOD, Place("login 1", "0", is_own=True)))
    other = asyncio.create_task(passphrases.hashed(GOOD, HOME))
    await asyncio.sleep(0)
    gate.set()
    done, _ = await asyncio.wait([mine, *flood[2:]], return_when=asyncio.FIRST_COMPLETED)
    assert mine in done, "it does not wait behind them"
    assert await settled([mine, other]) == [bytes, TooBusyError]
    assert set(await settled(flood)) == {bytes}


async def test_own_browsers_of_one_network_leave_a_place_for_another_one() -> None:
    passphrases = Passphrases(CHEAP)
    gate = held(passphrases)
    flood = [
        asyncio.create_task(passphrases.hashed(GOOD, Place(f"login {each}", "0", is_own=True)))
        for each in range(OWN_WAITING)
    ]
    await asyncio.sleep(0)
    mine = asyncio.create_task(passphrases.hashed(GOOD, Place("login mine", "1", is_own=True)))
    await asyncio.sleep(0)
    gate.set()
    assert await settled([mine]) == [bytes]
    assert (await settled(flood)).count(TooBusyError) == 1
