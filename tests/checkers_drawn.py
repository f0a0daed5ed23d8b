"""Members who let themselves be drawn as checkers, before intake's pages and a log in memory."""

import re
from pathlib import Path
from typing import Any

import httpx
from intake_site import FORM, IntakeSite
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.app import by_charter
from services.intake.domain.checker import NoteQualified
from services.intake.domain.checking import OpenChecking
from services.intake.domain.checking_looked import LookAtChecking
from services.intake.domain.draw import Candidate
from shared.contracts.checking import CheckerQualified, CheckingTerms
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.runtime.vault.persons import Persons
from shared.testing.examples import CHECKING_ID, CHECKING_OPENED, DAY, DIGESTS, ROXBURY, varied

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
TASK = "Mend the lamp"


class Here:
    def __init__(self, engine: Engine, folder: Path) -> None:
        self.vault = vault_in(folder)
        self.site = IntakeSite(engine, knowing(), lambda: NOW, vault=self.vault)
        self.persons = Persons(self.vault, DIGESTS)

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

    async def draws(self, *logins: str, agree: int = 2, days: int = 0, **changes: str) -> None:
        """So many days later, by who is asked then."""
        at = self.site.clock.now()
        terms = CheckingTerms(agree=agree).model_dump()
        told = {"claimed_at": at, "opened_at": at, "terms": terms}
        opened = varied(CHECKING_OPENED, **told, **changes)
        await self.site.do(OpenChecking(opened))
        pool = [Candidate(self.person(login), ROXBURY, 1) for login in logins]
        looked = LookAtChecking(opened.checking_id, pool, 2, frozenset(), at + days * DAY)
        await self.site.do(looked)

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

    async def finds(
        self,
        login: str,
        verdict: str = "not done",
        rests_on: str = "1",
        checking: str = CHECKING_ID,
    ) -> None:
        found = {"verdict": verdict, "words": "Dark still", "place": ROXBURY}
        when = {"seen_on": "2030-01-07", "rests_on": rests_on}
        await self.posts(login, "finding", checking=checking, **found, **when)

    async def moves_on(self, checking: str = CHECKING_ID) -> None:
        """She says that she will look, and is away until somebody else was asked and found."""
        await self.draws(ANN, agree=1, checking_id=checking)
        await self.posts(ANN, "accept", checking=checking)
        await self.settles(checking)

    async def settles(self, checking: str = CHECKING_ID) -> None:
        await self.draws(ANN, BEN, agree=1, days=9, checking_id=checking)
        await self.posts(BEN, "accept", checking=checking)
        await self.finds(BEN, checking=checking)
