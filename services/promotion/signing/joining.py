"""An invitation is used up, and what it was for is kept: both, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Joining:
    """`invitation` is the digest that `invited` has; `login_id` is the login from now on, another
    one where the former was closed. `codes` are digests of the recovery codes."""

    invited: str
    invitation: str
    login_id: str
    passphrase: bytes
    seed: bytes
    step: int
    codes: Sequence[str]
