"""Tracks are adopted by the command line in the real suite, once; another rule needs a version."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from real_suite import CHARTER, Home, home, started

from shared.contracts.tracks import TracksAdopted
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at

pytestmark = pytest.mark.deep

BY = ("promotion", "adopt", "--by", "Council", "--reason", "Resolution 12")


def adopted(where: Home) -> dict[str, Any]:
    done = where.tribune(*BY, "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


async def in_the_log(client: Client) -> list[TracksAdopted]:
    found = []
    for sequence in range(1, await ends_at(client, "PROMOTION") + 1):
        message = await client.jetstream().get_msg("PROMOTION", sequence)
        found.append(TracksAdopted.model_validate_json(message.data))
    return found


async def test_the_same_tracks_are_adopted_once_and_another_rule_needs_its_version(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path / "data")
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    tracks = charter / "tracks.toml"

    made = where.suite(services=("promotion",))
    made.charter_dir = charter
    async with started(made) as client:
        first, again = adopted(where), adopted(where)
        assert first["adopted"]
        assert again == {**first, "adopted": False}
        (event,) = await in_the_log(client)
        assert (event.by, event.reason, event.changed) == ("Council", "Resolution 12", ())
        assert event.new == ("correspondent", "inspector")

    tracks.write_text(tracks.read_text().replace("confirmed = 12", "confirmed = 13"))
    made = where.suite(services=("promotion",))
    made.charter_dir = charter
    async with started(made) as client:
        refused = where.tribune(*BY)
        assert refused.returncode != 0
        assert "the rule of correspondent is another one" in refused.stderr + refused.stdout
        assert await in_the_log(client) == [event]
