"""Where the clocks of two services are apart, somebody who has signed in is not asked for ever."""

from datetime import timedelta

import httpx
import pytest
from framed import BASE, HOUSE
from signed_in import NOW, SIGNER, knowing, session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.web.app import WebApp, web_app
from shared.web.frame import Frame
from shared.web.guard import RENEW, RENEWED, Guard
from shared.web.sessions import renewed
from shared.web.sites import Sites

ADDRESSES = {"intake": f"{BASE}:8001", "promotion": f"{BASE}:8002"}


def guard_of(service: str, ahead: timedelta) -> Guard:
    frame = Frame(HOUSE, service, Sites(service, ADDRESSES))
    roles = {"ana": frozenset(("operator",))}
    return Guard(frame, knowing(), roles, lambda: NOW + timedelta(minutes=6) + ahead)


def intake(ahead: timedelta) -> WebApp:
    guard = guard_of("intake", ahead)

    async def page(_: Request) -> Response:
        return PlainTextResponse("it is open")

    return web_app(guard.frame, routes=[Route("/desk", guard.requires("operator")(page))])


def promotion() -> WebApp:
    guard = guard_of("promotion", timedelta(0))

    async def renew(request: Request) -> Response:
        answer = Response(status_code=303, headers={"Location": f"{BASE}:8001/desk"})
        found = guard.who(request)
        assert found
        guard.cookie.give(request, answer, SIGNER.token(renewed(found, guard.now())))
        guard.renewed(request, answer)
        return answer

    return web_app(guard.frame, routes=[Route(RENEW, renew)])


@pytest.mark.parametrize("minutes", [0, 6, 20])
async def test_a_service_that_finds_all_sessions_stale_opens_its_pages(minutes: int) -> None:
    """It is ahead, and what was renewed a second ago is too old for it once more."""
    here = httpx.ASGITransport(intake(timedelta(minutes=minutes)))
    there = httpx.ASGITransport(promotion())
    doors = {f"{BASE}:8001": here, f"{BASE}:8002": there}
    async with httpx.AsyncClient(mounts=doors, follow_redirects=True, max_redirects=3) as visitor:
        visitor.cookies.set("tribune_session", SIGNER.token(session()), domain="tribune.test")
        answer = await visitor.get(f"{BASE}:8001/desk")
        assert (answer.status_code, answer.text) == (200, "it is open")
        assert RENEWED in visitor.cookies
