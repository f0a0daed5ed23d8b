"""Sessions that whoever has the public key verifies by itself."""

import math
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.contracts.login import (
    Holder,
    LoginClosed,
    LoginEvent,
    LoginOpened,
    SignedOut,
    SignedOutEverywhere,
)
from shared.contracts.session_key import SessionKeyAnnounced, SessionKeyEvent

FOR = "tribune session"
ALGORITHM = "Ed25519"
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=12)
RENEWED_AFTER = timedelta(minutes=5)
"""A session ends half an hour after its last renewal, and twelve hours after it was begun."""
REMEMBERED = timedelta(days=8)
CLOCKS_APART_S = 60.0
EVER = math.inf
FORGOTTEN_AT_ONCE = 2


@dataclass(frozen=True)
class Session:
    """`who` is the code of somebody of the staff in the charter, and nothing for a member. `begun`
    and `issued` are seconds since 1970, for a sign-out counts from one moment on. `proved` is when
    its holder last showed what they sign in with. `after` is the sign-out everywhere that it came
    after, 0 if there was none: clocks do not tell that, for one may be put back. Tokens of older
    versions do not have it."""

    login_id: str
    holder: Holder
    who: str = ""
    begun: float = 0.0
    issued: float = 0.0
    proved: float = 0.0
    after: float | None = None

    @property
    def ends(self) -> float:
        shortest = self.issued + SHORTEST.total_seconds()
        return min(shortest, self.begun + LONGEST.total_seconds())

    def is_stale(self, now: datetime) -> bool:
        """Whether it should be renewed."""
        return now.timestamp() >= self.issued + RENEWED_AFTER.total_seconds()


async def _nothing() -> None:
    pass


@dataclass
class Sessions:
    """What a service has to know of sessions: of the `keys` the one that was announced last, by
    which moment those of a login are `over`, which single ones have `ended`, and the logins of the
    `staff`. It learns all of it from the log; until it `is_current` it believes no session. Who
    signs them has something to do `once_current`."""

    keys: dict[str, OKPKey] = field(default_factory=dict)
    over: dict[str, float] = field(default_factory=dict)
    ended: dict[tuple[str, float], None] = field(default_factory=dict)
    staff: set[str] = field(default_factory=set)
    is_current: bool = False
    once_current: Callable[[], Awaitable[None]] = _nothing
    _announced_at: int = 0

    def learn(self, event: LoginEvent | SessionKeyEvent, sequence: int = 0) -> None:
        """`sequence` is that of a key: who announced one may hear of a later one first."""
        match event:
            case SessionKeyAnnounced() if sequence >= self._announced_at:
                key = OKPKey.import_key(public_jwk(bytes.fromhex(event.public_key)))
                self.keys, self._announced_at = {event.key_id: key}, sequence
            case LoginOpened(holder="staff"):
                self.staff.add(event.login_id)
            case SignedOut():
                self._end(event.login_id, event.begun.timestamp())
            case SignedOutEverywhere():
                until = event.until.timestamp()
                self.over[event.login_id] = max(until, self.over.get(event.login_id, until))
            case LoginClosed():
                self.over[event.login_id] = EVER
            case _:
                pass

    def read(self, token: str, now: datetime) -> Session | None:
        """None for what is none, or none any more."""
        if not token or not self.is_current:
            return None
        try:
            claims = jwt.decode(token, self._key_for, [ALGORITHM]).claims
            session = _session(claims)
        except (JoseError, KeyError, TypeError, ValueError):
            return None
        at = now.timestamp()
        if not session.begun <= session.issued <= at + CLOCKS_APART_S or at >= session.ends:
            return None
        if session.holder == "staff" and session.login_id not in self.staff:
            return None
        if (session.login_id, session.begun) in self.ended:
            return None
        return None if self._is_over(session) else session

    def last_out(self, login_id: str) -> float:
        """What a session that is begun now comes after; of a closed login none comes."""
        over = self.over.get(login_id, 0.0)
        return 0.0 if over == EVER else over

    def _is_over(self, session: Session) -> bool:
        over = self.over.get(session.login_id, -EVER)
        if over == EVER:
            return True
        return session.begun <= over if session.after is None else session.after < over

    def _end(self, login_id: str, begun: float) -> None:
        """Those that are over by themselves need no remembering, also by a clock that is ahead."""
        self.ended[login_id, begun] = None
        for known in list(islice(self.ended, FORGOTTEN_AT_ONCE)):
            if known[1] < begun - REMEMBERED.total_seconds():
                del self.ended[known]

    def _key_for(self, of: Any) -> OKPKey:
        return self.keys[str(of.headers()["kid"])]


def begun(
    login_id: str, holder: Holder, who: str, now: datetime, after: float | None = None
) -> Session:
    at = now.timestamp()
    return Session(login_id, holder, who, at, at, at, after)


def renewed(session: Session, now: datetime) -> Session:
    return replace(session, issued=now.timestamp())


def claims_of(session: Session) -> dict[str, Any]:
    later = {} if session.after is None else {"after": session.after}
    return later | {
        "aud": FOR,
        "sub": session.login_id,
        "holder": session.holder,
        "who": session.who,
        "auth_time": session.begun,
        "iat": session.issued,
        "proved": session.proved,
    }


def _session(claims: dict[str, Any]) -> Session:
    if claims["aud"] != FOR or claims["holder"] not in ("member", "staff"):
        raise ValueError("not for us")
    holder = cast(Holder, claims["holder"])
    begun, issued = float(claims["auth_time"]), float(claims["iat"])
    proved = float(claims.get("proved", begun))
    after = float(claims["after"]) if "after" in claims else None
    return Session(str(claims["sub"]), holder, str(claims["who"]), begun, issued, proved, after)


def public_jwk(public: bytes) -> dict[str, str | list[str]]:
    return {"kty": "OKP", "crv": ALGORITHM, "x": base64url(public)}


def base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")
