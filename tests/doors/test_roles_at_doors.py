"""Each role, nobody and each sort of impostor at each route: it opens, or nothing happens."""

import pytest
from house import House
from table import DOORS, OUTSIDE, Act, Door, allowed, closed_to_them, forms, not_so

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORBIDDEN = tuple(closed_to_them())
NOT_SO = not_so()
FORMS = tuple(forms())
ELSEWHERE = {
    "without a token": ({}, "token="),
    "with a made-up token": ({}, "token=made-up"),
    "with the token of another browser": ({"Cookie": "tribune_visitor=" + "f" * 32}, None),
    "from another site": ({"Sec-Fetch-Site": "cross-site"}, None),
    "from a sister of ours": ({"Sec-Fetch-Site": "same-site"}, None),
    "from another origin": ({"Origin": "https://evil.example"}, None),
    "from no origin": ({"Origin": "null"}, None),
    "as JSON": ({"Content-Type": "application/json"}, "{}"),
    "as plain text": ({"Content-Type": "text/plain"}, None),
    "with the token twice": ({}, "token=made-up&token={token}"),
}


async def test_there_are_more_than_enough() -> None:
    assert len(FORBIDDEN) > 300
    by_method = sum(len(methods) for methods in NOT_SO.values())
    assert len(FORBIDDEN) + by_method + len(FORMS) * len(ELSEWHERE) > 900


async def test_the_table_has_each_route_of_each_service(home: House) -> None:
    told = {(*door.where, door.path): door.methods for door in DOORS}
    assert home.routes() == told


@pytest.mark.parametrize("act", tuple(allowed()), ids=str)
async def test_who_may_do_what(home: House, act: Act) -> None:
    token = home.token_of(act.who)
    given = {"data": {"token": home.form_token}} if act.method == "POST" else {}
    answer = await home.ask(act.door.where, act.method, act.door.as_, token, **given)
    assert answer.status_code == act.door.answers[act.method]


@pytest.mark.parametrize("act", FORBIDDEN, ids=str)
async def test_what_is_forbidden_by_who_asks(home: House, act: Act) -> None:
    before, token = await home.written(), home.token_of(act.who)
    given = {"data": {"token": home.form_token}} if act.method == "POST" else {}
    answer = await home.ask(act.door.where, act.method, act.door.as_, token, **given)
    if act.who not in OUTSIDE:
        assert answer.status_code == 403
        assert act.method == "HEAD" or "your role does not open this page" in answer.text
    elif act.method == "GET":
        assert answer.status_code == 303
        there = answer.headers["location"].removeprefix("http://127.0.0.1:8002")
        assert there.startswith(("/sign-in?back=", "/staff/sign-in?back="))
    else:
        assert answer.status_code == 401
    assert "tribune_session" not in answer.headers.get("set-cookie", "")
    assert await home.written() == before


@pytest.mark.parametrize("door", NOT_SO, ids=lambda door: f"{door.service} {door.door}{door.path}")
async def test_what_is_forbidden_by_its_method(home: House, door: Door) -> None:
    """Of who may do all else there; nor does reading change anything that is called otherwise."""
    before, token = await home.written(), home.token_of(door.opens[0] if door.opens else "nobody")
    fields = {"token": home.form_token}
    for method in NOT_SO[door]:
        answer = await home.ask(door.where, method, door.as_, token, params=fields)
        assert answer.status_code in (404, 405, 415), method  # 415: a form for another act
    if "GET" in door.methods and not door.endless:
        for name in ("X-HTTP-Method-Override", "X-Method-Override"):
            given = {"headers": {name: "POST"}, "params": fields | {"_method": "POST"}}
            await home.ask(door.where, "GET", door.as_, token, **given)
    assert await home.written() == before


@pytest.mark.parametrize("how", ELSEWHERE)
@pytest.mark.parametrize("act", FORMS, ids=str)
async def test_what_is_forbidden_by_where_it_comes_from(home: House, act: Act, how: str) -> None:
    before, token = await home.written(), home.token_of(act.who)
    headers, body = ELSEWHERE[how]
    if "Cookie" in headers:
        headers = {"Cookie": f"{headers['Cookie']}; tribune_session={token}"}
    content = (body or "token={token}").replace("{token}", home.form_token)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await home.ask(
        act.door.where, "POST", act.door.as_, token, headers=kind | headers, content=content
    )
    assert answer.status_code in (400, 403, 415)
    assert await home.written() == before
