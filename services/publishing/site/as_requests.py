"""What is public as service requests of GeoReport v2: days, and no words but those passed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.publishing.projections.requests import CHECK
from services.publishing.site.asked_for import CLOSED, OPEN
from shared.eventsourcing.projections.read_model import Row


@dataclass(frozen=True)
class Telling:
    """Names of places and sectors by code; `base` is the
    site's address with a slash at its end."""

    places: Mapping[str, str]
    sectors: Mapping[str, str]
    base: str

    def told(self, row: Row, *, extended: bool) -> dict[str, Any]:
        """A row's days may be texts."""
        sector, place = row["sector"], row["place"]
        closed, picture = row["closed_on"], picture_of(row)
        request = {
            "service_request_id": row["id"],
            "status": CLOSED if closed else OPEN,
            "status_notes": row["outcome"] or ("overdue" if row["overdue_on"] else None),
            "service_name": self.sectors.get(sector, sector),
            "service_code": sector,
            "description": row["task"],
            "agency_responsible": row["owner"],
            "service_notice": None,
            "requested_datetime": _moment(row["on"]),
            "updated_datetime": _moment(closed or row["updated_on"]),
            "expected_datetime": _moment(row["due_on"]),
            "address": self.places.get(place, place),
            "address_id": place,
            "zipcode": None,
            "lat": row.get("latitude"),
            "long": row.get("longitude"),
            "media_url": picture and f"{self.base}reports/{row['id']}/{picture}.jpg",
        }
        if extended:
            request["extended_attributes"] = {
                "about": row["about"],
                "outcome": row["outcome"],
                "corroborated": row.get("corroborated", 0),
            }
            request["notes"] = list(_notes(row))
        return request


def picture_of(row: Row) -> str | None:
    """The first of those that go with it and were passed."""
    named = row.get("named")
    return named.split()[0] if named else None


def update(row: Row) -> dict[str, Any]:
    """That it was closed, which is all that is told of one; closed once more is another update."""
    return {
        "update_id": f"{row['id']}-{CLOSED}-{row['closed_on']}-{row['outcome']}",
        "service_request_id": row["id"],
        "status": CLOSED,
        "updated_datetime": _moment(row["closed_on"]),
        "description": row["outcome"],
        "media_url": None,
    }


def _notes(row: Row) -> Iterator[dict[str, Any]]:
    opened = "A check was opened." if row["about"] == CHECK else "A report was filed."
    yield _note(row["on"], opened, "opened")
    if row["overdue_on"]:
        yield _note(row["overdue_on"], "The due date had passed.", "overdue")
    if row["closed_on"]:
        yield _note(row["closed_on"], f"It was {row['outcome']}.", "closed")


def _note(day: date | str, words: str, kind: str) -> dict[str, Any]:
    return {"datetime": _moment(day), "description": words, "type": kind}


def _moment(day: date | str | None) -> str | None:
    """The standard wants moments; this one says a day and no hour."""
    return f"{day}T00:00:00Z" if day else None
