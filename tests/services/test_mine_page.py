"""A member sees on their own page how often what they reported was opened, and nobody else does."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from intake_site import IntakeSite
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine, inspect, text

from services.intake.domain.person import ErasePerson
from services.intake.domain.protection import UnsealReport
from services.intake.domain.report import FileReport
from services.intake.protection import ErasePerson as Forget
from shared.contracts.login import SignedOut
from shared.testing.examples import (
    MONDAY,
    PERSON_ERASED,
    REPORT_FILED,
    REPORT_ID,
    report_id,
    varied,
)

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
WORDS = "The overseer hits people"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
HELD = f"Report {REPORT_ID[:8]}"


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    await vault.ahead({REPORT_ID: True})
    found = IntakeSite(database, knowing(), lambda: NOW, vault=vault)
    filed = varied(REPORT_FILED, confidential=True, text=WORDS)
    await found.do(FileReport(filed))
    yield found
    vault.close()


def code(site: IntakeSite, report: str = REPORT_ID) -> str:
    return site.holders.code_of(report) or ""


async def token_on(visitor: httpx.AsyncClient) -> str:
    found = TOKEN.search((await visitor.get("/mine")).text)
    return found[1] if found else "none"


async def shows(
    site: IntakeSite, login: str = ANN, report: str = REPORT_ID, typed: str | None = None
) -> httpx.Response:
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        fields = {"report": report, "code": code(site) if typed is None else typed}
        return await visitor.post("/mine", data={"token": await token_on(visitor)} | fields)


async def page(site: IntakeSite, login: str = ANN) -> str:
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        answer = await visitor.get("/mine")
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.text


async def test_a_member_sees_how_often_and_in_which_role_it_was_opened(site: IntakeSite) -> None:
    assert "No report is here yet" in await page(site)
    for _twice in range(2):
        assert (await shows(site, report="boston/101")).status_code == 303
    assert (await page(site)).count(HELD) == 1
    assert "Nobody was shown them." in await page(site)
    for role, again in (("inspector", 0), ("inspector", 1), ("editor", 2)):
        at = MONDAY + timedelta(hours=again)
        await site.do(UnsealReport(REPORT_ID, role, "The house is to be found", at))
    told = await page(site)
    assert "inspector: 2 times" in told
    assert "editor: 1 time<" in told
    for hidden in (WORDS, "The house is to be found", REPORT_FILED.correspondent, "boston", ANN):
        assert str(hidden) not in told.replace("boston/101", ""), "neither words, nor why, nor who"
    assert "No report is here yet" in await page(site, BEN), "another member"


async def test_it_is_written_down_nowhere_but_in_the_vault(
    site: IntakeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(site.events())
    assert (await shows(site)).status_code == 303
    await page(site)
    assert len(site.events()) == before
    rows = ""
    with site.engine.connect() as connection:
        for table in inspect(site.engine).get_table_names():
            rows += repr(connection.execute(text(f'SELECT * FROM "{table}"')).fetchall())  # noqa: S608
    said = rows + "".join(capsys.readouterr())
    assert ANN not in said
    assert code(site) not in said
    assert ANN.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("report", "typed"),
    [
        (REPORT_ID, "00000-00000-00000-00000"),
        ("boston/102", None),
        (report_id(7), None),
        ("../../etc", None),
    ],
)
async def test_what_is_not_the_code_of_a_sealed_report_tells_nothing(
    site: IntakeSite, report: str, typed: str | None
) -> None:
    """Whether there is such a report, and whether it is sealed, would be something."""
    answer = await shows(site, report=report, typed=typed)
    assert answer.status_code == 403
    assert "That is not the code of this report" in answer.text
    assert code(site) not in answer.text
    assert "No report is here yet" in await page(site)


async def test_what_is_not_filled_in_is_to_be_mended(site: IntakeSite) -> None:
    for report, typed in (("", code(site)), (REPORT_ID, ""), (REPORT_ID, "0" * 61)):
        answer = await shows(site, report=report, typed=typed)
        assert answer.status_code == 422
        assert "There is something to mend" in answer.text


async def test_who_is_no_member_or_has_signed_out_sees_nothing(site: IntakeSite) -> None:
    assert (await shows(site)).status_code == 303
    token = SIGNER.token(session("member", "", ANN))
    async with site.visitor(token) as ann:
        form = await token_on(ann)
        begun = session("member", "", ANN).begun
        out = NOW.fromtimestamp(begun, NOW.tzinfo)
        site.sessions.learn(SignedOut(login_id=ANN, begun=out))
        assert (await ann.get("/mine")).status_code in (303, 401)
        for path in ("/mine", "/mine/off"):
            fields = {"token": form, "report": REPORT_ID, "code": code(site)}
            assert (await ann.post(path, data=fields)).status_code == 401
    async with site.visitor(SIGNER.token(session(who="ina"))) as ina:
        assert (await ina.get("/mine")).status_code == 403, "of the staff nobody is a member"
    async with site.visitor() as nobody:
        assert (await nobody.get("/mine")).status_code in (303, 401)
    assert site.holders.of(ANN) == [REPORT_ID]


async def test_a_form_from_elsewhere_does_nothing(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session("member", "", ANN))) as ann:
        form = await token_on(ann)
        fields = {"report": REPORT_ID, "code": code(site)}
        for headers, token in (({"Sec-Fetch-Site": "cross-site"}, form), ({}, ""), ({}, "x")):
            for path in ("/mine", "/mine/off"):
                sent = {"token": token} | fields
                answer = await ann.post(path, data=sent, headers=headers)
                assert answer.status_code == 403
    assert site.holders.of(ANN) == []


async def test_it_is_taken_off_by_its_member_alone(site: IntakeSite) -> None:
    await shows(site)
    for login, left in ((BEN, [REPORT_ID]), (ANN, []), (ANN, [])):
        async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
            fields = {"token": await token_on(visitor), "report": REPORT_ID}
            assert (await visitor.post("/mine/off", data=fields)).status_code == 303
        assert site.holders.of(ANN) == left
    assert HELD not in await page(site)


async def test_erased_it_is_on_nobodys_page(site: IntakeSite) -> None:
    await shows(site)
    held = code(site)
    await site.do(UnsealReport(REPORT_ID, "inspector", "The house is to be found", MONDAY))
    site.vault.destroy([REPORT_ID])
    assert site.holders.of(ANN) == []
    assert HELD not in await page(site)
    assert (await shows(site, typed=held)).status_code == 403


async def test_who_was_erased_holds_nothing_more(site: IntakeSite) -> None:
    """Nor whoever comes with the code once that is written down."""
    assert await site.holding.code_of(REPORT_ID) == code(site)
    await shows(site)
    who = str(REPORT_FILED.correspondent)
    await site.do(ErasePerson(varied(PERSON_ERASED, person_id=who)))
    await site.protection.erase_person(Forget(person_id=who, reason="Asked for"))
    assert site.holders.of(ANN) == []
    assert await site.holding.code_of(REPORT_ID) is None, "nor has the receipt a code"
    assert (await shows(site)).status_code == 403
    assert site.holders.of(ANN) == []


async def test_while_the_vault_is_away_nothing_is_told(site: IntakeSite) -> None:
    """Not that nothing is there."""
    async with site.visitor(SIGNER.token(session("member", "", ANN))) as ann:
        fields = {"token": await token_on(ann), "report": REPORT_ID, "code": code(site)}
        site.vault.close()
        for answer in (await ann.get("/mine"), await ann.post("/mine", data=fields)):
            assert answer.status_code == 503
            assert "No report is here yet" not in answer.text
