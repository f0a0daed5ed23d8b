"""What can be reported by Open311 and where, clause by clause, as JSON and as XML."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from over_http import CHARTER, SITES
from spoken311 import FORMATS, MEDIA, values, wrong

from services.intake.api.open311 import open311_routes
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.runtime.charter import examine, read_charter
from shared.runtime.http import public_app
from shared.testing.examples import MONDAY
from shared.web.frame import Frame, House

BOTH = pytest.mark.parametrize("form", FORMATS)
HERE = "http://door.test/open311/v2"
TWICE = '{code = "A", description = "?"}'


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Nothing of this needs a log."""
    nobody: Any = None
    addresses = open311_routes(nobody, CHARTER, InMemoryEventStore(), SITES, lambda: MONDAY)
    app = public_app(Frame(House("Testing", ""), "intake"), addresses)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"{HERE}/") as asking:
        yield asking


@BOTH
async def test_discovery(client: httpx.AsyncClient, form: str) -> None:
    told = values(await client.get(f"discovery.{form}"), "discovery")
    assert told.keys() == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = told["endpoints"]
    assert endpoint == {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": HERE,
        "changeset": told["changeset"],
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }


@BOTH
async def test_services_are_the_sectors(client: httpx.AsyncClient, form: str) -> None:
    answer = await client.get(f"services.{form}", params={"jurisdiction_id": "us.ma.boston"})
    assert answer.headers["content-type"] == MEDIA[form]
    lights, graffiti = values(answer, "services")
    assert lights == {
        "service_code": "street-lights",
        "service_name": "Street Lights",
        "description": "",
        "metadata": "false",
        "type": "batch",
        "keywords": "",
        "group": "",
    }
    assert graffiti == {
        "service_code": "graffiti",
        "service_name": "Graffiti",
        "description": "Signs & words on walls.",
        "metadata": "true",
        "type": "batch",
        "keywords": "paint, tag",
        "group": "Walls",
    }


@BOTH
async def test_a_definition(client: httpx.AsyncClient, form: str) -> None:
    told = values(await client.get(f"services/graffiti.{form}"), "service_definition")
    assert told["service_code"] == "graffiti"
    assert [each["order"] for each in told["attributes"]] == list("123456")
    assert told["attributes"][0] == {
        "variable": "true",
        "code": "WALL",
        "datatype": "singlevaluelist",
        "required": "true",
        "datatype_description": "Choose one",
        "order": "1",
        "description": "What it is on",
        "values": [{"key": "b", "name": "Brick"}, {"key": "w", "name": "Wood"}],
    }
    without = values(await client.get(f"services/street-lights.{form}"), "service_definition")
    assert without == {"service_code": "street-lights", "attributes": []}


async def test_json_is_bare_and_has_types(client: httpx.AsyncClient) -> None:
    listed = (await client.get("services.json")).json()
    assert [each["metadata"] for each in listed] == [False, True]
    defined = (await client.get("services/graffiti.json")).json()
    assert (defined["attributes"][0]["order"], defined["attributes"][0]["required"]) == (1, True)


@BOTH
async def test_what_is_not_there(client: httpx.AsyncClient, form: str) -> None:
    (words,) = wrong(await client.get(f"services/parking.{form}"), 404)
    assert "service_code" in words
    for path in ("services", "services/graffiti", "tokens/1"):
        asked = {"jurisdiction_id": "atlantis.gov"}
        (words,) = wrong(await client.get(f"{path}.{form}", params=asked), 404)
        assert "jurisdiction_id" in words
        assert "atlantis" not in words
    wrong(await client.get(f"servicerequests.{form}"), 404)
    wrong(await client.get(f"tokens/1.{form}"), 404)
    wrong(await client.put(f"services.{form}"), 405)
    wrong(await client.get(f"services.{form}?page=1&page=2"), 400)


async def test_other_formats_are_not_there(client: httpx.AsyncClient) -> None:
    for path in ("services.html", "services/graffiti.yaml", "discovery.txt", "requests.csv"):
        answer = await client.get(path)
        wrong(answer, 404)
        assert answer.headers["content-type"] == MEDIA["xml"]


@BOTH
async def test_what_is_public_publishing_tells(client: httpx.AsyncClient, form: str) -> None:
    """A key that came along stays here."""
    for path in (f"requests.{form}", f"requests/{'1' * 32}.{form}"):
        asked = {"status": "open,closed", "api_key": "secret", "email": "a@b.c", "page": "2"}
        answer = await client.get(path, params=asked)
        assert answer.status_code == 307
        address = httpx.URL(answer.headers["location"])
        assert str(address.copy_with(query=None)) == f"http://public.test/open311/v2/{path}"
        assert dict(address.params) == {"status": "open,closed", "page": "2"}


def test_the_charter_says_more_of_a_sector_if_it_likes(tmp_path: Path) -> None:
    for file in Path("deploy/charter").glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tracks.toml").write_text("")
    (tmp_path / "sectors.toml").write_text(
        'trees = "Trees"\n'
        '[graffiti]\nname = "Graffiti"\ngroup = "Walls"\nkeywords = ["paint"]\n'
        '[[graffiti.attributes]]\ncode = "WALL"\ndatatype = "singlevaluelist"\n'
        'description = "On what"\nvalues = {b = "Brick"}\n'
    )
    charter = read_charter(tmp_path)
    assert charter.sectors == {"trees": "Trees", "graffiti": "Graffiti"}
    assert charter.told["graffiti"].attributes[0].values == {"b": "Brick"}
    assert charter.told["trees"].attributes == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('group = "Walls"', '"name" is missing'),
        ('name = "G"\ngroups = "Walls"', '"groups"'),
        ('name = "G"\nattributes = [{code = "A", datatype = "colour"}]', "colour"),
        ('name = "G"\nattributes = [{code = "A", description = "?", values = {a = "b"}}]', "list"),
        ('name = "G"\nattributes = [{code = "A", description = "?", size = 3}]', '"size"'),
        ('name = "G"\nattributes = [{code = "A", description = "?"}, TWICE]', "twice"),
    ],
)
def test_what_a_charter_can_not_say_of_a_sector(tmp_path: Path, said: str, words: str) -> None:
    for file in Path("deploy/charter").glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tracks.toml").write_text("")
    (tmp_path / "sectors.toml").write_text(f"[graffiti]\n{said}\n".replace("TWICE", TWICE))
    problems = [str(each) for each in examine(tmp_path).problems]
    assert problems
    assert all(each.startswith("sectors.toml") for each in problems)
    assert any(words in each for each in problems), problems
