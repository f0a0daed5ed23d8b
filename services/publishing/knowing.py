"""The gate's answers about sessions and logins, for the site, which may not read PROMOTION."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from services.publishing.visitor import CLOSED, LONGEST, SUBJECT, Codes, Shown, Visitor
from shared.contracts.identity import keyed
from shared.runtime.loops import Loop
from shared.runtime.owned import answering
from shared.runtime.runtime import Runtime
from shared.runtime.sessions import STREAM, follow_sessions
from shared.web.sessions import EVER, Session, Sessions

ASKER = "asker"
CODES_KEPT = 100_000


def add_answers_about_sessions(runtime: Runtime, release_key: bytes) -> None:
    """Any replica of the gate answers. Of a member it says nothing but that it is one, and by which
    code it asks: nobody without the release key can tell the login of it."""
    sessions, code_of = Sessions(), codes(release_key)

    async def answer(asked: Any) -> Any:
        """Raises ValidationError."""
        token = Shown.model_validate(asked).token
        session = sessions.read(token[: LONGEST + 1], runtime.clock.now())
        if session is None or len(token) > LONGEST:
            return None
        if session.holder == "member":
            code = code_of(session.login_id)
            return _told(replace(session, login_id=code, who="", after=None))
        return _told(session)

    async def closed(asked: Any) -> Any:
        """Raises ValidationError."""
        given = Codes.model_validate(asked).codes
        return sorted(given & gone(sessions, code_of)) if sessions.is_current else []

    async def run() -> None:
        async with (
            answering(runtime.client, SUBJECT, answer),
            answering(runtime.client, CLOSED, closed),
        ):
            await follow_sessions(runtime.client, sessions)

    runtime.watched.add(STREAM)
    runtime.loops.add(Loop("sessions of the staff", run))


def codes(release_key: bytes) -> Callable[[str], str]:
    """By which code a login asks."""

    @lru_cache(CODES_KEPT)
    def code_of(login_id: str) -> str:
        return keyed(release_key, ASKER, login_id)

    return code_of


def gone(sessions: Sessions, code_of: Callable[[str], str]) -> frozenset[str]:
    """By their codes, whose login is closed."""
    return frozenset(code_of(login) for login, over in sessions.over.items() if over == EVER)


def _told(session: Session) -> dict[str, Any]:
    known = {name: getattr(session, name) for name in Visitor.model_fields}
    return Visitor(**known).model_dump()
