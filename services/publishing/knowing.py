"""The gate's answer about sessions of the staff, for the site, which may not read PROMOTION."""

from dataclasses import replace
from typing import Any

from services.publishing.visitor import LONGEST, SUBJECT, Shown, Visitor
from shared.runtime.loops import Loop
from shared.runtime.owned import answering
from shared.runtime.runtime import Runtime
from shared.runtime.sessions import STREAM, follow_sessions
from shared.web.sessions import Session, Sessions


def add_answers_about_sessions(runtime: Runtime) -> None:
    """Any replica of the gate answers. Of a member it says nothing but that it is one."""
    sessions = Sessions()

    async def answer(asked: Any) -> Any:
        """Raises ValidationError."""
        token = Shown.model_validate(asked).token
        session = sessions.read(token[: LONGEST + 1], runtime.clock.now())
        if session is None or len(token) > LONGEST:
            return None
        if session.holder == "member":
            return _told(replace(session, login_id="", who="", after=None))
        return _told(session)

    async def run() -> None:
        async with answering(runtime.client, SUBJECT, answer):
            await follow_sessions(runtime.client, sessions)

    runtime.watched.add(STREAM)
    runtime.loops.add(Loop("sessions of the staff", run))


def _told(session: Session) -> dict[str, Any]:
    known = {name: getattr(session, name) for name in Visitor.model_fields}
    return Visitor(**known).model_dump()
