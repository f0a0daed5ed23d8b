"""A member who was drawn sees what for, says whether they will, and gives a finding once."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from intake_site import FORM, IntakeSite
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.app import by_charter
from services.intake.domain.checker import NoteQualified
from services.intake.domain.checking import LookAtChecking, OpenChecking
from services.intake.domain.draw import Candidate
from services.intake.domain.report import FileReport
from shared.contracts.checking import (
    AppealMade,
    CheckerAccepted,
    CheckerDeclined,
    CheckerQualified,
    CheckerReady,
    CheckerSteppedBack,
    CheckingTerms,
    FindingConflicted,
    FindingGiven,
    VerdictReached,
)
from shared.contracts.party import Parties, Party
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.runtime.vault.persons import Persons
from shared.testing.examples import (
    CHECKING_ID,
    CHECKING_OPENED,
    DAY,
    DIGESTS,
    REPORT_FILED,
    ROXBURY,
    varied,
)

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
TASK = "Mend the lamp"


class Here:
    def __init__(self, site: IntakeSite, persons: Persons) -> None:
        self.site = site
        self.persons = persons

    def person(self, login: str) -> str:
        return self.persons.id_of(FORM, self.site.belonging.pseudonym(login)) or ""

    def told(self, kind: type) -> list[Any]:
        return [each.event for each in self.site.events() if isinstance(each.event, kind)]

    async def qualifies(self, login: str) -> None:
        """As intake notes it under a charter that has claims checked."""
        site = self.site
        handler = CommandHandler(site.opened, by_charter(CheckingTerms()), site.clock.now)
        qualified = CheckerQualified(member_id=self.person(login), place=ROXBURY)
        for name in ("once", "twice"):
            await handler.handle([Envelope(NoteQualified(qualified), id=name)])

    async def draws(self, *logins: str, agree: int = 2, days: int = 0) -> None:
        """So many days later, by who is asked then."""
        at = self.site.clock.now()
        opened = varied(
            CHECKING_OPENED, opened_at=at, terms=CheckingTerms(agree=agree).model_dump()
        )
        await self.site.do(OpenChecking(opened))
        pool = [Candidate(self.person(login), ROXBURY, 1) for login in logins]
        await self.site.do(LookAtChecking(CHECKING_ID, pool, 2, frozenset(), at + days * DAY))

    async def posts(self, login: str, act: str, **fields: str) -> httpx.Response:
        async with self.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
            found = TOKEN.search((await visitor.get("/checking")).text)
            data = {"token": found[1] if found else ""} | fields
            return await visitor.post(f"/checking/{act}", data=data)

    async def page(self, login: str) -> str:
        async with self.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
            answer = await visitor.get("/checking")
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.text

    async def finds(self, login: str, verdict: str = "not done", rests_on: str = "1") -> None:
        found = {"verdict": verdict, "words": "Dark still", "place": ROXBURY}
        when = {"seen_on": "2030-01-07", "rests_on": rests_on}
        await self.posts(login, "finding", checking=CHECKING_ID, **found, **when)


@pytest.fixture
async def here(database: Engine, tmp_path: Path) -> AsyncIterator[Here]:
    vault = vault_in(tmp_path)
    yield Here(IntakeSite(database, knowing(), lambda: NOW, vault=vault), Persons(vault, DIGESTS))
    vault.close()


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
    await here.draws(ANN, BEN, agree=1)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    await here.posts(BEN, "accept", checking=CHECKING_ID)
    drawn = {each.member_id for each in here.told(CheckerAccepted)}
    first, *others = [login for login in (ANN, BEN) if here.person(login) in drawn]
    await here.finds(first)
    assert len(here.told(VerdictReached)) == 1
    assert "The verdict is: Not done." in await here.page(first)
    for login in others:
        await here.finds(login, "done")
        assert "it is kept, and counts for nothing" in await here.page(login)
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
