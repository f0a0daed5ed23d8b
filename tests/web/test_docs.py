"""What programs can ask stands on a page of the site, which needs neither scripts nor a network."""

import re
from typing import Any

import httpx
import pytest
from framed import framed, inner, visiting

from shared.web.docs import kind, operations, shapes

DOCUMENT = framed().openapi()


async def test_the_page_has_every_operation_and_every_shape(
    visitor: httpx.AsyncClient, watcher: httpx.AsyncClient
) -> None:
    inside = await watcher.get("/api")
    assert '<a href="#shape-Ready">' in inside.text
    for path in ("/readyz", "/metrics", "/healthz"):
        assert f"<code>GET {path}</code>" in inside.text
    page = await visitor.get("/api")
    assert page.status_code == 200
    for path in ("/healthz", "/api/things"):
        assert f"<code>GET {path}</code>" in page.text
    assert "readyz" not in page.text
    for name in ("Alive", "Problem", "WrongValue"):
        assert f'<h3 id="shape-{name}">' in page.text
    linked = set(re.findall(r'href="#(shape-\w+)"', page.text))
    assert linked <= set(re.findall(r'id="(shape-\w+)"', page.text))
    assert {"shape-Alive", "shape-Problem"} <= linked


async def test_it_comes_from_here_alone(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/api")).text
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert (await visitor.get("/docs")).status_code == 404
    assert (await visitor.get("/redoc")).status_code == 404


def test_a_parameter_says_what_it_takes() -> None:
    told = {(each.method, each.path): each for each in operations(DOCUMENT)}
    things = told["GET", "/api/things"]
    (most,) = things.parameters
    assert (most.name, most.kind) == ("most (in the query)", "integer (at least 1, at most 10)")
    assert (most.is_required, most.text) == (True, "How many")
    assert [answer.status for answer in things.answers] == ["200 OK", "otherwise"]
    assert [body.shapes for body in things.answers[1].bodies] == [["Problem"]]


def test_a_shape_says_what_it_consists_of() -> None:
    (ready,) = [shape for shape in shapes(inner().openapi()) if shape.name == "Ready"]
    assert {value.name: value.kind for value in ready.values} == {
        "status": "'ready' or 'not ready'",
        "reasons": "list of string",
        "standby": "list of string",
        "warnings": "list of string",
    }


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Alive"}, "Alive"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            "object whose values are integer",
        ),
        ({"type": "string", "format": "date-time"}, "string (as date-time)"),
        ({}, "anything"),
    ],
)
def test_what_a_value_is_is_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert kind(schema) == words


async def test_hostile_words_stay_words() -> None:
    app = framed()
    app.openapi()["paths"]["/healthz"]["get"]["summary"] = "<script>alert(1)</script>"
    async with visiting(app) as visitor:
        assert "<script>" not in (await visitor.get("/api")).text
