"""What answers have in common: how long they may be kept, and words for when there is no page."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.web.language import Marked, marked

ASK_AGAIN = "no-cache"
FOR_A_MINUTE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = {"Cache-Control": "no-store"}
WORTH_PACKING = 500
_NEVER = re.compile(r"q=0(\.0*)?")
SOON = {"Retry-After": "30"}

NOT_FOUND = (marked("Not found"), marked("There is no such page here."))
NOT_SO = (marked("Not like this"), marked("This address does not take what was sent to it."))
TOO_MUCH = (marked("Too much"), marked("What was sent is larger than this address takes."))
TOO_SLOW = (
    marked("Too slow"),
    marked("What was sent did not arrive in time. Please send it once more."),
)
FAILED = (
    marked("Something went wrong"),
    marked("The page cannot be shown just now. Please try again shortly."),
)
UNREADABLE = (marked("Bad Request"), FAILED[1])
AWAY = (marked("Service Unavailable"), FAILED[1])
WORDS = {
    HTTPStatus.BAD_REQUEST: UNREADABLE,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: NOT_SO,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_MUCH,
    HTTPStatus.REQUEST_TIMEOUT: TOO_SLOW,
    HTTPStatus.SERVICE_UNAVAILABLE: AWAY,
}


class SaidError(HTTPException):
    """There is something else to say than the page that was asked for. Programs get title and text
    as they are, people in their language."""

    def __init__(
        self,
        status: int,
        title: Marked,
        text: Marked,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, text, headers)
        self.title = title


def words_of(error: HTTPException) -> tuple[str, str]:
    """A title, and a text that says what to do; in English."""
    if isinstance(error, SaidError):
        return error.title, error.detail
    status = HTTPStatus(error.status_code)
    title, text = WORDS.get(status, (status.phrase, FAILED[1]))
    return title, text if error.detail == status.phrase else error.detail


@dataclass(frozen=True)
class Kept:
    """An answer that is made once for all its readers: whole, and packed for those who can unpack
    it. Packing takes longer than all the rest of an answer."""

    body: bytes
    media_type: str = "text/html"

    @cached_property
    def etag(self) -> str:
        """Of both: a weak one says that they mean the same."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @cached_property
    def packed(self) -> bytes:
        """Nothing where it would not be worth it."""
        return gzip.compress(self.body, mtime=0) if len(self.body) >= WORTH_PACKING else b""


def answer(request: Request, kept: Kept, cache: str = ASK_AGAIN, vary: str = "") -> Response:
    """Without the body for whoever has it already."""
    headers = {"ETag": kept.etag, "Cache-Control": cache}
    if kept.etag in request.headers.get("If-None-Match", ""):
        varies = ", ".join(filter(None, (vary, "Accept-Encoding" if kept.packed else "")))
        headers |= {"Vary": varies} if varies else {}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return _sent(request, kept, headers, vary)


def once(request: Request, kept: Kept) -> Response:
    """To be asked for anew each time, however long it stays the same here."""
    return _sent(request, kept, dict(NOT_KEPT), "")


def _sent(request: Request, kept: Kept, headers: dict[str, str], vary: str) -> Response:
    is_packed = kept.packed and unpacks(request.headers.get("Accept-Encoding", ""))
    if is_packed:
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = ", ".join(filter(None, (vary, "Accept-Encoding")))
    elif vary:
        headers["Vary"] = vary  # the middleware that packs all else adds its own
    media_type = f"{kept.media_type}; charset=utf-8"
    return Response(kept.packed if is_packed else kept.body, media_type=media_type, headers=headers)


@lru_cache(maxsize=256)
def unpacks(accepts: str) -> bool:
    """Whether whoever says so takes gzip."""
    for each in accepts.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == "gzip":
            return not _NEVER.fullmatch(weight.replace(" ", ""))
    return False
