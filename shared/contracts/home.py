"""Where a member says that they live; only promotion writes it."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.values import Id, Instant


class HomeEvent(Event):
    """Of a login, whose id says nothing of a person."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "home"
    key: ClassVar[str] = "login_id"

    login_id: Id


class HomeSaid(HomeEvent):
    """At `place`, as far as they wanted to say; nobody has looked whether it is so."""

    at: Instant
