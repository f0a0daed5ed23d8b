"""A key by which sessions are verified: announced once, and once more where it takes over again."""

from dataclasses import dataclass

from shared.contracts.session_key import SessionKeyAnnounced, SessionKeyEvent
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider


@dataclass(frozen=True, slots=True)
class AnnounceSessionKey:
    announced: SessionKeyAnnounced
    takes_over: bool = False

    @property
    def key_id(self) -> Id:
        return self.announced.key_id


def decide(command: AnnounceSessionKey, is_announced: bool) -> list[SessionKeyEvent]:  # noqa: FBT001
    """Only the one that was announced last counts; another one may stand between."""
    return [] if is_announced and not command.takes_over else [command.announced]


def evolve(is_announced: bool, event: SessionKeyEvent) -> bool:  # noqa: FBT001
    return is_announced or isinstance(event, SessionKeyAnnounced)


category = Category(
    service="promotion",
    name="session-key",
    decider=Decider[AnnounceSessionKey, SessionKeyEvent, bool](
        initial_state=False, decide=decide, evolve=evolve
    ),
    commands=(AnnounceSessionKey,),
    key="key_id",
)
