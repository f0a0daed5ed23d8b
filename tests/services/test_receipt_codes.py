"""Receipt codes: sixteen digits that only who was given them has."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.trail.codes import (
    MOST_OF_ONE,
    MOST_WAITING,
    Cost,
    ReceiptCodes,
    read_code,
)
from shared.eventsourcing.digests import Digests
from shared.web.fair_share import ASKING
from shared.web.turns import NoTurnError

ONCE = "0123456789abcdef" * 2
LITTLE = Cost(passes=1, kib=8)


@pytest.fixture
def codes() -> ReceiptCodes:
    return ReceiptCodes(Digests(b"one instance"), LITTLE)


def test_a_form_has_one_code_and_another_form_another(codes: ReceiptCodes) -> None:
    code = codes.code_of(ONCE)
    assert code == codes.code_of(ONCE) != codes.code_of(ONCE[::-1])
    assert [len(group) for group in code.split(" ")] == [4, 4, 4, 4]
    assert code.replace(" ", "").isdecimal()


async def test_a_name_is_the_same_for_the_same_code_and_instance_only(codes: ReceiptCodes) -> None:
    code = codes.code_of(ONCE)
    name = await codes.name_of(code)
    assert name == await codes.name_of(code.replace(" ", ""))
    assert name != await ReceiptCodes(Digests(b"another"), LITTLE).name_of(code)
    assert len(name) == 32
    assert code.replace(" ", "") not in name


async def test_so_many_wait_and_no_more(codes: ReceiptCodes) -> None:
    asked = [asyncio.ensure_future(codes.name_of(ONCE[:16])) for _ in range(MOST_WAITING + 3)]
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(each, NoTurnError) for each in done) == 3
    assert await codes.name_of(ONCE[:16]) in done, "and afterwards it goes on"


async def test_one_address_leaves_room_for_others(codes: ReceiptCodes) -> None:
    async def asks(address: str) -> str:
        ASKING.set(address)
        return await codes.name_of(ONCE[:16])

    flood = [asyncio.create_task(asks("198.51.100.1")) for _ in range(40)]
    other = asyncio.create_task(asks("198.51.100.2"))
    done = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(each, NoTurnError) for each in done) == 40 - MOST_OF_ONE
    assert len(await other) == 32
    assert len(await asks("198.51.100.1")) == 32, "and afterwards it has its turn again"


@given(st.text("0123456789", min_size=16, max_size=16), st.data())
def test_digits_of_any_script_are_read_however_they_are_grouped(
    digits: str, data: st.DataObject
) -> None:
    zero = data.draw(st.sampled_from("0٠۰०০"))  # noqa: RUF001
    parts = data.draw(st.lists(st.sampled_from(["", " ", "-", "–", "\u200f"]), min_size=16))
    typed = "".join(
        chr(ord(zero) + int(digit)) + part for digit, part in zip(digits, parts, strict=False)
    )
    assert read_code(typed) == digits


@given(st.text(max_size=80))
def test_anything_else_is_none(typed: str) -> None:
    read = read_code(typed)
    assert read is None or (len(read) == 16 and read.isascii() and read.isdecimal())
