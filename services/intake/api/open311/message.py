"""A request as the message that it becomes in the inbox of its source. Pure."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError

from services.intake.api.open311.sent import Sent
from services.intake.api.open311.whereabouts import point_of
from services.intake.api.open311.wrong import WrongRequestError, bad
from shared.contracts.inbox import ReportSubmitted
from shared.eventsourcing.faults import faults_of
from shared.eventsourcing.inbox.over_http import JSON, Arrived
from shared.web.lines import plain_lines

KIND = "report.submitted"
CE_SOURCE = "/open311/v2"
LONGEST_DESCRIPTION = 4_000
SAYS = {"true": True, "false": False}
AS_SENT = {"correspondent": "account_id", "text": "description"}


def arrived(
    sent: Sent,
    token: str,
    place: str,
    now: datetime,
    *,
    is_public: bool,
    attached: tuple[str, ...] = (),
) -> Arrived:
    """It is confidential if it says so; if it says nothing, unless its source's data are public.
    Raises WrongRequestError."""
    if len(sent["description"]) > LONGEST_DESCRIPTION:
        words = f"description has at most {LONGEST_DESCRIPTION:,} characters."
        raise WrongRequestError(bad(words))
    if sent["confidential"] and sent["confidential"] not in SAYS:
        raise WrongRequestError(bad("confidential is true or false."))
    point = point_of(sent)
    try:
        submitted = ReportSubmitted(
            report=token,
            latitude=point.latitude if point else None,
            longitude=point.longitude if point else None,
            place=place,
            sector=sent["service_code"],
            text=plain_lines("\n".join(_lines(sent))),
            correspondent=sent["account_id"] or None,
            filed_at=now,
            attachments=attached,
            confidential=SAYS.get(sent["confidential"], not is_public),
        )
    except ValidationError as error:
        raise WrongRequestError(*map(bad, _in_words(error))) from None
    headers = {
        "ce-specversion": "1.0",
        "ce-id": token,
        "ce-source": CE_SOURCE,
        "ce-type": KIND,
        "content-type": JSON,
    }
    return Arrived(KIND, token, headers, submitted.model_dump_json().encode())


def _lines(sent: Sent) -> Iterator[str]:
    """What events have no field for is kept with the words: it is never public, and sealed with
    them."""
    if sent["description"]:
        yield sent["description"]
    if sent["address_string"]:
        yield f"address: {sent['address_string']}"
    if sent["media_url"]:
        yield f"media: {sent['media_url']}"
    for code, values in sent.attributes.items():
        yield f"{code}: {', '.join(values)}"


def _in_words(error: ValidationError) -> Iterator[str]:
    for fault in faults_of(error):
        name = fault.pointer.strip("/")
        yield f"{AS_SENT.get(name, name)}: {fault.detail}"
