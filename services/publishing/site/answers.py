"""What answers have in common: how long they may be kept, and words for when there is no page."""

import hashlib
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

ASK_AGAIN = "no-cache"
FOR_A_MINUTE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = {"Cache-Control": "no-store"}
SOON = {"Retry-After": "30"}

NOT_FOUND = ("Not found", "There is no such page here. The place may not be in the register.")
FAILED = ("Something went wrong", "The page cannot be shown just now. Please try again shortly.")
NOTHING_TO_SHOW = (
    "Nothing to show just now",
    "The figures of this page cannot be read at the moment. Please try again in a minute.",
)
NOT_WHOLE = (
    "Not the whole yet",
    "The figures are being made up to date. This feed is back as soon as they are the whole.",
)


def answer(
    request: Request, body: bytes, media_type: str = "text/html", cache: str = ASK_AGAIN
) -> Response:
    """Without the body for whoever has it already."""
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": cache}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)
