"""How the body of an older event version becomes the next one, step by step."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from shared.contracts.proof import digest_of

Body = dict[str, Any]


def _qualified_with_digest(body: Body) -> Body:
    return body | {"digest": digest_of(ref["id"] for ref in body["earned_by"])}


def _as_it_was(body: Body) -> Body:
    """Before anything was held it went out at once; nothing takes that back."""
    return body | {"protected": False}


def _days(body: Body) -> Body:
    """In UTC: in which zone the instance is, no event says. Of a moment with another offset too."""
    body = dict(body)
    for field in ("due", "done"):
        if (moment := body.pop(f"{field}_at", None)) is not None:
            day = datetime.fromisoformat(moment).astimezone(UTC).date()
            body[f"{field}_on"] = day.isoformat()
    return body


def _told_at_once(body: Body) -> Body:
    """Owner and task went out with the check."""
    return body | {"passed": True}


CHECKS = ("CheckOpened", "DoneClaimed", "CheckOverdue", "OverdueWithdrawn")

UPCASTERS: dict[tuple[str, int], Callable[[Body], Body]] = {
    ("tribune.promotion.MemberQualified", 1): _qualified_with_digest,
    ("tribune.promotion.MemberQualified", 2): _as_it_was,
    ("tribune.promotion.ReportCredited", 1): _as_it_was,
    ("tribune.promotion.RefutationNoted", 1): _as_it_was,
    ("tribune.intake.ReportFiled", 1): _as_it_was,
    ("tribune.intake.ReportConfirmed", 1): _as_it_was,
    ("tribune.intake.ReportRefuted", 1): _as_it_was,
    **{(f"tribune.intake.{name}", 1): _told_at_once for name in CHECKS},
    **{(f"tribune.public.{name}", 1): _days for name in CHECKS},
}
"""(`ce-type`, version n) -> the function that makes version n+1 of a body of version n."""


def is_changed(type_name: str, version: int, current: int) -> bool:
    """Whether a body of `version` needs more than the defaults of fields that came later."""
    return any((type_name, step) in UPCASTERS for step in range(version, current))


def upcast(type_name: str, version: int, current: int, body: Body) -> Body:
    """Raise `body` to `current`; a step without an upcaster only added optional fields."""
    for step in range(version, current):
        raise_one = UPCASTERS.get((type_name, step))
        if raise_one is not None:
            body = raise_one(body)
    return body
