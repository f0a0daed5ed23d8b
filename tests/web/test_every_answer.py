"""Every answer carries the headers; what can't be answered is a page for people, a problem for
programs, and tells nothing that was not meant for them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from framed import HOUSE, inner, visiting

from shared.web.condition import Condition
from shared.web.headers import HEADERS

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/nothing", 404),
    ("GET", "/static/0/nothing.css", 404),
    ("POST", "/", 405),
    ("GET", "/broken", 500),
    ("POST", "/taking", 413),
    ("GET", "/healthz", 200),
    ("HEAD", "/healthz", 200),
    ("GET", "/readyz", 404),
    ("HEAD", "/readyz", 404),
    ("GET", "/metrics", 404),
    ("HEAD", "/metrics", 404),
    ("GET", "/openapi.json", 200),
    ("GET", "/api/things?most=2", 200),
    ("GET", "/api/things", 422),
    ("GET", "/api/things?most=9", 500),
    ("GET", "/api/things?most=10", 409),
    ("PUT", "/api/things", 405),
    ("GET", "/api/nothing", 404),
]
INSIDE = [
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("HEAD", "/readyz", 200),
    ("GET", "/metrics", 200),
    ("HEAD", "/metrics", 200),
    ("DELETE", "/readyz", 405),
    ("GET", "/", 404),
    ("GET", "/api/things?most=2", 404),
]
TOO_LARGE = b"x" * 70_000


async def asked(visitor: httpx.AsyncClient, method: str, address: str) -> httpx.Response:
    return await visitor.request(method, address, content=TOO_LARGE if "taking" in address else b"")


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
async def test_every_answer_carries_the_headers(
    visitor: httpx.AsyncClient, method: str, address: str, status: int
) -> None:
    answer = await asked(visitor, method, address)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name


@pytest.mark.parametrize(("method", "address", "status"), INSIDE)
async def test_readiness_and_figures_are_at_the_inner_door_and_nothing_else_is(
    watcher: httpx.AsyncClient, method: str, address: str, status: int
) -> None:
    """At the public one a confidential report moved a counter within a second."""
    answer = await watcher.request(method, address)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value], name


async def test_a_body_whose_length_nobody_told_is_too_large_as_well(
    visitor: httpx.AsyncClient,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield TOO_LARGE[:10_000]

    answer = await visitor.post("/taking", content=pieces())
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "address", "title"),
    [
        ("GET", "/nothing", "Not found"),
        ("POST", "/", "Not like this"),
        ("GET", "/healthzone", "Not found"),
        ("GET", "/metrics/all", "Not found"),
        ("GET", "/broken", "Something went wrong"),
    ],
)
async def test_people_get_a_page(
    visitor: httpx.AsyncClient, method: str, address: str, title: str
) -> None:
    answer = await visitor.request(method, address)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert f"<h1>{title}</h1>" in answer.text
    assert HOUSE.notice in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "address", "status", "title", "detail"),
    [
        ("GET", "/api/nothing", 404, "Not Found", "There is no such page here."),
        ("PUT", "/api/things", 405, "Method Not Allowed", "This address does not take what was"),
        ("GET", "/api/things?most=10", 409, "Conflict", "Ten is too many just now."),
        ("GET", "/api/things?most=9", 500, "Internal Server Error", "A fault of ours"),
        ("PATCH", "/healthz", 405, "Method Not Allowed", "This address does not take what was"),
    ],
)
async def test_programs_get_a_problem(
    visitor: httpx.AsyncClient, method: str, address: str, status: int, title: str, detail: str
) -> None:
    answer = await visitor.request(method, address)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail"}
    assert (told["type"], told["title"], told["status"]) == ("about:blank", title, status)
    assert told["detail"].startswith(detail)
    assert "secret" not in answer.text
    assert ("allow" in answer.headers) == (status == 405)


async def test_wrong_values_are_named_and_not_repeated(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/api/things?most=617-555-0100")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    told = answer.json()
    (error,) = told["errors"]
    assert error["where"] == "query most"
    assert error["detail"] in told["detail"]
    assert "617" not in answer.text


THEIRS = "Ann Example 617-555-0100"


@pytest.mark.parametrize(
    ("sent", "where", "detail"),
    [
        ({"name": "a", THEIRS: 1}, "body …", "Extra inputs are not permitted"),
        ({"name": "a", "amounts": {THEIRS: 0}}, "body amounts …", "Input should be greater than"),
        ({"name": "a", "amounts": {THEIRS: THEIRS}}, "body amounts …", "Input should be a valid i"),
        ({"name": "a", "shape": {"form": THEIRS}}, "body shape", "This is not what is taken here."),
        ({"name": "a", "day": THEIRS}, "body day", "This is not what is taken here."),
        ({"day": "2011-07-01"}, "body name", "Field required"),
        ([{THEIRS: 1}], "body", "Input should be a valid dictionary"),
    ],
)
async def test_neither_values_nor_names_that_were_sent_are_repeated(
    visitor: httpx.AsyncClient, sent: object, where: str, detail: str
) -> None:
    answer = await visitor.post("/api/things", json=sent)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["where"] == where
    assert error["detail"].startswith(detail)
    assert "Ann" not in answer.text
    assert "617" not in answer.text


@pytest.mark.parametrize("kind", ["application/json", "application/x+json; charset=utf-8"])
@pytest.mark.parametrize(
    "body", ['{"name": "a", "name": "b"}', '{"name": "a", "amounts": {"x": 1, "\\u0078": 2}}']
)
async def test_json_that_names_a_field_twice_is_refused(
    visitor: httpx.AsyncClient, body: str, kind: str
) -> None:
    answer = await visitor.post("/api/things", content=body, headers={"Content-Type": kind})
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["detail"]) == (400, "An object names a field twice.")
    once = body.replace('"name": "b"', '"amounts": {}').replace("\\u0078", "y")
    answer = await visitor.post("/api/things", content=once, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (200, "a")


async def test_who_is_not_ready_says_so_as_ever() -> None:
    """For programs that watch: an answer, and no problem."""
    condition = Condition(["waits for NATS"], ["sweep"], ["the store is 91 % full"])
    async with visiting(inner(condition)) as watcher:
        answer = await watcher.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/json")
    assert answer.json() == {
        "status": "not ready",
        "reasons": ["waits for NATS"],
        "standby": ["sweep"],
        "warnings": ["the store is 91 % full"],
    }


async def test_the_machine_interface_is_told_in_openapi(
    visitor: httpx.AsyncClient, watcher: httpx.AsyncClient
) -> None:
    told = (await visitor.get("/openapi.json")).json()
    assert set(told["paths"]) == {"/healthz", "/api/things"}
    assert "#/components/schemas/Problem" in str(told["paths"]["/api/things"])
    assert {"Alive", "Problem", "WrongValue"} <= set(told["components"]["schemas"])
    inside = (await watcher.get("/openapi.json")).json()
    assert set(inside["paths"]) == {"/healthz", "/readyz", "/metrics"}
    assert set(inside["paths"]["/readyz"]["get"]["responses"]) == {"200", "503"}
