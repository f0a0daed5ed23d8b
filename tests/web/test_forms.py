"""Only a page of ours can send a form, and a message is shown once, by whichever service."""

import time

import httpx
import pytest
from framed import BASE, HOUSE, framed, visiting
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shared.web.app import WebApp, web_app
from shared.web.flash import COOKIE as MESSAGE
from shared.web.forms import local
from shared.web.frame import Frame
from shared.web.sites import Sites
from shared.web.visitors import COOKIE as VISITOR
from shared.web.visitors import know, visitor_of

KEY = b"a key for tests"
FORM = "application/x-www-form-urlencoded"


def service(name: str = "intake", key: bytes = KEY, address: str = "") -> WebApp:
    """A page that shows what waits, and a form that says thank you."""
    frame = Frame(HOUSE, name, Sites(name, {name: address}), key)

    async def ask(request: Request) -> Response:
        return frame.form(request, "error.html", title="A form", text="Please fill it in.")

    async def take(request: Request) -> Response:
        fields = await frame.forms.posted(request)
        answer = RedirectResponse("/", 303)
        frame.flash.leave(request, answer, f"Thank you, {fields['name']}.")
        return answer

    async def tokens(request: Request) -> Response:
        name = visitor_of(request)
        answer = Response(frame.forms.token(name))
        know(frame.cookies, request, answer, name)
        return answer

    return web_app(
        frame,
        routes=[
            Route("/", ask),
            Route("/again", ask, methods=["POST"]),
            Route("/token", tokens),
            Route("/take", take, methods=["POST"]),
        ],
    )


async def token(visitor: httpx.AsyncClient) -> str:
    return (await visitor.get("/token")).text


async def send(visitor: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await visitor.post("/take", data=fields)


async def test_a_form_of_ours_is_taken_and_its_message_shown_once() -> None:
    async with visiting(service()) as visitor:
        answer = await send(visitor, token=await token(visitor), name="<Ann>")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        page = await visitor.get("/")
        assert '<p class="wide">Thank you, &lt;Ann&gt;.</p>' in page.text
        assert "Thank you" not in (await visitor.get("/")).text


async def test_any_service_of_the_host_shows_it_for_they_share_a_key() -> None:
    async with visiting(service("intake"), f"{BASE}:8001") as intake:
        await send(intake, token=await token(intake), name="Ann")
        cookies = intake.cookies
    for key, is_shown in ((KEY, True), (b"another key", False)):
        async with visiting(service("publishing", key), f"{BASE}:8000") as publishing:
            publishing.cookies = cookies
            assert ("Thank you, Ann." in (await publishing.get("/")).text) == is_shown


async def test_a_message_waits_for_a_page_that_somebody_opens() -> None:
    async with visiting(service()) as visitor:
        await send(visitor, token=await token(visitor), name="Ann")
        assert (await visitor.head("/")).status_code == 200
        assert "Thank you" not in (await visitor.post("/again")).text
        assert "Thank you, Ann." in (await visitor.get("/")).text
        assert "Thank you" not in (await visitor.get("/")).text


async def test_a_message_is_for_the_browser_that_it_was_left_for() -> None:
    async with visiting(service()) as somebody, visiting(service()) as other:
        await send(somebody, token=await token(somebody), name="Ann")
        await token(other)
        other.cookies.set(MESSAGE, somebody.cookies[MESSAGE])
        assert "Thank you" not in (await other.get("/")).text
        other.cookies.delete(VISITOR)
        assert "Thank you" not in (await other.get("/")).text
        assert "Thank you, Ann." in (await somebody.get("/")).text


async def test_without_its_token_a_form_is_refused() -> None:
    async with visiting(service()) as visitor:
        good = await token(visitor)
        for wrong in ("", "x", good[:-1], good.upper(), f"{good}.x"):
            answer = await send(visitor, token=wrong, name="Ann")
            assert answer.status_code == 403, wrong
            assert "<h1>Not taken</h1>" in answer.text
            assert MESSAGE not in answer.cookies
        assert (await send(visitor, name="Ann")).status_code == 403
        assert (await send(visitor, token=good, name="Ann")).status_code == 303


async def test_a_token_is_good_in_the_browser_that_got_it_and_in_no_other() -> None:
    async with visiting(service()) as somebody, visiting(service()) as other:
        theirs = await token(somebody)
        await token(other)
        assert (await send(other, token=theirs, name="Ann")).status_code == 403
        other.cookies.clear()
        assert (await send(other, token=theirs, name="Ann")).status_code == 403


async def test_a_browser_with_a_made_up_name_gets_a_fresh_one() -> None:
    async with visiting(service()) as visitor:
        for made_up in (b"", b"a", b"A" * 32, b"\xe9" * 32):
            cookie = [(b"Cookie", VISITOR.encode() + b"=" + made_up)]
            answer = await visitor.get("/token", headers=cookie)
            assert len(answer.cookies[VISITOR]) == 32
            assert made_up.decode("latin-1") != answer.cookies[VISITOR]


async def test_a_token_of_another_instance_is_refused() -> None:
    async with visiting(service()) as ours, visiting(service(key=b"another key")) as theirs:
        theirs.cookies = ours.cookies
        await token(ours)
        answer = await send(ours, token=await token(theirs), name="Ann")
        assert answer.status_code == 403


async def test_a_token_is_refused_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    async with visiting(service()) as visitor:
        good = await token(visitor)
        signed_at = "itsdangerous.timed.TimestampSigner.get_timestamp"
        now = int(time.time())
        monkeypatch.setattr(signed_at, lambda _: now + 24 * 60 * 60)
        assert (await send(visitor, token=good, name="Ann")).status_code == 403
        assert (await send(visitor, token=await token(visitor), name="Ann")).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": BASE}, 303),
        ({"Origin": "https://tribune.example"}, 303),
        ({"Origin": "null"}, 403),
        ({"Origin": f"{BASE}:8001"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": ""}, 403),
    ],
)
async def test_a_form_that_a_browser_says_comes_from_elsewhere_is_refused(
    headers: dict[str, str], status: int
) -> None:
    async with visiting(service(address="https://tribune.example")) as visitor:
        visitor.base_url = httpx.URL(BASE)
        page = await visitor.get("/token")
        cookie = {"Cookie": f"{VISITOR}={page.cookies[VISITOR]}"}
        fields = {"token": page.text, "name": "Ann"}
        answer = await visitor.post("/take", data=fields, headers=headers | cookie)
    assert answer.status_code == status


async def test_no_two_tokens_are_alike() -> None:
    async with visiting(service()) as visitor:
        assert len({await token(visitor) for _ in range(5)}) == 5


async def test_a_message_that_somebody_made_up_is_not_shown() -> None:
    async with visiting(service()) as visitor:
        good = await token(visitor)
        for made_up in ("Pay here", good, "x.y.z"):
            page = await visitor.get("/", headers={"Cookie": f"{MESSAGE}={made_up}"})
            assert page.status_code == 200
            assert 'class="message"' not in page.text


@pytest.mark.parametrize(
    ("base", "address", "is_secure"),
    [
        ("http://tribune.test", "", False),
        ("https://tribune.test", "", True),
        ("http://tribune.test", "https://tribune.test", True),
    ],
)
async def test_cookies_are_for_all_ports_of_the_host_and_for_no_script(
    base: str, address: str, *, is_secure: bool
) -> None:
    async with visiting(service(address=address), base) as visitor:
        (cookie,) = (await visitor.get("/")).headers.get_list("set-cookie")
    name, *attributes = [part.strip().lower() for part in cookie.split(";")]
    assert name.startswith(f"{VISITOR}=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(attributes)
    assert ("secure" in attributes) == is_secure
    assert not [each for each in attributes if each.startswith("domain")]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"name=x", 415),
        (FORM, b"\xff\xfe", 403),
        (FORM, b"&".join(b"a=1" for _ in range(200)), 403),
        (FORM, b"name=" + b"x" * 70_000, 413),
    ],
)
async def test_what_is_no_form_is_refused(kind: str, body: bytes, status: int) -> None:
    async with visiting(service()) as visitor:
        await token(visitor)
        answer = await visitor.post("/take", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "", "x", "/a b", "/a\nb", "/é"],
)
def test_a_form_leads_to_no_other_host(address: str) -> None:
    assert local(address, "/otherwise") == "/otherwise"


def test_it_leads_back_to_where_one_was() -> None:
    assert local("/overdue?place=us.ma&before=7#x", "/") == "/overdue?place=us.ma&before=7#x"


async def test_a_page_without_a_form_sets_no_cookie() -> None:
    async with visiting(framed()) as visitor:
        for address in ("/", "/nothing", "/readyz"):
            assert "set-cookie" not in (await visitor.get(address)).headers
