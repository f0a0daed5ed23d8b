"""`tribune promotion why` tells what counts for a member on a track, and what is missing."""

import json
from pathlib import Path

from nats.aio.client import Client
from promoted import ONE, OTHER, TOLD, charter, lived, ran, taken_back

__all__ = ["charter"]


async def test_who_lacks_something_is_told_what_and_by_which_events(
    nats: Client, charter: Path
) -> None:
    await lived(nats)
    told = (
        TOLD.replace('"correspondent"', '"inspector"')
        + "window_days = 1\nafter = ['correspondent']\n"
    )
    (charter / "tracks.toml").write_text(TOLD + told)
    found = await ran("why", OTHER, "inspector", "--charter", str(charter))
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert lines[0] == f"{OTHER} on inspector, version 2: not qualified"
    assert "  missing: confirmed: 1 of at least 3" in lines
    assert "  sectors: 1 of at least 1" in lines
    assert not any("comes before" in line for line in lines), "it is qualified on that one"
    *_, first, second = lines
    assert "2030-01-01  ReportCredited  PROMOTION/5  because INTAKE/1" in first
    assert first.endswith("before the window")
    assert second.endswith("  counts")


async def test_who_is_qualified_is_told_since_when_and_by_which_event(
    nats: Client, charter: Path
) -> None:
    await lived(nats)
    found = await ran("why", ONE, "correspondent", "--charter", str(charter), "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    events = told.pop("events")
    assert [each["at"] for each in events] == ["PROMOTION/1", "PROMOTION/2", "PROMOTION/4"]
    assert {each["counts"] for each in events} == {"counts"}
    assert told["qualified"] == {"at": "PROMOTION/3", "on": "2030-01-02", "rule_version": 1}
    assert (told["meets"], told["as_of"], told["missing"]) == (True, "2030-01-03", [])
    first = {"what": "confirmed", "wanted": 3, "has": 3, "most": False, "met": True}
    assert told["figures"][0] == first


async def test_what_comes_before_is_missing_and_who_meets_it_all_waits_for_the_next_report(
    nats: Client, charter: Path
) -> None:
    await lived(nats)
    told = TOLD.replace('"correspondent"', '"newer"').replace("confirmed = 3", "confirmed = 1")
    last = told.replace('"newer"', '"last"') + 'after = ["newer"]\n'
    (charter / "tracks.toml").write_text(told + last)
    newer = await ran("why", ONE, "newer", "--charter", str(charter))
    assert "meets the rule, and qualifies with the next report that is confirmed" in newer.stdout
    after = await ran("why", ONE, "last", "--charter", str(charter))
    assert "missing: is not qualified on newer, which comes before" in after.stdout


async def test_what_was_taken_back_is_told_and_counts_for_nothing(
    nats: Client, charter: Path
) -> None:
    await lived(nats)
    await taken_back(nats, ONE)
    found = await ran("why", ONE, "correspondent", "--charter", str(charter), "--json")
    told = json.loads(found.stdout)
    assert (told["figures"][0]["has"], told["meets"]) == (2, False)
    assert told["qualified"]["at"] == "PROMOTION/3", "by the rule of the log two are enough"
    assert [each["counts"] for each in told["events"]] == ["taken back", "counts", "counts"]
    what_if = await ran("what-if", "--charter", str(charter))
    assert f"loses  {ONE}  confirmed 2 where at least 3 is asked for" in what_if.stdout
    assert "0 keep it" in what_if.stdout, "three were there once, and it rested on the first"


async def test_a_member_or_track_that_nobody_knows_is_told(nats: Client, charter: Path) -> None:
    await lived(nats)
    nobody = await ran("why", "3" * 32, "correspondent", "--charter", str(charter))
    assert nobody.exit_code == 1
    assert f"nothing in the log is of a member {'3' * 32}" in nobody.stderr
    none = await ran("why", ONE, "corespondent", "--charter", str(charter))
    assert none.exit_code == 2
    assert 'is no track of the charter; "correspondent" may be meant' in none.stderr
