"""Each role on each guarded page, at whichever service: it opens, or it does not."""

from datetime import timedelta

import httpx
import pytest
from framed import BASE, HOUSE, visiting
from signed_in import NOW, SIGNER, knowing, session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.contracts.login import LoginClosed
from shared.contracts.roles import MEMBER, ROLES
from shared.web.app import WebApp, web_app
from shared.web.frame import Frame
from shared.web.guard import Guard, opened_by, session_of
from shared.web.sessions import Session, Sessions
from shared.web.sites import Sites

WHO = {role: frozenset((role,)) for role in ROLES} | {"two": frozenset(ROLES[:2])}
PAGES = {role: (role,) for role in (*ROLES, MEMBER)} | {"any": (), "some": ("operator", "auditor")}


def service(now: timedelta = timedelta(0), sessions: Sessions | None = None) -> WebApp:
    frame = Frame(
        HOUSE, "intake", Sites("intake", {"intake": f"{BASE}:8001", "promotion": f"{BASE}:8002"})
    )
    guard = Guard(frame, sessions or knowing(), WHO, lambda: NOW + now)

    async def page(request: Request) -> Response:
        return PlainTextResponse(session_of(request).login_id)

    routes = [
        Route(f"/{prefix}{name}", guard.requires(*roles)(page), methods=["GET", "POST"])
        for name, roles in PAGES.items()
        for prefix in ("", "api/")
    ]
    assert {opened_by(route) for route in routes} == {frozenset(each) for each in PAGES.values()}
    return web_app(frame, routes=routes)


async def asked(
    path: str, own: Session | None = None, method: str = "GET", app: WebApp | None = None
) -> httpx.Response:
    async with visiting(app or service()) as visitor:
        if own:
            visitor.cookies["tribune_session"] = SIGNER.token(own)
        return await visitor.request(method, path)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [*WHO, MEMBER])
async def test_each_role_on_each_page(who: str, page: str) -> None:
    own = session("member", "") if who == MEMBER else session(who=who)
    has = {MEMBER} if who == MEMBER else WHO[who]
    is_open = not PAGES[page] or bool(has & set(PAGES[page]))
    for prefix in ("", "api/"):
        for method in ("GET", "POST"):
            answer = await asked(f"/{prefix}{page}", own, method)
            assert answer.status_code == (200 if is_open else 403)
    if is_open:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", PAGES)
async def test_nobody_is_led_to_where_one_signs_in(page: str) -> None:
    answer = await asked(f"/{page}?place=us")
    assert answer.status_code == 303
    back = f"back=%2F{page}%3Fplace%3Dus&of=intake"
    form = "/staff/sign-in" if page in ("some", *ROLES) else "/sign-in"
    assert answer.headers["Location"] == f"http://tribune.test:8002{form}?{back}"
    assert (await asked(f"/{page}", method="POST")).status_code == 401
    assert (await asked(f"/api/{page}")).status_code == 401


async def test_a_role_that_the_charter_takes_away_is_gone() -> None:
    assert (await asked("/any", session(who="gone"))).status_code == 303


async def test_no_member_is_taken_for_staff_by_a_name() -> None:
    assert (await asked("/operator", session("member", "operator"))).status_code == 403


async def test_a_session_that_grows_old_is_renewed_on_the_way() -> None:
    later = service(timedelta(minutes=6))
    answer = await asked("/operator", session(who="operator"), app=later)
    assert answer.headers["Location"].startswith("http://tribune.test:8002/renew?back=%2Foperator")
    answer = await asked("/operator", session(who="operator"), "POST", later)
    assert answer.status_code == 200, "what is sent is not lost on the way"


async def test_a_closed_login_opens_nothing() -> None:
    sessions = knowing()
    sessions.learn(LoginClosed(login_id=session().login_id))
    answer = await asked("/any", session(who="operator"), app=service(sessions=sessions))
    assert answer.status_code == 303
