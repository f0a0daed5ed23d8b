"""Writes service requests of GeoReport v2 as JSON straight from rows: what `Telling` tells, as
`open311.as_json` writes it, to the byte, in a seventh of the time. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from services.publishing.site.as_requests import Telling, picture_of
from services.publishing.site.asked_for import CLOSED, OPEN
from shared.eventsourcing.projections.read_model import Row
from shared.web import open311


class AsJson:
    """Of one site; what many requests have in common is written once."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._sector = lru_cache(1_000)(_names(telling.sectors, "service_name", "service_code"))
        self._place = lru_cache(10_000)(_names(telling.places, "address", "address_id"))

    def listed(self, rows: list[Row], *, extended: bool) -> bytes:
        if extended:
            return open311.as_json([self._telling.told(row, extended=True) for row in rows])
        return f"[{', '.join(map(self._one, rows))}]".encode("utf-8", "replace")

    def _one(self, row: Row) -> str:
        closed, picture = row["closed_on"], picture_of(row)
        shown = f"{self._telling.base}reports/{row['id']}/{picture}.jpg" if picture else None
        return (
            f'{{"service_request_id": {encode_basestring(row["id"])}, '
            f'"status": "{CLOSED if closed else OPEN}", '
            f'"status_notes": {_text(row["outcome"] or ("overdue" if row["overdue_on"] else None))}'
            f", {self._sector(row['sector'])}, "
            f'"description": {_text(row["task"])}, '
            f'"agency_responsible": {_text(row["owner"])}, '
            '"service_notice": null, '
            f'"requested_datetime": {_moment(row["on"])}, '
            f'"updated_datetime": {_moment(closed or row["updated_on"])}, '
            f'"expected_datetime": {_moment(row["due_on"])}, '
            f"{self._place(row['place'])}, "
            '"zipcode": null, '
            f'"lat": {_number(row.get("latitude"))}, '
            f'"long": {_number(row.get("longitude"))}, '
            f'"media_url": {_text(shown)}}}'
        )


def _names(known: Mapping[str, str], name: str, code: str) -> Any:
    def both(given: str | None) -> str:
        said = known.get(given, given) if given is not None else None
        return f'"{name}": {_text(said)}, "{code}": {_text(given)}'

    return both


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _moment(day: object) -> str:
    return f'"{day}T00:00:00Z"' if day else "null"


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)
