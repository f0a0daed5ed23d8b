"""Rows are proven as of where they are, be it before or behind what the log was when all began."""

from pathlib import Path

import pytest
from nats.aio.client import Client
from pydantic import SecretStr
from small_log import reports, reports_with_rows

from deploy.verify import Verdict, verify
from shared.runtime.settings import Settings

REPORTS, THERE = 40, 25


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """All services have one database; their tables have different names."""
    return Settings(_env_file=None, data_dir=tmp_path, database_url=SecretStr(database_url))


async def proven(nats: Client, settings: Settings) -> Verdict:
    return await verify(nats, settings, lambda _: None)


@pytest.mark.parametrize("batch", [7, 2000])
async def test_of_rows_that_are_behind_no_more_is_asked(
    nats: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    await reports_with_rows(nats, settings, THERE)
    await reports(nats, range(THERE, REPORTS))
    monkeypatch.setattr("deploy.looking.reading.BATCH", batch)
    monkeypatch.setattr("deploy.verify.replay.REPLAY_BATCH", 2 * batch)
    verdict = await proven(nats, settings)
    assert not [line for line in verdict.wrong if "rows of" in line or "reports_v5" in line]
    assert f"reports_v5: {THERE} rows at {THERE}" in verdict.looked_at
    assert f"reports_v5: at {THERE} of {REPORTS} in INTAKE" in verdict.behind


async def test_rows_that_went_on_meanwhile_are_proven_to_where_they_are(
    nats: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the log is taken first: by the time rows are looked at there may be more."""
    await reports_with_rows(nats, settings, REPORTS)

    async def earlier(_: object, __: str) -> int:
        return THERE

    monkeypatch.setattr("deploy.verify.marks._end", earlier)
    verdict = await proven(nats, settings)
    assert f"INTAKE: {THERE} events" in verdict.looked_at
    assert f"reports_v5: {REPORTS} rows at {REPORTS}" in verdict.looked_at
    assert not [line for line in verdict.wrong if "rows of" in line or "reports_v5" in line]
