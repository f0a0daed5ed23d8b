"""Gives commands about logins and acts, and has sign-outs known here at once."""

from uuid import uuid4

import structlog

from services.promotion.domain.login import (
    CloseLogin,
    Login,
    OpenLogin,
    RemoveSecret,
    ReplaceSecret,
    SignOut,
    SignOutEverywhere,
)
from services.promotion.domain.session_key import AnnounceSessionKey
from shared.contracts.actor import Actor, suite
from shared.contracts.login import Holder, SignedOutEverywhere
from shared.contracts.session_key import SessionKeyAnnounced
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import TryLaterError
from shared.web.sessions import EVER, Session, Sessions

OWN = "self"
"""The role of who does something about their own login."""


def actor_of(holder: Holder, login_id: str, role: str = OWN) -> Actor:
    """A login's id is random, so it may stand in a header as it is."""
    return Actor(holder, role, login_id)


def actor_in(session: Session, role: str = OWN) -> Actor:
    return actor_of(session.holder, session.login_id, role)


class SupersededError(TryLaterError):
    """Another process of promotion has announced another key since this one began."""


class Giving:
    """`announced` is the key of our sessions."""

    def __init__(
        self, handler: CommandHandler, sessions: Sessions, announced: SessionKeyAnnounced
    ) -> None:
        self._handler = handler
        self._sessions = sessions
        self._announced = announced
        self._has_begun = False
        sessions.once_current = self.begin

    async def begin(self) -> None:
        """With the first look at the log: the key of before is good no more, whether somebody signs
        in or not. Where nobody ever did, nothing is written."""
        if not self._has_begun:
            if self._sessions.keys:
                await self.announce()
            self._has_begun = True

    async def announce(self) -> None:
        """Before a session is given: until the key stands in the log, no service believes any. A
        process that was overtaken does not take over again: its key may be a stolen one. Raises
        TryLaterError."""
        sessions, own = self._sessions, self._announced
        if own.key_id in sessions.keys:
            return
        if not sessions.is_current:
            raise TryLaterError("the sessions of before are not known yet")
        if sessions.keys and self._has_begun:
            structlog.get_logger().error("another signing key was announced; restart with that one")
            raise SupersededError
        if sessions.keys:
            structlog.get_logger().warning(
                "the signing key is another one than before: all sessions are over, and nobody"
                " signs in by what was kept under the former",
                hint="if that was not meant, put back what signing.key or TRIBUNE_SIGNING_KEY was,"
                " and start again",
            )
        command = AnnounceSessionKey(own, takes_over=bool(sessions.keys))
        outcome = await self.give(command, suite("part", "promotion"))
        sessions.learn(own, outcome.sequence)
        self._has_begun = True

    def is_closed(self, login_id: str) -> bool:
        """Raises TryLaterError."""
        if not self._sessions.is_current:
            raise TryLaterError("which logins are closed is not known yet")
        return self._sessions.over.get(login_id) == EVER

    async def give(self, command: object, actor: Actor) -> Outcome:
        """Raises DomainError if it is forbidden, TryLaterError if the log is away."""
        name = uuid4().hex
        envelope = Envelope(command, id=name, correlation_id=name, actor=actor)
        outcome = await self._handler.carry_out(envelope)
        match command:
            case OpenLogin(event) | SignOut(event) | CloseLogin(event):
                self._sessions.learn(event)
            case SignOutEverywhere() | ReplaceSecret() | RemoveSecret():
                await self._learn_out(command)
            case _:
                pass
        return outcome

    def last_out(self, login_id: str) -> float:
        """What a session that is begun now comes after."""
        return self._sessions.last_out(login_id)

    async def _learn_out(self, command: SignOutEverywhere | ReplaceSecret | RemoveSecret) -> None:
        """Other services hear of it from the log; here nobody waits for that. The moment is the one
        that the log has: sessions of now come after it, and a later one has to end them."""
        login: Login = await self._handler.state_after(command)
        if login.over_until is not None:
            out = SignedOutEverywhere(login_id=command.login_id, until=login.over_until)
            self._sessions.learn(out)
