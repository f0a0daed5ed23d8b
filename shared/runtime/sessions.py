"""Follows the log for what a service has to know of sessions: keys, and who is signed out."""

from functools import partial

from shared.contracts.event import Event
from shared.contracts.login import (
    LoginClosed,
    LoginEvent,
    LoginOpened,
    SignedOut,
    SignedOutEverywhere,
)
from shared.contracts.routing import log_of
from shared.contracts.session_key import SessionKeyAnnounced, SessionKeyEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.message import Message
from shared.runtime import metrics
from shared.runtime.following import follow, readable
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.web.guard import Guard
from shared.web.sessions import Sessions

STREAM = log_of("promotion")
ENDS: dict[type[Event], str] = {SignedOutEverywhere: "everywhere", LoginClosed: "closed"}
HEEDED = (SessionKeyAnnounced, LoginOpened, SignedOut, SignedOutEverywhere, LoginClosed)
FILTERS = tuple(each.filter() for each in HEEDED)
OPENED, OF_STAFF = LoginOpened.filter().removesuffix(">"), b"staff"


def add_guard(runtime: Runtime) -> Guard:
    """For the pages of any service; it asks no other one."""
    sessions = Sessions()
    runtime.watched.add(STREAM)
    runtime.loops.add(Loop("sessions", lambda: follow_sessions(runtime.client, sessions)))
    staff = runtime.charter.staff.person
    roles = {code: frozenset[str](person.roles) for code, person in staff.items()}
    return Guard(runtime.frame, sessions, roles)


async def follow_sessions(client: Client, sessions: Sessions) -> None:
    """From the beginning, until cancelled. Those that were over before keep nobody out who comes
    later: no session is believed until all that stood there is known."""
    sessions.is_current = False

    async def current() -> None:
        sessions.is_current = True
        await sessions.once_current()

    await follow(client, STREAM, FILTERS, partial(_learn, sessions), current)


def _learn(sessions: Sessions, message: Message) -> None:
    """There are many logins and few of the staff."""
    if message.subject.startswith(OPENED) and OF_STAFF not in message.body:
        return
    recorded = readable(message, STREAM, "a sign-out or a session key is lost")
    if recorded and isinstance(recorded.event, LoginEvent | SessionKeyEvent):
        sessions.learn(recorded.event, recorded.sequence)
        if sessions.is_current and (how := ENDS.get(type(recorded.event))):
            metrics.sessions_ended.labels(how).inc()
