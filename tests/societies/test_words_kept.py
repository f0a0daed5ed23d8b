"""What people typed for societies: kept once, found, replaced, and gone with who typed it."""

import pytest
from sqlalchemy import Engine

from services.promotion.app import CATEGORIES
from services.promotion.domain.society import (
    FoundSociety,
    JoinSociety,
    LeaveSociety,
    SocietyCommand,
)
from services.promotion.domain.society_rules import NoMemberError
from services.promotion.domain.society_state import Society
from services.promotion.societies.doing import (
    MOST_A_DAY,
    Charter,
    Held,
    Societies,
    TooManyADayError,
)
from services.promotion.societies.words import SocietyWords, Words
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import (
    DAY,
    FOUNDER_ID,
    MONDAY,
    ROXBURY,
    SECOND_ID,
    SOCIETY_FOUNDED,
    SOCIETY_ID,
)
from shared.web.sessions import Session

ANN, BOB = Session(FOUNDER_ID, "member"), Session(SECOND_ID, "member")
ONCE = "1" * 32
HELD = Held("We mended a lamp", ROXBURY, MONDAY.date(), 12)
LAMPS = Words("1" * 32, "a" * 32, FOUNDER_ID, "For 100 % light", MONDAY, "Lamps", ("Safety", "a_b"))


@pytest.fixture
def words(database: Engine) -> SocietyWords:
    return SocietyWords(database)


async def test_they_are_there_once_and_as_they_were(words: SocietyWords) -> None:
    assert await words.keep(LAMPS)
    assert not await words.keep(LAMPS)
    assert await words.some([LAMPS.words_id, "2" * 32]) == {LAMPS.words_id: LAMPS}


async def test_signs_of_patterns_are_signs(words: SocietyWords) -> None:
    await words.keep(LAMPS)
    for typed, tag in (("lamps light", ""), ("100 %", ""), ("", "safety"), ("", "a_b")):
        (found,) = await words.newest(typed, tag)
        assert found[1:] == (LAMPS.society_id, LAMPS.author)
    for typed, tag in (("lamps moon", ""), ("1%0", ""), ("", "safe"), ("", "axb"), ("", "a%b")):
        assert await words.newest(typed, tag) == []


async def test_they_go_with_who_wrote_them(words: SocietyWords) -> None:
    await words.keep(LAMPS)
    await words.erase([SECOND_ID])
    assert await words.newest("lamps")
    await words.erase([FOUNDER_ID])
    assert await words.newest("lamps") == []


def societies(words: SocietyWords) -> Societies:
    handler = CommandHandler(InMemoryEventStore(), CATEGORIES, lambda: MONDAY)
    return Societies(handler, words, lambda: MONDAY, lambda _: False)


async def given(found: Societies, *commands: SocietyCommand) -> Society:
    for number, command in enumerate(commands):
        await found.handler.carry_out(Envelope(command, f"{number:032x}"))
    return await found.one(SOCIETY_ID)


async def test_of_what_is_refused_nothing_is_kept(words: SocietyWords) -> None:
    found = societies(words)
    await given(found, FoundSociety(SOCIETY_FOUNDED))
    with pytest.raises(NoMemberError):
        await found.hold(BOB, SOCIETY_ID, ONCE, HELD)
    assert await words.some([_of(BOB)]) == {}


async def test_a_form_that_is_sent_again_too_late_takes_nothing_away(words: SocietyWords) -> None:
    found = societies(words)
    joins = JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)
    await given(found, FoundSociety(SOCIETY_FOUNDED), joins)
    await found.hold(BOB, SOCIETY_ID, ONCE, HELD)
    await found.give(LeaveSociety(SOCIETY_ID, SECOND_ID, MONDAY), BOB)
    await found.hold(BOB, SOCIETY_ID, ONCE, HELD)
    assert _of(BOB) in await words.some([_of(BOB)])


async def test_one_member_names_ten_societies_a_day(words: SocietyWords) -> None:
    found, charter = societies(words), Charter("Lamps", "All lamps")
    for number in range(MOST_A_DAY):
        last = await found.found(ANN, f"{number:032x}", charter, [ROXBURY], [])
    with pytest.raises(TooManyADayError):
        await found.found(ANN, ONCE, charter, [ROXBURY], [])
    assert len(await words.newest("lamps")) == MOST_A_DAY
    assert await found.found(ANN, f"{MOST_A_DAY - 1:032x}", charter, [ROXBURY], []) == last
    await found.found(BOB, ONCE, charter, [ROXBURY], [])
    tomorrow = Societies(found.handler, words, lambda: MONDAY + 2 * DAY, found.is_closed)
    await tomorrow.found(ANN, ONCE, charter, [ROXBURY], [])


def _of(who: Session) -> str:
    return aggregate_id("words", SOCIETY_ID, f"{who.login_id}\n{ONCE}")
