"""A user's credentials at NATS, in the file that all its clients take: who it is, and its seed."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.eventsourcing.jetstream.nkey import Nkey, WrongKeyError

FORM = """\
-----BEGIN NATS USER JWT-----
{jwt}
------END NATS USER JWT------

************************* IMPORTANT *************************
Whoever has this file is this user. Keep it where nobody else can read it.

-----BEGIN USER NKEY SEED-----
{seed}
------END USER NKEY SEED------

*************************************************************
"""
PART = re.compile(r"-+BEGIN [A-Z ]+-+\s+(\S+)\s+-+END [A-Z ]+-+")
PARTS = 2

Callbacks = tuple[Callable[[], bytes], Callable[[str], bytes]]
"""What nats-py asks with each connection: who we are, and our signature under the server's word."""


class CredentialsError(Exception):
    """There are no credentials where they should be; says where, and never what stands there."""


@dataclass(frozen=True)
class Credentials:
    """What is signed for the user by its account, and the key that proves to be it."""

    jwt: str
    key: Nkey

    @classmethod
    def read(cls, path: Path) -> "Credentials":
        """Raises CredentialsError."""
        try:
            found = PART.findall(path.read_text())
        except (OSError, UnicodeDecodeError) as error:
            raise CredentialsError(
                f"the credentials for NATS in {path} can't be read ({type(error).__name__})"
            ) from None
        if len(found) != PARTS:
            raise CredentialsError(f"{path} holds no credentials for NATS")
        try:
            return cls(found[0], Nkey.read(found[1]))
        except WrongKeyError as error:
            raise CredentialsError(f"the credentials for NATS in {path}: {error}") from None

    def written(self) -> str:
        return FORM.format(jwt=self.jwt, seed=self.key.seed())

    def callbacks(self) -> Callbacks:
        def sign(nonce: str) -> bytes:
            return base64.b64encode(self.key.sign(nonce.encode()))

        return self.jwt.encode, sign


def callbacks(given: Credentials | Path) -> Callbacks:
    """A file is read anew with each connection, so that a new key counts without a restart.

    Raises CredentialsError where there are none.
    """
    if isinstance(given, Credentials):
        return given.callbacks()
    Credentials.read(given)

    def tell() -> bytes:
        return Credentials.read(given).jwt.encode()

    def sign(nonce: str) -> bytes:
        return Credentials.read(given).callbacks()[1](nonce)

    return tell, sign
