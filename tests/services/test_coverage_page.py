"""The staff sees what is covered, and where it is blind; nobody else does."""

import csv
import io
from pathlib import Path

import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.beat import AccreditCorrespondent, JudgeBeat
from services.intake.site.coverage_page import CoveragePage
from services.intake.site.rows import figures_in
from shared.runtime.charter import read_charter
from shared.runtime.http import public_app
from shared.testing.examples import BEAT_ACCREDITED, BEAT_ID, DAY, MONDAY, varied

BOSTON = "us.ma.boston"
LATER = MONDAY + 20 * DAY


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    """Nobody was heard yet, and one has fallen silent."""
    found = IntakeSite(database, knowing(), lambda: NOW)
    charter = read_charter(Path("deploy/charter").resolve())
    figures = figures_in(database, (), LATER.date)
    page = CoveragePage(found.desk, charter, figures, lambda: LATER)
    found.app = public_app(found.desk.frame, page.routes())
    await found.do(AccreditCorrespondent(BEAT_ACCREDITED))
    await found.do(JudgeBeat(BEAT_ID, (), frozenset(), LATER))
    other = {"beat_id": "e" * 32, "correspondent": "f" * 32, "place": f"{BOSTON}.allston"}
    await found.do(AccreditCorrespondent(varied(BEAT_ACCREDITED, **other)))
    found.roles_told("0" * 32)  # which brings the rows up to date
    return found


async def test_it_tells_what_was_expected_and_heard(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="ina"))) as ina:
        told = (await ina.get(f"/coverage.json?place={BOSTON}")).json()
        assert (told["place"], told["month"]) == (BOSTON, "2030-01")
        states = {each["place"]: each["state"] for each in told["cells"]}
        assert states[f"{BOSTON}.allston"] == states[BOSTON] == "never heard"
        assert states[f"{BOSTON}.dorchester"] == "no correspondent"
        assert "trees" in told["sectors_without_correspondents"]
        as_text = (await ina.get(f"/coverage.csv?place={BOSTON}")).text
        rows = list(csv.DictReader(io.StringIO(as_text)))
        assert [row["state"] for row in rows] == [each["state"] for each in told["cells"]]
        page = await ina.get(f"/coverage?place={BOSTON}")
        assert page.headers["Cache-Control"] == "no-store"
        assert "no correspondent" in page.text
        assert BEAT_ACCREDITED.correspondent not in page.text
        for odd in ("place=us.atlantis", "month=2030-13", "month=2031-01", "month=x"):
            assert (await ina.get(f"/coverage?{odd}")).status_code == 404
        empty = await ina.get("/coverage?month=2029-01")
        assert "Nobody had a beat here" in empty.text


@pytest.mark.parametrize("path", ["/coverage", "/coverage.json", "/coverage.csv"])
async def test_it_is_for_the_staff_alone(site: IntakeSite, path: str) -> None:
    for token, expected in (
        ("", 401),
        (SIGNER.token(session(who="pla")), 403),
        (SIGNER.token(session("member", "", "a" * 31 + "1")), 403),
    ):
        async with site.visitor(token) as other:
            answer = await other.get(path)
            assert answer.status_code == expected
            assert "heard" not in answer.text
