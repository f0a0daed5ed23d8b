"""Gives commands about logins and acts, and has sign-outs known here at once."""

from uuid import uuid4

from services.promotion.domain.login import CloseLogin, SignOutEverywhere
from services.promotion.domain.session_key import AnnounceSessionKey
from shared.contracts.actor import Actor, suite
from shared.contracts.login import Holder, LoginEvent
from shared.contracts.session_key import SessionKeyAnnounced
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.web.sessions import Session, Sessions

OWN = "self"
"""The role of who does something about their own login."""


def actor_of(holder: Holder, login_id: str, role: str = OWN) -> Actor:
    """A login's id is random, so it may stand in a header as it is."""
    return Actor(holder, role, login_id)


def actor_in(session: Session, role: str = OWN) -> Actor:
    return actor_of(session.holder, session.login_id, role)


class Giving:
    """`announced` is the key of our sessions."""

    def __init__(
        self, handler: CommandHandler, sessions: Sessions, announced: SessionKeyAnnounced
    ) -> None:
        self._handler = handler
        self._sessions = sessions
        self._announced = announced

    async def announce(self) -> None:
        """Before the first session: until the key stands in the log, no service believes any. Where
        nobody signs in, nothing is written. Raises TryLaterError."""
        if self._announced.key_id not in self._sessions.keys:
            await self.give(AnnounceSessionKey(self._announced), suite("part", "promotion"))
            self._sessions.learn(self._announced)

    async def give(self, command: object, actor: Actor) -> None:
        """Raises DomainError if it is forbidden, TryLaterError if the log is away."""
        name = uuid4().hex
        envelope = Envelope(command, id=name, correlation_id=name, actor=actor)
        (outcome,) = await self._handler.handle([envelope])
        if outcome.error:
            raise outcome.error
        match command:
            case SignOutEverywhere(event) | CloseLogin(event):
                self.learn(event)
            case _:
                pass

    def learn(self, event: LoginEvent) -> None:
        """Other services hear of it from the log; here nobody waits for that."""
        self._sessions.learn(event)
