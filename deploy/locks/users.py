"""Who is a user of NATS, as it is noted beside the keys."""

from dataclasses import dataclass
from typing import Any

from deploy.locks.kinds import SERVICES, TOOLS

OURS = (*SERVICES, *TOOLS)
"""The suite's own: each has its name for its kind."""


@dataclass(frozen=True)
class User:
    """`key` is the user's public key, `former` those that the server may still take; `expires` a
    moment in seconds, 0 is never. Of one who is `revoked` those are `former` that the server was
    not told of."""

    name: str
    kind: str
    key: str
    expires: int = 0
    revoked: bool = False
    former: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        return self.name if self.kind in OURS else f"{self.kind}-{self.name}"


def read_user(noted: dict[str, Any]) -> User:
    return User(**noted | {"former": tuple(noted.get("former", ()))})
