"""Every published figure of the city's weeks, counted anew as an outsider would."""

import json

import pytest
from city import HalfYear
from up_process import up


@pytest.mark.deep
async def test_the_site_shows_what_public_events_say(stretch: HalfYear) -> None:
    async with up(stretch.home) as suite:
        await suite.runs()
        told = stretch.home.tribune("recount", "--json")
        assert told.returncode == 0, told.stderr + told.stdout
        found = json.loads(told.stdout)
        assert found["differences"] == []
        assert found["things"] >= stretch.counted.reports + stretch.counted.checks
        elsewhere = stretch.home.tribune("recount", "tribune.example")
        assert elsewhere.returncode == 2
        assert "Name the site" in elsewhere.stderr
