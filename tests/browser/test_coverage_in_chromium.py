"""The coverage ledger in a browser: it fits a phone, in light and dark, and axe finds nothing."""

from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM
from intake_site import IntakeSite
from persons import H1, person
from served import served
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.beat import AccreditCorrespondent, JudgeBeat
from services.intake.site.coverage_page import CoveragePage
from services.intake.site.rows import figures_in
from shared.runtime.charter import read_charter
from shared.runtime.http import public_app
from shared.testing.examples import BEAT_ACCREDITED, BEAT_ID, DAY, MONDAY
from shared.testing.servers import free_port

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

COOKIE = f"tribune_session={SIGNER.token(session(who='ina'))}".encode()
LATER = MONDAY + 20 * DAY


def signed_in(app: Any) -> Any:
    """Each request comes with a session, as if a browser had one."""

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"cookie", COOKIE)]
        await app(scope, receive, send)

    return asked


async def test_the_ledger_fits_a_phone_and_axe_finds_nothing(
    database: Engine, tmp_path: Path
) -> None:
    port = free_port()
    site = IntakeSite(database, knowing(), lambda: NOW)
    charter = read_charter(Path("deploy/charter").resolve())
    figures = figures_in(database, (), LATER.date)
    page = CoveragePage(site.desk, charter, figures, lambda: LATER)
    await site.do(AccreditCorrespondent(BEAT_ACCREDITED))
    await site.do(JudgeBeat(BEAT_ID, (), frozenset(), LATER))
    site.roles_told("0" * 32)
    app = signed_in(public_app(site.desk.frame, page.routes()))
    async with (
        served(app, port),
        person(tmp_path, f"http://127.0.0.1:{port}") as ina,
    ):
        await ina.opens("/coverage?place=us.ma.boston")
        assert await ina.sees(H1) == "Coverage"
        assert await ina.sees("document.querySelectorAll('td.late').length") > 10
        await ina.looks_everywhere()
