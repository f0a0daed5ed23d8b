"""Whose request it is: a source's key, in the header Authorization."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.eventsourcing.inbox.over_http import MOST_AT_ONCE
from shared.runtime import metrics
from shared.web.body_limit import MORE_SENT
from shared.web.programs import EVENTS
from shared.web.source_keys import SourceKey, SourceKeys

SHORTLY = {"Retry-After": "1"}
BODIES_AT_ONCE = 8
CHALLENGE = 'Bearer realm="tribune"'
NOBODY = ""
"""In metrics: a key that is not good has no source, whatever it looks like."""


def sender(request: Request, keys: SourceKeys) -> SourceKey:
    """By a key that is for no hook alone: receipts of all roads, too, have codes by which members
    hold a report. Raises HTTPException."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    key = known_sender(given.strip() if scheme.lower() == "bearer" else None, keys)
    opens(key)
    return key


def known_sender(given: str | None, keys: SourceKeys) -> SourceKey:
    """Raises HTTPException; what was given is nowhere repeated."""
    known_by_now(keys)
    found = keys.of(given) if given is not None else None
    if found is None:
        metrics.keys_used.labels(NOBODY, "refused").inc()
        is_there = given is not None
        why = "This key is not good." if is_there else "Say who sends: Authorization: Bearer KEY."
        challenge = f'{CHALLENGE}, error="invalid_token"' if is_there else CHALLENGE
        raise HTTPException(HTTPStatus.UNAUTHORIZED, why, {"WWW-Authenticate": challenge})
    return found


def known_by_now(keys: SourceKeys) -> None:
    """Raises HTTPException."""
    if not keys.is_current:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        raise HTTPException(status, "Keys are not known yet; try again in a moment.", SHORTLY)


def opens(key: SourceKey, hook: str | None = None) -> None:
    """Whoever writes down the key of a hook in somebody else's system gives away no more than that.
    Raises HTTPException."""
    if not key.opens(hook):
        raise HTTPException(HTTPStatus.FORBIDDEN, "This key is for another hook alone.")


def within_rate(key: SourceKey) -> None:
    """Raises HTTPException."""
    wait_s = key.bucket.wait_s() if key.bucket else 0
    if key.bucket and wait_s:
        metrics.keys_used.labels(key.source, "too fast").inc()
        headers = key.bucket.headers() | {"Retry-After": str(wait_s)}
        why = "More messages than this key may send in a second; wait, and send this again."
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, why, headers)


@contextmanager
def place_for_a_body(key: SourceKey) -> Iterator[None]:
    """Until it is read: each takes memory as it comes, and 500 that come slowly took all that
    intake has. Raises HTTPException."""
    if key.bodies >= BODIES_AT_ONCE:
        why = "So many messages of this key are on their way that there is no place for more."
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, why, SHORTLY)
    key.bodies += 1
    try:
        yield
    finally:
        key.bodies -= 1


def cost_of(body: bytes) -> int:
    """Of what is refused as a whole, in messages: it takes as long to read as a batch of that size,
    and would else be free to whoever sends it again and again."""
    return max(1, len(body) * MOST_AT_ONCE // MORE_SENT[EVENTS])
