"""The client `three` of 2013 files a report and follows it to its end, with all its calls."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from files_made import photograph
from real_suite import CHARTER, Home, free_ports, home, started, until

from deploy.embedded import Suite

itertools.ifilter = filter  # type: ignore[attr-defined]  it is from before Python 3
three = pytest.importorskip("three", reason="make deep-tools installs it")

pytestmark = [pytest.mark.postgres, pytest.mark.deep]

WORDS = "The lamp before number 12 is out."


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Any) -> Home:
    return home(request, tmp_path / "suite")


async def test_it_runs_all_its_calls(where: Home) -> None:
    suite = Suite(where.data_dir, CHARTER, free_ports(), "wall", environment=where.environment)
    endpoint = f"http://127.0.0.1:{suite.service_port('intake')}/open311/v2"
    async with started(suite):
        key = (await asyncio.to_thread(where.tribune, "key", "add", "boston")).stdout.strip()
        client = three.Three(endpoint, api_key=key, jurisdiction="us.ma.boston")
        client.session.trust_env = False

        async def asked(call: Any, *args: Any, **kwargs: Any) -> Any:
            return await asyncio.to_thread(call, *args, **kwargs)

        discovery = await asked(client.discovery)
        assert discovery["endpoints"][0]["url"] == endpoint
        services = await asked(client.services)
        (lights,) = [one for one in services if one["service_name"] == "Street Lights"]
        defined = await asked(client.services, lights["service_code"])
        assert defined["attributes"] == []
        sent = {
            "address": "12 Dudley Street, Roxbury, Boston",
            "name": "Ada Lovelace",
            "phone": "555-5555",
            "description": WORDS,
        }
        tokens = []
        for more in ({}, {"media": BytesIO(photograph())}):
            (told,) = await asked(client.post, lights["service_code"], **sent, **more)
            tokens.append(told["token"])
        unclean = {"media": BytesIO(b"\xff\xd8 no picture")}
        (told,) = await asked(client.post, lights["service_code"], **sent, **unclean)
        assert told["code"] == 422
        (wrong,) = await asked(client.post, "nothing", **sent)
        assert wrong["code"] == 404

        async def has_an_id() -> bool:
            answer = await asked(client.token, tokens[0])
            return bool(answer[0].get("service_request_id"))

        await until(has_an_id, "the token leads to a public id")
        (found,) = await asked(client.token, tokens[0])
        (request,) = await asked(client.request, found["service_request_id"])
        assert (request["status"], request["address_id"]) == ("open", "us.ma.boston.roxbury")
        today = datetime.now(UTC)
        days = [(today + timedelta(days=each)).strftime("%m-%d-%Y") for each in (-1, 1)]
        for kwargs in (
            {},
            {"code": lights["service_code"]},
            {"count": 1},
            {"start": days[0], "end": days[1]},
            {"between": days},
            {"status": "open"},
            {"service_request_id": found["service_request_id"]},
        ):
            listed = await asked(client.requests, **kwargs)
            assert listed, kwargs
            assert all(one["service_code"] == lights["service_code"] for one in listed)
        assert await asked(client.requests, status="closed") == []
        xml = three.Three(endpoint, format="xml")
        xml.session.trust_env = False
        assert WORDS.encode() not in await asked(xml.get, "requests", convert=False)
