"""Follows the log for what a service has to know of sessions: keys, and who is signed out."""

import structlog

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
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.runtime import metrics
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.web.guard import Guard
from shared.web.sessions import Sessions

ENDS: dict[type[Event], str] = {SignedOutEverywhere: "everywhere", LoginClosed: "closed"}
HEEDED = (SessionKeyAnnounced, LoginOpened, SignedOut, SignedOutEverywhere, LoginClosed)
FILTERS = tuple(each.filter() for each in HEEDED)
OPENED, OF_STAFF = LoginOpened.filter().removesuffix(">"), b"staff"


def add_guard(runtime: Runtime) -> Guard:
    """For the pages of any service; it asks no other one."""
    sessions, stream = Sessions(), log_of("promotion")
    runtime.watched.add(stream)
    runtime.loops.add(Loop("sessions", lambda: follow_sessions(runtime.client, sessions)))
    staff = runtime.charter.staff.person
    roles = {code: frozenset[str](person.roles) for code, person in staff.items()}
    return Guard(runtime.frame, sessions, roles)


async def follow_sessions(client: Client, sessions: Sessions) -> None:
    """From the beginning, until cancelled. Those that were over before keep nobody out who comes
    later: no session is believed until all that stood there is known."""
    stream = log_of("promotion")
    goal = await last_under(client, stream, FILTERS)
    sessions.is_current = goal == 0
    if sessions.is_current:
        await sessions.once_current()
    async with open_reader(client, ReadFrom(stream, 1, filters=FILTERS)) as reader:
        while True:
            for message in await reader.next():
                _learn(sessions, message)
                if not sessions.is_current and message.sequence >= goal:
                    sessions.is_current = True
                    await sessions.once_current()


def _learn(sessions: Sessions, message: Message) -> None:
    """What nobody can read keeps nobody else out. There are many logins and few of the staff."""
    if message.subject.startswith(OPENED) and OF_STAFF not in message.body:
        return
    try:
        recorded = PLAIN.decode_known(message.headers, message.body, message.sequence)
    except UnreadableEventError:
        reason = f"{log_of('promotion')}/{message.sequence} can't be read"
        structlog.get_logger().error("a sign-out or a session key is lost", reason=reason)
        return
    if recorded and isinstance(recorded.event, LoginEvent | SessionKeyEvent):
        sessions.learn(recorded.event, recorded.sequence)
        if sessions.is_current and (how := ENDS.get(type(recorded.event))):
            metrics.sessions_ended.labels(how).inc()
