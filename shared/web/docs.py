"""What programs can ask a service, as a page that is made from its OpenAPI document."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from shared.web.kinds import ENGLISH, Schema, kind
from shared.web.language import Language, marked

SAYS_NOTHING = "Successful Response"
PLACES = {
    "query": marked("%(name)s (in the query)"),
    "path": marked("%(name)s (in the path)"),
    "header": marked("%(name)s (in the header)"),
    "cookie": marked("%(name)s (in the cookie)"),
}


@dataclass(frozen=True)
class Value:
    name: str
    kind: str
    is_required: bool
    text: str


@dataclass(frozen=True)
class Body:
    """`media` is its media type; `shapes` are the names of what it consists of."""

    media: str
    kind: str
    shapes: list[str]


@dataclass(frozen=True)
class Answer:
    status: str
    text: str
    bodies: list[Body]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    title: str
    text: str
    parameters: list[Value]
    takes: list[Body]
    answers: list[Answer]


@dataclass(frozen=True)
class Shape:
    name: str
    text: str
    values: list[Value]


def operations(document: Schema, language: Language = ENGLISH) -> list[Operation]:
    say = language.gettext
    return [
        Operation(
            method.upper(),
            path,
            say(told.get("summary", "")),
            say(told.get("description", "")),
            [_parameter(each, language) for each in told.get("parameters", ())],
            _bodies(told.get("requestBody", {}), language),
            [_answer(status, each, language) for status, each in told["responses"].items()],
        )
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def shapes(document: Schema, language: Language = ENGLISH) -> list[Shape]:
    """What the bodies are, by name."""
    return [
        Shape(
            name,
            language.gettext(schema.get("description", "")),
            [
                Value(
                    each,
                    kind(told, language),
                    each in schema.get("required", ()),
                    _text(told, language),
                )
                for each, told in schema.get("properties", {}).items()
            ],
        )
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    ]


def _parameter(told: Schema, language: Language) -> Value:
    name = language.gettext(PLACES[told["in"]], name=told["name"])
    what = kind(told["schema"], language)
    return Value(name, what, told.get("required", False), _text(told, language))


def _answer(status: str, told: Schema, language: Language) -> Answer:
    """What HTTP itself calls a status stays."""
    otherwise = language.gettext("otherwise")
    said = f"{status} {HTTPStatus(int(status)).phrase}" if status.isdigit() else otherwise
    text = told.get("description", "")
    bodies = _bodies(told, language)
    return Answer(said, "" if text == SAYS_NOTHING else language.gettext(text), bodies)


def _bodies(told: Schema, language: Language) -> list[Body]:
    return [
        Body(media, kind(about.get("schema", {}), language), _names(about.get("schema", {})))
        for media, about in told.get("content", {}).items()
    ]


def _names(schema: Any) -> list[str]:
    """Of all shapes that a schema refers to."""
    match schema:
        case {"$ref": str(name)}:
            return [name.rpartition("/")[2]]
        case dict() as parts:
            return [name for part in parts.values() for name in _names(part)]
        case list() as parts:
            return [name for part in parts for name in _names(part)]
        case _:
            return []


def _text(told: Schema, language: Language) -> str:
    default = told.get("schema", told).get("default")
    said = language.gettext(str(told.get("description", "")))
    if default in (None, "", []):
        return said
    without = language.gettext("Without it: %(default)s.", default=default)
    return f"{said} {without}".lstrip()
