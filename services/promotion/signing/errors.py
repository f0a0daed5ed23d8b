"""Why somebody does not come in; none says what of it was wrong."""

from datetime import timedelta


class WrongError(Exception):
    """No such number or name, another passphrase, another code, a login that is closed."""


class TooSoonError(Exception):
    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"{wait.total_seconds():.0f} s")
        self.wait = wait


class NobodyError(Exception):
    """An act is about somebody who has no login."""


class NameTakenError(Exception):
    """Another login, or another passkey, has it."""


class NotProvedError(Exception):
    """Who has no passphrase to say once more signed in too long ago."""


class TooManyError(Exception):
    """A login has as many passkeys as it may have."""


class LastWayError(Exception):
    """Without it nobody could sign in by that login any more."""
