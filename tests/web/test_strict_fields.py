"""What an address or a form names twice is refused: a page says so, or a problem for programs."""

import httpx
import pytest
from framed import framed, visiting
from test_forms import FORM, service, token

from shared.web.flash import COOKIE as MESSAGE

TWICE = "A field is named twice here."


@pytest.mark.parametrize("query", ["most=1&most=2", "most=3&most=3", "most=1&m%6fst=2", "x=&x=&y="])
async def test_an_address_names_nothing_twice(visitor: httpx.AsyncClient, query: str) -> None:
    page = await visitor.get(f"/?{query}")
    assert page.status_code == 400
    assert TWICE in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["x-content-type-options"] == "nosniff"
    told = await visitor.get(f"/api/things?{query}")
    assert told.status_code == 400
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"] == TWICE


@pytest.mark.parametrize("query", ["most=2", "most=2&more=2", "most=2&Most=3", "most=2&&x", ""])
async def test_what_it_names_once_it_may_name(query: str) -> None:
    async with visiting(framed()) as visitor:
        assert (await visitor.get(f"/?{query}")).status_code == 200
        answer = await visitor.get(f"/api/things?{query}")
    assert answer.status_code == (200 if query else 422)


@pytest.mark.parametrize("more", ["&name=Bob", "&name=Ann", "&token=x"])
async def test_a_form_names_nothing_twice(more: str) -> None:
    async with visiting(service()) as visitor:
        body = f"token={await token(visitor)}&name=Ann{more}"
        answer = await visitor.post("/take", content=body, headers={"Content-Type": FORM})
    assert answer.status_code == 400
    assert TWICE in answer.text
    assert MESSAGE not in answer.cookies
