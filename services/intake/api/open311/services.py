"""What can be reported: the charter's sectors as services, and what is asked about each. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.intake.api.open311.sent import Sent
from services.intake.api.open311.wrong import WrongRequestError, bad, unknown
from shared.runtime.charter_models import Attribute, SectorTold

ANSWERED_LATER = "batch"
"""A request is known by a token first, and by its public id once it has one."""


@dataclass(frozen=True)
class Services:
    """`names` by code; `told` is what the charter says besides."""

    names: Mapping[str, str]
    told: Mapping[str, SectorTold] = field(default_factory=dict)

    def listed(self) -> list[dict[str, Any]]:
        return [self._listed(code, name) for code, name in self.names.items()]

    def defined(self, code: str) -> dict[str, Any]:
        """Raises WrongRequestError."""
        if code not in self.names:
            raise WrongRequestError(unknown("There is no service with this service_code."))
        each = enumerate(self.attributes(code), 1)
        return {"service_code": code, "attributes": [_defined(order, one) for order, one in each]}

    def attributes(self, code: str) -> list[Attribute]:
        return self.told[code].attributes if code in self.told else []

    def wrong_in(self, sent: Sent) -> Iterator[tuple[int, str]]:
        code = sent["service_code"]
        if not code:
            yield bad("service_code is missing.")
        elif code not in self.names:
            yield unknown("There is no service with this service_code.")
        for attribute in self.attributes(code):
            values = sent.attributes.get(attribute.code, ())
            if not values and attribute.required:
                yield bad(f"attribute[{attribute.code}] is missing.")
            if values and not _fits(attribute, values):
                yield bad(
                    f"attribute[{attribute.code}] is no {attribute.datatype}{_of(attribute)}."
                )

    def _listed(self, code: str, name: str) -> dict[str, Any]:
        told = self.told.get(code) or SectorTold(name=name)
        return {
            "service_code": code,
            "service_name": name,
            "description": told.description,
            "metadata": bool(told.attributes),
            "type": ANSWERED_LATER,
            "keywords": ", ".join(told.keywords),
            "group": told.group,
        }


def _of(attribute: Attribute) -> str:
    return f" of {', '.join(attribute.values)}" if attribute.values else " as asked for"


def _defined(order: int, attribute: Attribute) -> dict[str, Any]:
    return {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": attribute.hint or None,
        "order": order,
        "description": attribute.description,
        "values": [{"key": key, "name": name} for key, name in attribute.values.items()],
    }


def _fits(attribute: Attribute, values: tuple[str, ...]) -> bool:
    if attribute.datatype == "multivaluelist":
        return all(each in attribute.values for each in values)
    if len(values) > 1:
        return False
    (value,) = values
    match attribute.datatype:
        case "singlevaluelist":
            return value in attribute.values
        case "number":
            return _is_number(value)
        case "datetime":
            return _is_moment(value)
        case "string":
            return "\n" not in value and "\r" not in value
        case _:
            return True


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
