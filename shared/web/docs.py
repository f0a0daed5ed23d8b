"""What programs can ask a service, as a page that is made from its OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Schema = Mapping[str, Any]
SAYS_NOTHING = "Successful Response"


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


def operations(document: Schema) -> list[Operation]:
    return [
        Operation(
            method.upper(),
            path,
            told.get("summary", ""),
            told.get("description", ""),
            [_parameter(each) for each in told.get("parameters", ())],
            _bodies(told.get("requestBody", {})),
            [_answer(status, each) for status, each in told["responses"].items()],
        )
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def shapes(document: Schema) -> list[Shape]:
    """What the bodies are, by name."""
    return [
        Shape(
            name,
            schema.get("description", ""),
            [
                Value(each, kind(told), each in schema.get("required", ()), _text(told))
                for each, told in schema.get("properties", {}).items()
            ],
        )
        for name, schema in document.get("components", {}).get("schemas", {}).items()
    ]


def kind(schema: Schema) -> str:
    """What a value is, in words."""
    match schema:
        case {"$ref": str(name)}:
            return name.rpartition("/")[2]
        case {"const": value}:
            return repr(value)
        case {"enum": values}:
            return " or ".join(map(repr, values))
        case {"anyOf": choices} | {"oneOf": choices} | {"allOf": choices}:
            return " or ".join(map(kind, choices))
        case {"type": "array", **more}:
            return f"list of {kind(more.get('items', {}))}"
        case {"type": "object", "additionalProperties": dict() as values}:
            return f"object whose values are {kind(values)}"
        case {"type": str(name), **more}:
            return f"{name}{_within(more)}"
        case _:
            return "anything"


def _within(schema: Schema) -> str:
    said = {
        "minimum": "at least",
        "maximum": "at most",
        "maxLength": "longest",
        "pattern": "as",
        "format": "as",
    }
    limits = [f"{word} {schema[name]}" for name, word in said.items() if name in schema]
    return f" ({', '.join(limits)})" if limits else ""


def _parameter(told: Schema) -> Value:
    name = f"{told['name']} (in the {told['in']})"
    return Value(name, kind(told["schema"]), told.get("required", False), _text(told))


def _answer(status: str, told: Schema) -> Answer:
    said = f"{status} {HTTPStatus(int(status)).phrase}" if status.isdigit() else "otherwise"
    text = told.get("description", "")
    return Answer(said, "" if text == SAYS_NOTHING else text, _bodies(told))


def _bodies(told: Schema) -> list[Body]:
    return [
        Body(media, kind(about.get("schema", {})), _names(about.get("schema", {})))
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


def _text(told: Schema) -> str:
    default = told.get("schema", told).get("default")
    said = str(told.get("description", ""))
    return said if default in (None, "", []) else f"{said} Without it: {default}.".lstrip()
