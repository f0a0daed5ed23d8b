"""An inspector sees how reliable who filed a report has been, without learning who that is."""

import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.report import FileReport
from services.intake.domain.settlement import ConfirmReport
from services.intake.projections.reliability import Prior
from services.intake.site.reliability import Reliability
from services.intake.site.rows import shares_in
from shared.runtime.http import public_app
from shared.testing.examples import MEMBER_ID, MONDAY, REPORT_FILED, REPORT_ID, report_id, varied

NOBODYS = report_id(7)


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    found = IntakeSite(database, knowing(), lambda: NOW)
    told = Reliability(found.desk.guard, found.opened, shares_in(database, Prior()))
    found.app = public_app(found.desk.frame, told.routes())
    await found.do(FileReport(varied(REPORT_FILED, protected=True)))
    await found.do(ConfirmReport(REPORT_ID, "Seen to", MONDAY))
    nobodys = {"report_id": NOBODYS, "correspondent": None, "protected": True}
    await found.do(FileReport(varied(REPORT_FILED, **nobodys)))
    found.roles_told(REPORT_ID)  # which brings the rows up to date
    return found


async def test_the_share_is_told_by_sector_and_of_nobody(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="ina"))) as ina:
        answer = await ina.get(f"/reliability/{REPORT_ID}")
        assert answer.headers["Cache-Control"] == "no-store"
        share = {"filed": 1, "settled": 1, "confirmed": 1, "share": 2 / 3}
        assert answer.json()["sectors"] == {"street-lights": share}
        assert MEMBER_ID not in answer.text
        assert (await ina.get(f"/reliability/{NOBODYS}")).json()["sectors"] == {}
        assert (await ina.get(f"/reliability/{report_id(8)}")).status_code == 404
        assert (await ina.get("/reliability/x")).status_code == 404


@pytest.mark.parametrize("who", ["ana", "aud", "pla", "", "member"])
async def test_it_is_told_to_nobody_else(site: IntakeSite, who: str) -> None:
    member = session("member", "", "a" * 31 + "1")
    token = SIGNER.token(member if who == "member" else session(who=who)) if who else ""
    async with site.visitor(token) as other:
        answer = await other.get(f"/reliability/{REPORT_ID}")
        assert answer.status_code == (403 if who else 401)
        assert "share" not in answer.text
