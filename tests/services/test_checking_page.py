"""A member who was drawn sees what for, says whether they will, and gives a finding once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from checkers_drawn import ANN, BEN, TASK, TOKEN, Here
from signed_in import SIGNER, session
from sqlalchemy import Engine

from services.intake.domain.checker import MOST_IN_A_DAY
from services.intake.domain.report import FileReport
from services.intake.site.checking_page import MOST_NAMED
from shared.contracts.checking import (
    AppealMade,
    CheckerAccepted,
    CheckerDeclined,
    CheckerReady,
    CheckerSteppedBack,
    FindingConflicted,
    FindingGiven,
    VerdictReached,
)
from shared.contracts.party import Parties, Party
from shared.testing.examples import CHECKING_ID, CHECKING_OPENED, REPORT_FILED, varied


@pytest.fixture
def here(database: Engine, tmp_path: Path) -> Iterator[Here]:
    here = Here(database, tmp_path)
    yield here
    here.vault.close()


async def test_who_is_nobody_yet_is_told_so_and_is_not_drawn(here: Here) -> None:
    assert "report something first" in await here.page(ANN)
    await here.posts(ANN, "ready")
    assert here.told(CheckerReady) == []


async def test_a_member_lets_themselves_be_drawn_says_for_whom_not_and_steps_back(
    here: Here,
) -> None:
    await here.qualifies(ANN)
    for _ in range(2):
        await here.posts(ANN, "ready", ties="Parks\n\n Public Works ", societies="Lamps")
    (ready,) = here.told(CheckerReady)
    assert (ready.ties, ready.societies) == (("Parks", "Public Works"), ("Lamps",))
    shown = await here.page(ANN)
    assert "You may be drawn." in shown
    assert "Parks\nPublic Works" in shown
    for _ in range(2):
        await here.posts(ANN, "back")
    assert len(here.told(CheckerSteppedBack)) == 1
    assert "You are not drawn." in await here.page(ANN)


async def test_nobody_is_written_down_without_end_and_whoever_wants_to_stop_can(here: Here) -> None:
    await here.qualifies(ANN)
    for number in range(MOST_IN_A_DAY + 3):
        await here.posts(ANN, "ready", ties=f"Parks {number}")
    assert len(here.told(CheckerReady)) == MOST_IN_A_DAY
    assert "You have said so ten times today." in await told(here, ties="One more")
    await here.posts(ANN, "back")
    assert len(here.told(CheckerSteppedBack)) == 1


async def told(here: Here, **ready: str) -> str:
    """What the answer to that says, or the page after it."""
    async with here.site.visitor(SIGNER.token(session("member", "", ANN))) as visitor:
        token = TOKEN.search((await visitor.get("/checking")).text)
        assert token
        answer = await visitor.post("/checking/ready", data={"token": token[1]} | ready)
        return answer.text if answer.status_code != 303 else (await visitor.get("/checking")).text


async def test_no_tie_is_left_out_where_there_are_too_many(here: Here) -> None:
    await here.qualifies(ANN)
    names = "\n".join(f"Parks {number}" for number in range(MOST_NAMED + 1))
    assert "at most 20" in await told(here, ties=names)
    assert here.told(CheckerReady) == []


async def test_who_was_drawn_accepts_and_gives_a_finding_once(here: Here) -> None:
    await here.draws(ANN, BEN)
    assert TASK in await here.page(ANN)
    for _ in range(2):
        await here.posts(ANN, "accept", checking=CHECKING_ID)
    assert len(here.told(CheckerAccepted)) == 1
    form = await here.posts(ANN, "finding", checking=CHECKING_ID)
    assert 'name="rests_on" value="1"' in form.text
    for _ in range(2):
        await here.finds(ANN)
    (given,) = here.told(FindingGiven)
    assert (given.member_id, given.verdict, given.words) == (
        here.person(ANN),
        "not done",
        "Dark still",
    )
    assert "Your finding counts" in await here.page(ANN)
    await here.finds(ANN, "done")
    assert len(here.told(FindingGiven)) == 1


async def test_who_acts_for_the_owner_or_a_unit_above_it_does_not_check_what_it_says(
    here: Here,
) -> None:
    owning = here.site.owning
    acting = frozenset((owning.number(ANN),))
    owning.parties = Parties(
        [
            Party("works", CHECKING_OPENED.owner, above="town"),
            Party("town", "The town", members=acting),
        ]
    )
    await here.draws(ANN, BEN)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    assert here.told(CheckerAccepted) == []
    await here.posts(BEN, "accept", checking=CHECKING_ID)
    await here.posts(ANN, "decline", checking=CHECKING_ID)
    assert [each.member_id for each in here.told(CheckerAccepted)] == [here.person(BEN)]
    assert [each.member_id for each in here.told(CheckerDeclined)] == [here.person(ANN)]


async def test_who_declines_is_asked_no_more(here: Here) -> None:
    await here.draws(ANN, BEN)
    for _ in range(2):
        await here.posts(ANN, "decline", checking=CHECKING_ID)
    assert len(here.told(CheckerDeclined)) == 1
    shown = await here.page(ANN)
    assert "You declined" in shown
    assert "I will look at" not in shown


async def test_nobody_else_learns_of_it_or_has_a_say(here: Here) -> None:
    await here.draws(BEN)
    here.person(ANN)
    assert TASK not in await here.page(ANN)
    for act in ("accept", "decline", "finding"):
        answer = await here.posts(ANN, act, checking=CHECKING_ID)
        assert TASK not in answer.text
    await here.finds(ANN)
    assert here.told(CheckerAccepted) == here.told(FindingGiven) == []


async def test_a_finding_that_comes_when_it_is_settled_is_kept_and_shown_as_a_conflict(
    here: Here,
) -> None:
    await here.moves_on()
    assert len(here.told(VerdictReached)) == 1
    assert "The verdict is: Not done." in await here.page(BEN)
    await here.finds(ANN, "done")
    assert "it is kept, and counts for nothing" in await here.page(ANN)
    assert len(here.told(FindingConflicted)) == 1


async def test_what_is_missing_is_asked_for_once_more(here: Here) -> None:
    await here.draws(ANN, BEN)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    wrong = {"verdict": "", "words": "", "place": "us.zz", "seen_on": "tomorrow", "rests_on": "1"}
    answer = await here.posts(ANN, "finding", checking=CHECKING_ID, **wrong)
    assert answer.status_code == 422
    for what in ("Choose what you found.", "Say in a few words", "Type a day such as"):
        assert what in answer.text
    assert here.told(FindingGiven) == []


async def test_who_reported_it_may_appeal_once_and_nobody_else(here: Here) -> None:
    filed = varied(REPORT_FILED, correspondent=here.person(ANN), protected=True)
    await here.site.do(FileReport(filed))
    await here.draws(BEN, agree=1)
    here.person(BEN)
    await here.posts(BEN, "accept", checking=CHECKING_ID)
    await here.finds(BEN, "done")
    fields = {"checking": CHECKING_ID, "reason": "The next one is dark"}
    await here.posts(BEN, "appeal", **fields)
    assert here.told(AppealMade) == []
    assert "Verdicts on what I reported" in await here.page(ANN)
    for _ in range(2):
        await here.posts(ANN, "appeal", **fields)
    (appeal,) = here.told(AppealMade)
    assert (appeal.appellant, appeal.reason) == ("reporter", "The next one is dark")
