"""What is kept for all is answered at once, and exactly as the usual way would answer it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from public_site import CHARTER
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web.answers import Kept, answer
from shared.web.app import web_app
from shared.web.direct import KeptRoute
from shared.web.frame import Frame, House
from shared.web.sites import Sites

LONG = Kept(b"<p>much</p>" * 200)
SHORT = Kept(b"<p>little</p>")


class Doors:
    def __init__(self) -> None:
        self.usual = 0

    async def page(self, request: Request) -> Response:
        which = request.path_params["which"]
        if which == "missing":
            raise HTTPException(404)
        if which == "broken":
            raise RuntimeError("this page can't be made")
        self.usual += "router" in request.scope
        return answer(request, LONG if which == "long" else SHORT, vary="Cookie")


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture(params=[KeptRoute, Route])
async def visitor(request: pytest.FixtureRequest, doors: Doors) -> AsyncIterator[httpx.AsyncClient]:
    frame = Frame(House(CHARTER.name, CHARTER.notice), "publishing", Sites("publishing", {}))
    app = web_app(frame, routes=[request.param("/page/{which}", doors.page)])
    way = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=way, base_url="http://tribune.test") as client:
        yield client


ASKED = [
    ({}, "long"),
    ({}, "short"),
    ({"Accept-Encoding": "identity"}, "long"),
    ({"Accept-Encoding": "gzip;q=0"}, "long"),
    ({"If-None-Match": LONG.etag}, "long"),
    ({"If-None-Match": '"another"'}, "long"),
    ({}, "missing"),
    ({}, "broken"),
]
EXPECTED: dict[int, tuple[int, dict[str, str], bytes]] = {}


@pytest.mark.parametrize("case", range(len(ASKED)))
async def test_both_ways_answer_alike(visitor: httpx.AsyncClient, case: int) -> None:
    headers, which = ASKED[case]
    got = await visitor.get(f"/page/{which}", headers=headers)
    told = (got.status_code, dict(got.headers), got.content)
    assert EXPECTED.setdefault(case, told) == told
    assert "content-security-policy" in got.headers
    assert got.status_code == {"missing": 404, "broken": 500}.get(which, got.status_code)


@pytest.mark.parametrize(
    ("method", "query", "headers"),
    [
        ("GET", "?a=1", {}),
        ("GET", "", {"Cookie": "a=b"}),
        ("GET", "", {"Content-Length": "3"}),
        ("GET", "", {"Transfer-Encoding": "chunked"}),
        ("HEAD", "", {}),
    ],
)
async def test_whoever_is_somebody_or_sends_something_goes_the_usual_way(
    visitor: httpx.AsyncClient, doors: Doors, method: str, query: str, headers: dict[str, str]
) -> None:
    body = b"abc" if "Content-Length" in headers or "Transfer-Encoding" in headers else None
    got = await visitor.request(method, f"/page/long{query}", headers=headers, content=body)
    assert got.status_code == 200
    assert doors.usual == 1


async def test_a_plain_reader_does_not(doors: Doors) -> None:
    frame = Frame(House(CHARTER.name, CHARTER.notice), "publishing", Sites("publishing", {}))
    app = web_app(frame, routes=[KeptRoute("/page/{which}", doors.page)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://tribune.test"
    ) as client:
        assert (await client.get("/page/long")).status_code == 200
    assert doors.usual == 0
