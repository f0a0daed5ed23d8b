"""`tribune promotion what-if` reads the log, and tells who would gain, lose or keep what."""

import json
from pathlib import Path

import pytest
from nats.aio.client import Client
from promoted import ONE, OTHER, TOLD, charter, lived, ran

__all__ = ["charter"]


async def test_who_would_lose_is_told_with_what_is_missing(nats: Client, charter: Path) -> None:
    await lived(nats)
    found = await ran("what-if", "--charter", str(charter))
    assert found.exit_code == 0, found.output
    assert "7 events of 2 members" in found.stdout
    assert "correspondent, version 2: 0 would gain it, 1 lose it, 1 keep it" in found.stdout
    assert f"loses  {OTHER}  confirmed 2 where at least 3 is asked for" in found.stdout


async def test_scripts_are_told_everybody_and_twice_the_same(nats: Client, charter: Path) -> None:
    await lived(nats)
    found = await ran("what-if", "--charter", str(charter), "--json")
    again = await ran("what-if", "--charter", str(charter), "--json")
    assert found.stdout_bytes == again.stdout_bytes
    assert json.loads(found.stdout) == {
        "events": 7,
        "members": 2,
        "tracks": [
            {
                "track": "correspondent",
                "rule_version": 2,
                "holds": 2,
                "would_hold": 1,
                "gain": [],
                "lose": [
                    {"member": OTHER, "lacks": [{"what": "confirmed", "wanted": 3, "has": 2}]}
                ],
                "keep": [ONE],
            }
        ],
    }


@pytest.mark.usefixtures("nats")
async def test_a_charter_with_a_mistake_is_refused_by_its_line(charter: Path) -> None:
    (charter / "tracks.toml").write_text(TOLD.replace("days = 1", "days = 0"))
    found = await ran("what-if", "--charter", str(charter))
    assert found.exit_code == 2
    assert 'tracks.toml, line 7: "days" must be at least 1, and is 0' in found.stdout


@pytest.mark.usefixtures("nats")
async def test_an_empty_log_has_nobody(charter: Path) -> None:
    found = await ran("what-if", "--charter", str(charter))
    assert found.exit_code == 0
    assert "0 events of 0 members" in found.stdout
