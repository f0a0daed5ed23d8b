"""A slip: intake says to promotion who of its correspondents somebody is, by their own browser."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime, timedelta

from shared.runtime.box import Box

GOOD_FOR = timedelta(minutes=30)


class Slips:
    """`key` is that of the frame, which all services of an instance have. A slip is sealed, and
    opens for the login alone for which it was made: in an address that was copied it says nothing.
    Nothing of it is kept, so the log does not know which login is whose."""

    def __init__(self, key: bytes) -> None:
        self._box = Box(hmac.digest(key, b"tribune slips", "sha256"))

    def slip(self, login_id: str, person_id: str, now: datetime) -> str:
        said = json.dumps([person_id, (now + GOOD_FOR).timestamp()])
        return urlsafe_b64encode(self._box.seal(said.encode(), "slip", login_id)).decode()

    def person(self, slip: str, login_id: str, now: datetime) -> str | None:
        """None for what is no slip of this login, or too old."""
        try:
            sealed = urlsafe_b64decode(slip.encode())
        except (Base64Error, ValueError):
            return None
        opened = self._box.open(sealed, "slip", login_id)
        if opened is None:
            return None
        person_id, until = json.loads(opened)
        return str(person_id) if now.timestamp() < until else None
