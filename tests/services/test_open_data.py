"""Open data: what is public as files, each column told, all of one moment, and nothing besides."""

import csv
import hashlib
import io
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hostile import TAKEN
from public_site import PublicSite
from sqlalchemy import update
from taken_data import DATED_BACK, GONE, GONE_REPORT, HALVED, STORY, cells, rows

from services.publishing.projections import overdue
from services.publishing.site.opendata.columns import Dataset
from services.publishing.site.opendata.data_desk import FILES
from services.publishing.site.opendata.datasets import DATASETS, MODELS
from shared.testing.examples import PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, varied

OF_TYPE = {"string": str, "integer": int, "number": float, "boolean": bool, "date": str}
NOT_TOLD = {
    "requests": {"token", "withdrawn", "overdue_on", "due_on", "owner", "task", "about", "on"},
    "overdue": {
        *("late", "cleared", "event_id", "raised_at", "raised", "changed_at", "changed"),
        *("sequence", "paused", "refuted", "of_late", "held", "apart", "reached"),
    },
    "qualified": {"key", "event_id", "recorded_at", "sequence"},
    "clocks": {"steps", "withdrawn"},
    "holders": {"holding", "withdrawn"},
    "late": {"turns", "claims", "withdrawn"},
    "pictures": {"named", "withdrawn", "report"},
    "board": {"thing", "said"},
}
"""Columns of rows that are no columns of files: inside, told by another name, or as a state."""
NAMED_OTHERWISE = {"id"}


async def test_the_dictionary_has_each_column_of_each_file_and_no_other(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    told = (await client.get("/data/dictionary.json")).json()["datasets"]
    assert list(told) == [each.name for each in DATASETS]
    page = (await client.get("/data")).text
    for dataset in DATASETS:
        await _is_whole(client, dataset, told[dataset.name], page)


async def _is_whole(
    client: httpx.AsyncClient, dataset: Dataset, told: dict[str, Any], page: str
) -> None:
    names = [each["name"] for each in told["fields"]]
    assert len(set(names)) == len(names)
    heading, *lines = await cells(client, dataset.name)
    assert heading == names
    found = await rows(client, dataset.name)
    assert len(found) == len(lines) > 0
    types = {each["name"]: OF_TYPE[each["type"]] for each in told["fields"]}
    days = {each["name"] for each in told["fields"] if each["type"] == "date"}
    for row, line in zip(found, lines, strict=True):
        assert list(row) == names
        for (name, value), cell in zip(row.items(), line, strict=True):
            assert value is None or type(value) is types[name], (name, value)
            assert (cell == "") == (value in (None, "")), name
            if name in days and value:
                date.fromisoformat(value)
    for each in told["fields"]:
        assert each["meaning"].endswith((".", "}.jpg"))
        assert f"<code>{each['name']}</code>" in page
        assert each["suppressed"] == bool(each["suppressed_how"])


def test_each_column_of_what_is_public_is_told_or_said_not_to_be() -> None:
    told = {name for dataset in DATASETS for name in dataset.names} | NAMED_OTHERWISE
    for model in MODELS:
        family = model.name.split("_")[0]
        columns = {column.name for column in model.table.columns}
        assert columns - told <= NOT_TOLD[family], family
        assert NOT_TOLD[family] <= columns, "what is gone needs no word"


async def test_whatever_may_be_suppressed_says_how(client: httpx.AsyncClient) -> None:
    told = (await client.get("/data/dictionary.json")).json()["datasets"]
    hidden = {
        name: {each["name"] for each in dataset["fields"] if each["suppressed"]}
        for name, dataset in told.items()
    }
    assert hidden["reports"] > {"place", "sector", "outcome", "latitude", "longitude"}
    assert hidden["checks"] == {"owner", "task"}
    figures = {"reports", "confirmed", "refuted", "qualifications", "members"}
    assert hidden["places"] == figures
    assert {"member", "confirmed", "sectors", "days", "refuted_share"} < hidden["qualified"]


async def test_checks_are_those_of_the_register(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    register = (await client.get("/api/checks")).json()["checks"]
    told = {each["check"]: each for each in await rows(client, "checks")}
    assert len(register) == len(told) == 5
    for each in register:
        assert each.items() <= told[each["check"]].items()


async def test_figures_are_those_of_the_pages_of_places(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    told = {each["place"]: each for each in await rows(client, "places")}
    assert told.keys() == site.charter.places.keys()
    for place, figures in told.items():
        page = (await client.get("/api/figures", params={"place": place})).json()
        assert figures.items() - {("address", figures["address"])} <= page.items(), place
    assert told["us.ma.salem"]["reports"] == 1


async def test_what_was_late_when_is_what_programs_are_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    found = await rows(client, "late")
    (refuted,) = {each["until_on"] for each in found if each["until_on"]}
    for on in ("2030-01-14", "2030-01-15", "2030-01-19", "2030-01-20", "2030-01-25"):
        for known in (refuted, "2030-01-01", "2031-01-01"):
            told = (await client.get(f"/api/late?on={on}&known={known}")).json()["checks"]
            assert bool(told) == _is_late(found, on, known), (on, known)


def _is_late(found: list[dict[str, Any]], on: str, known: str) -> bool:
    stood = [
        (each["what"], each["day"])
        for each in found
        if each["known_on"] <= known < (each["until_on"] or "9")
    ]
    is_done = any(what == "done" and day <= on for what, day in stood)
    return any(what == "late" and day < on for what, day in stood) and not is_done


async def test_how_all_was_kept_is_what_programs_are_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    told = await rows(client, "kept")
    for by in ("owner", "place", "sector", "month"):
        theirs = (await client.get(f"/api/patterns?by={by}")).json()["rows"]
        assert [each for each in told if each["by"] == by] == [
            {"by": by, **each} for each in theirs
        ]


async def test_verdicts_and_steps_are_those_of_the_page_of_a_check(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    verdicts = [(each["check"], each["what"]) for each in await rows(client, "verdicts")]
    check = PUBLIC_CHECK_OPENED.check
    assert verdicts == [
        *((check, "ClaimRefuted"), (check, "ClaimUpheld")),
        *((DATED_BACK, "DoneClaimed"), (DATED_BACK, "ClaimUnchecked")),
        (HALVED, "CheckHalved"),
    ]
    steps = [each["what"] for each in await rows(client, "due-dates")]
    assert steps == ["CheckPaused", "CheckResumed", "CheckOverdue"]
    assert [each["owner"] for each in await rows(client, "holders")] == ["Public Works", "Parks"]


async def test_what_is_withdrawn_is_in_no_file_but_with_its_reason(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    (gone,) = await rows(client, "withdrawn")
    assert (gone["check"], gone["reason"]) == (GONE, "It was another's.")
    for name in FILES:
        text = (await client.get(f"/data/{name}")).text
        assert GONE_REPORT not in text, name
        assert "Gone" not in text, name
        assert (GONE in text) == name.startswith("withdrawn"), name


async def test_the_catalogue_has_each_file_with_its_checksum_and_one_version(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    answer = await client.get("/data/catalog.jsonld")
    assert answer.headers["content-type"].startswith("application/ld+json")
    catalogue = answer.json()
    version = f"1.{len(STORY)}.20300216"
    assert (catalogue["@type"], catalogue["dcat:version"]) == ("dcat:Catalog", version)
    files = {
        each["dcat:downloadURL"]["@id"]: each
        for dataset in catalogue["dcat:dataset"]
        for each in dataset["dcat:distribution"]
    }
    assert files.keys() == {f"http://tribune.test/data/{name}" for name in FILES}
    sums = dict(
        reversed(line.split("  "))
        for line in (await client.get("/data/SHA256SUMS")).text.splitlines()
    )
    for address, told in files.items():
        for encoding in ("gzip", "identity"):
            file = await client.get(address, headers={"Accept-Encoding": encoding})
            assert ("content-encoding" in file.headers) == (encoding == "gzip")
            digest = hashlib.sha256(file.content).hexdigest()
            assert digest == told["spdx:checksum"]["spdx:checksumValue"]
            assert digest == sums[address.rpartition("/")[2]] == file.headers["tribune-sha256"]
            assert len(file.content) == told["dcat:byteSize"]
            assert file.headers["tribune-version"] == version
            assert file.headers["content-type"].split(";")[0] in told["dcat:mediaType"]["@id"]
        again = {"If-None-Match": file.headers["etag"]}
        assert (await client.get(address, headers=again)).status_code == 304
        head = await client.head(address, headers={"Accept-Encoding": "identity"})
        assert (head.content, head.headers["content-length"]) == (b"", str(len(file.content)))


async def test_an_edition_stays_until_public_goes_on_or_the_day_ends(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    before = (await client.get("/data/checks.csv")).text
    with site.engine.begin() as connection:
        connection.execute(update(overdue.overdue).values(owner="Nobody"))
    assert (await client.get("/data/checks.csv")).text == before, "nothing is read again"
    site.clock.jump(site.clock.now() + timedelta(days=1))
    later = await client.get("/data/checks.csv")
    assert "Nobody" in later.text
    assert later.headers["tribune-version"].endswith(".20300217")
    await site.hears(varied(PUBLIC_CHECK_OPENED, check="1" * 32))
    newest = await client.get("/data/checks.csv")
    assert newest.headers["tribune-position"] == str(len(STORY) + 1)
    assert "1" * 32 in newest.text


async def test_files_of_one_version_are_the_same_to_the_byte(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    first = (await client.get("/data/SHA256SUMS")).text
    day = timedelta(days=1)
    for step in (day, -day):
        site.clock.jump(site.clock.now() + step)
        again = (await client.get("/data/SHA256SUMS")).text
        assert (again == first) == (step < timedelta())


async def test_part_is_no_edition_and_without_the_database_the_last_one_stays(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    site.goal = 1_000
    assert (await client.get("/data/checks.csv")).status_code == 503
    site.source.away = True
    assert (await client.get("/data/checks.csv")).status_code == 503
    site.source.away, site.goal = False, 0
    before = await client.get("/data/checks.csv")
    site.source.away = True
    assert (await client.get("/data/checks.csv")).text == before.text


async def test_where_nothing_can_be_written_the_last_one_stays(
    site: PublicSite, client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that is full."""
    await site.hears(*STORY)
    before = await client.get("/data/checks.csv")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    await site.hears(varied(PUBLIC_CHECK_OPENED, check="1" * 32))
    assert (await client.get("/data/checks.csv")).text == before.text
    monkeypatch.undo()
    assert "1" * 32 in (await client.get("/data/checks.csv")).text


async def test_hostile_words_do_nothing_in_any_format(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    texts = {f"{number:032x}": text for number, text in enumerate(TAKEN.values())}
    opened = [varied(PUBLIC_CHECK_OPENED, check=each, owner=text) for each, text in texts.items()]
    late = [varied(PUBLIC_CHECK_OVERDUE, check=each, task=text) for each, text in texts.items()]
    await site.hears(*opened, *late)
    told = {each["check"]: each["task"] for each in await rows(client, "checks")}
    assert told == texts
    raw = (await client.get("/data/checks.jsonl")).content
    assert raw.isascii()
    assert not re.search(rb"[<>&\x00-\x09\x0b-\x1f]", raw)
    content = (await client.get("/data/checks.csv")).text
    assert len(list(csv.reader(io.StringIO(content, newline="")))) == len(texts) + 1
    for separator in ",;\t|":
        for line in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            found = [cell for cell in line if cell.strip().startswith(("=", "+", "-", "@"))]
            assert found == [], separator


async def test_what_there_is_not_is_not_found(client: httpx.AsyncClient) -> None:
    for name in ("checks", "checks.xml", "checks.csv.gz", "..%2fcharter", "x.csv"):
        assert (await client.get(f"/data/{name}")).status_code == 404
