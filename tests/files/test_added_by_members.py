"""A member adds pictures to a report of their own, from their own page, and to nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from files_made import MARK, photograph
from intake_site import FORM, IntakeSite
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from street import hidden

from services.intake.domain.report import CloseReport, FileReport
from shared.contracts.report import FileAttached
from shared.runtime.vault.persons import Persons
from shared.testing.examples import DIGESTS, MONDAY, REPORT_FILED, REPORT_ID, varied

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
PICTURE = photograph()


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    site = IntakeSite(database, knowing(), lambda: NOW, vault=vault)
    who = Persons(vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    await site.do(FileReport(varied(REPORT_FILED, correspondent=who, protected=True)))
    yield site
    vault.close()


async def adds(site: IntakeSite, login: str, *contents: bytes, to: str = REPORT_ID) -> Any:
    files = [("files", (f"{MARK.decode()}.exe", each, "text/html")) for each in contents]
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        form = hidden(await visitor.get("/mine")) | {"to": to}
        for _ in range(2):
            answer = await visitor.post("/mine/files", data=form, files=files or None)
        return answer, (await visitor.get("/mine")).text


def attached(site: IntakeSite) -> list[Any]:
    return [each for each in site.events() if isinstance(each.event, FileAttached)]


async def test_it_goes_with_their_own_report_once_and_says_who(site: IntakeSite) -> None:
    answer, page = await adds(site, ANN, PICTURE)
    assert answer.status_code == 303
    assert "It goes with your report now." in page
    (file,) = attached(site)
    assert file.actor == site.adding.member(ANN, REPORT_ID).text
    assert ANN not in file.actor
    assert site.adding.member(ANN, "c" * 32).text != file.actor
    content = await site.files.whole(REPORT_ID, file.event.digest)
    assert content is not None
    assert MARK not in content


async def test_nobody_adds_to_what_is_not_theirs(site: IntakeSite) -> None:
    for login, to in ((BEN, REPORT_ID), (ANN, "c" * 32), (ANN, "")):
        answer, _ = await adds(site, login, PICTURE, to=to)
        assert answer.status_code == 422
        assert "Choose a report." in answer.text
    assert attached(site) == []
    assert site.files.store.there == {}


async def test_what_is_not_taken_is_told(site: IntakeSite) -> None:
    for contents, words in (((), "Choose pictures or a PDF."), ((b"GIF89a",), "GIF")):
        answer, _ = await adds(site, ANN, *contents)
        assert answer.status_code == 422
        assert words in answer.text
    await site.do(CloseReport(REPORT_ID, "Mended", MONDAY))
    answer, page = await adds(site, ANN, PICTURE)
    assert answer.status_code == 422
    assert "The report has ended" in answer.text
    assert "Add pictures" not in page
    assert attached(site) == []


async def test_what_they_hold_by_its_code_is_theirs(site: IntakeSite) -> None:
    site.vault.keys_of([REPORT_ID])
    code = site.holders.code_of(REPORT_ID)
    assert code
    await site.holding.put(BEN, REPORT_ID, code)
    answer, _ = await adds(site, BEN, PICTURE)
    assert answer.status_code == 303
    assert len(attached(site)) == 1
