"""What a client of Open311 asks of what is public, or what is wrong with its filters. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from services.publishing.projections.requested import Asked
from services.publishing.projections.requests import CHECK, REPORT
from shared.contracts.place import EVERYWHERE, is_within
from shared.contracts.values import EARLIEST, LATEST

SPAN = timedelta(days=90)
MOST, USUAL_PAGE, MOST_IDS, DEEPEST = 1_000, 50, 100, 20_000
OPEN, CLOSED = "open", "closed"
OF = {"": REPORT, "reports": REPORT, "checks": CHECK}
_A_SPACE = re.compile(r" (?=\d\d:?\d\d$)")
_CODE = re.compile("[a-z0-9][a-z0-9-]{0,59}")
_NUMBER = re.compile("[0-9]{1,6}")


class WrongFilterError(Exception):
    """`status` is that of the answer, `words` say what to mend."""

    def __init__(self, words: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(words)
        self.words, self.status = words, status


@dataclass(frozen=True)
class Filters:
    """`ids` set aside all else."""

    ids: tuple[str, ...]
    asked: Asked


def filters(given: Mapping[str, str], places: Mapping[str, str], now: datetime) -> Filters:
    """Raises WrongFilterError."""
    ids = _listed(given, "service_request_id")
    if len(ids) > MOST_IDS:
        raise WrongFilterError(f"service_request_id names at most {MOST_IDS} at once.")
    if ids:
        return Filters(ids, Asked(REPORT, now.date(), now.date(), 0))
    first, last = _days(given, now)
    page = _number(given, "page", 1)
    size = _number(given, "page_size", USUAL_PAGE if given.get("page") else MOST)
    if size > MOST or page * size > DEEPEST:
        words = f"page_size is at most {MOST:,}, and {DEEPEST:,} requests are found at most."
        raise WrongFilterError(f"{words} Narrow the dates.")
    about = OF.get(given.get("about", ""))
    if about is None:
        raise WrongFilterError("about is reports or checks.")
    sectors = _listed(given, "service_code")
    if not all(map(_CODE.fullmatch, sectors)):
        raise WrongFilterError("service_code is a list of codes with commas between them.")
    offset, region = (page - 1) * size, within(given, places)
    is_open = _is_open(given)
    return Filters((), Asked(about, first, last, size, offset, sectors, region, is_open))


def within(given: Mapping[str, str], places: Mapping[str, str]) -> tuple[str, ...]:
    """The places of a jurisdiction; none for all of them. Raises WrongFilterError."""
    code = given.get("jurisdiction_id", "")
    if code and code not in places:
        words = "jurisdiction_id is none of this instance: give a place's code, or leave it out."
        raise WrongFilterError(words, HTTPStatus.NOT_FOUND)
    if code in ("", EVERYWHERE):
        return ()
    return tuple(place for place in places if is_within(place, code))


def _days(given: Mapping[str, str], now: datetime) -> tuple[date, date]:
    """What is public knows days; a moment within one asks for the whole of it."""
    start, end = _moment(given, "start_date"), _moment(given, "end_date")
    if start and end:
        if end < start or end - start > SPAN:
            words = f"end_date is after start_date, and at most {SPAN.days} days."
            raise WrongFilterError(words)
        return start.date(), end.date()
    if start:
        return start.date(), start.date() + SPAN
    end = end or now.astimezone(UTC)
    return end.date() - SPAN, end.date()


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A plus that was not escaped is a blank by now."""
    text = _A_SPACE.sub("+", given.get(name, ""))
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if len(text) == len("2030-01-07") else found
        if found.tzinfo and EARLIEST <= found <= LATEST:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongFilterError(f"{name} is a moment with its offset, as 2030-01-07T00:00:00Z.")


def _is_open(given: Mapping[str, str]) -> bool | None:
    asked = set(_listed(given, "status"))
    if not asked <= {OPEN, CLOSED}:
        raise WrongFilterError(f"status is {OPEN}, {CLOSED} or both with a comma.")
    return OPEN in asked if len(asked) == 1 else None


def _number(given: Mapping[str, str], name: str, otherwise: int) -> int:
    text = given.get(name, "")
    if not text:
        return otherwise
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise WrongFilterError(f"{name} is a number from 1.")
    return int(text)


def _listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in given.get(name, "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
