"""`POST /servicerequestupdates`, as councils push them: what came of a report, into its inbox."""

import hashlib
import re
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.open311.message import CE_SOURCE
from services.intake.api.open311.sent import Sent
from services.intake.api.open311.taking import Taking
from services.intake.api.open311.wrong import WrongRequestError, bad
from shared.contracts.inbox import ReportResolved
from shared.eventsourcing.faults import faults_of
from shared.eventsourcing.inbox.over_http import JSON, Arrived
from shared.eventsourcing.inbox.parse import LONGEST_ID, harmless
from shared.web import open311
from shared.web.lines import plain_lines

KIND = "report.resolved"
NAME = "service_request_updates"
AS_SENT = {
    "report": "service_request_id",
    "resolved_at": "updated_datetime",
    "reason": "description",
}
NEEDED = ("service_request_id", "update_id", "status", "updated_datetime")
OPEN = frozenset(("open", "investigating", "in_progress", "planned", "action_scheduled"))
"""Nothing has come of it yet, and no message says so."""

OUTCOMES = {
    "fixed": "confirmed",
    **dict.fromkeys(
        ("closed", "duplicate", "no_further_action", "unable_to_fix", "internal_referral"), "closed"
    ),
    "not_councils_responsibility": "closed",
}
"""Who fixes it says that it was there; closed alone says nothing of that. Whom a duplicate repeats
an update does not tell."""

_BETWEEN = re.compile("[ -]+")
_A_SPACE = re.compile(r" (?=\d\d:?\d\d$)")


@dataclass(frozen=True)
class Updating:
    taking: Taking

    async def answer(self, request: Request) -> Response:
        """Raises HTTPException, WrongRequestError."""
        async with self.taking.read(request) as (said, key, _):
            message = update_in(said)
            headers = await self.taking.take(request, key, message) if message else {}
        return open311.told(request, NAME, [{"update_id": said["update_id"]}], headers=headers)


def update_in(said: Sent) -> Arrived | None:
    """None for what leaves a report open. Raises WrongRequestError with all that is wrong."""
    if missing := [name for name in NEEDED if not said[name]]:
        raise WrongRequestError(*(bad(f"{name} is missing.") for name in missing))
    if harmless(said["update_id"]) is None:
        words = f"update_id is one line of at most {LONGEST_ID} printable characters."
        raise WrongRequestError(bad(words))
    status = _BETWEEN.sub("_", said["status"].lower())
    if status not in OPEN and status not in OUTCOMES:
        raise WrongRequestError(bad(f"status is one of {', '.join([*sorted(OPEN), *OUTCOMES])}."))
    body = {
        "report": said["service_request_id"],
        "outcome": OUTCOMES.get(status, "closed"),
        "resolved_at": _A_SPACE.sub("+", said["updated_datetime"]),
        "reason": plain_lines(said["description"]),
    }
    try:
        resolved = ReportResolved.model_validate(body)
    except ValidationError as error:
        faults = ((fault.pointer.strip("/"), fault.detail) for fault in faults_of(error))
        wrong = (bad(f"{AS_SENT.get(name, name)}: {detail}") for name, detail in faults)
        raise WrongRequestError(*wrong) from None
    if status in OPEN:
        return None
    ce_id = _id_of(said["service_request_id"], said["update_id"])
    headers = {
        "ce-specversion": "1.0",
        "ce-id": ce_id,
        "ce-source": CE_SOURCE,
        "ce-type": KIND,
        "content-type": JSON,
    }
    return Arrived(KIND, ce_id, headers, resolved.model_dump_json().encode())


def _id_of(request: str, update: str) -> str:
    """Some count their updates for each request anew."""
    both = f"{len(request)}/{request}/{update}"
    return f"update/{hashlib.sha256(both.encode()).hexdigest()}"
