"""One request as a client sent it: fields by name, and attributes by code. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.intake.api.open311.fields import ATTRIBUTE, Pairs
from services.intake.api.open311.wrong import WrongRequestError, bad

FIELDS = frozenset(
    (
        *("api_key", "jurisdiction_id", "service_code", "lat", "long", "address_string"),
        *("address_id", "account_id", "description", "media_url", "confidential"),
        *("service_request_id", "update_id", "status", "updated_datetime"),
    )
)
"""What is read. Name, e-mail, telephone and device of whoever sends it never get beyond here."""


@dataclass(frozen=True)
class Sent:
    """A field without a value is none."""

    fields: Mapping[str, str]
    attributes: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def sent(pairs: Iterable[tuple[str, str]]) -> Sent:
    """Raises WrongRequestError where one field says two things."""
    fields: dict[str, str] = {}
    attributes: dict[str, tuple[str, ...]] = {}
    for name, value in _filled(list(pairs)):
        if name in FIELDS:
            if fields.setdefault(name, value) != value:
                raise WrongRequestError(bad(f"{name} is named twice."))
        elif found := ATTRIBUTE.fullmatch(name):
            attributes[found[1]] = (*attributes.get(found[1], ()), value)
        elif name.startswith("attribute["):
            raise WrongRequestError(bad("An attribute's code has letters, digits, - _ and dots."))
    return Sent(fields, attributes)


def _filled(pairs: Pairs) -> Pairs:
    return [(name, text) for name, value in pairs if (text := value.strip())]
