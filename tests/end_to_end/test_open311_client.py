"""A client of Open311 with the suite as it is: it files, follows its token, and finds what is
public; what is not public has a token alone, and its words are nowhere."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_suite import CHARTER, Home, free_ports, home, proven, started, until

from deploy.embedded import Suite

pytestmark = [pytest.mark.postgres, pytest.mark.deep]

PUBLIC, PRIVATE = "The lamp before number 12 is out.", "marked-private-words-for-nobody"
HOTLINE = '\nhotline = "Hotline"\n'


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite")


def suite_of(where: Home) -> Suite:
    charter = where.data_dir.parent / "charter"
    shutil.copytree(CHARTER, charter)
    sources = charter / "sources.toml"
    sources.write_text(sources.read_text() + HOTLINE)
    return Suite(where.data_dir, charter, free_ports(), "stream", environment=where.environment)


async def test_it_files_and_follows_to_the_end(where: Home) -> None:
    suite = suite_of(where)
    base = f"http://127.0.0.1:{suite.service_port('intake')}/open311/v2/"
    async with (
        started(suite),
        httpx.AsyncClient(
            trust_env=False, base_url=base, timeout=30, follow_redirects=True
        ) as http,
    ):
        keys = {
            source: (await asyncio.to_thread(where.tribune, "key", "add", source)).stdout.strip()
            for source in ("boston", "hotline")
        }

        async def told(path: str, **asked: Any) -> Any:
            answer = await http.get(f"{path}.json", params=asked)
            return answer.json() if answer.status_code == 200 else None

        async def posted(source: str, words: str) -> str:
            (service,) = [s for s in await told("services") if s["service_name"] == "Street Lights"]
            fields = {
                "api_key": keys[source],
                "service_code": service["service_code"],
                "address_string": "12 Dudley Street, Roxbury, Boston",
                "description": words,
            }
            answer = await http.post("requests.json", data=fields)
            assert answer.status_code == 200, answer.text
            return str(answer.json()[0]["token"])

        discovery = await told("discovery")
        assert discovery["endpoints"][0]["url"] == base.rstrip("/")
        public, private = await posted("boston", PUBLIC), await posted("hotline", PRIVATE)

        async def has_an_id() -> bool:
            return bool(await told(f"tokens/{public}"))

        await until(has_an_id, "the token leads to a public id")
        (found,) = await told(f"tokens/{public}")
        (request,) = await told(f"requests/{found['service_request_id']}")
        assert (request["status"], request["service_code"]) == ("open", "street-lights")
        assert request["address_id"] == "us.ma.boston.roxbury"
        assert request["requested_datetime"].endswith("T00:00:00Z")
        assert request["description"] is None, "words are never public"
        assert await told("requests", api_key=keys["boston"]) == [request]
        assert await told(f"tokens/{private}") == [{"service_request_id": None, "token": private}]
        for path in ("requests.xml", f"requests/{found['service_request_id']}.xml"):
            said = await http.get(path)
            assert PUBLIC not in said.text
            assert public not in said.text
    verdict = await proven(where)
    assert (verdict.wrong, verdict.behind) == ([], [])
    secrets = (PRIVATE, *keys.values(), public, private)
    for log in where.data_dir.glob("*.log"):
        assert not [each for each in secrets if each in log.read_text(errors="replace")]
