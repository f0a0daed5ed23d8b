"""What the site, which reads no log of logins, asks the gate: who of the staff a session is of."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contracts.login import Holder
from shared.contracts.values import Id

SUBJECT = "query.gate.session"
CLOSED = "query.gate.closed"
AT_ONCE = 500
LONGEST = 4_096
"""Of a token, in signs; a longer one is none."""


class Shown(BaseModel):
    """What a browser has brought along."""

    token: str


class Codes(BaseModel):
    """Of members who have asked something: whose login is closed?"""

    codes: Annotated[frozenset[Id], Field(max_length=AT_ONCE)]


class Visitor(BaseModel):
    """Somebody of the staff, as `shared.web.sessions.Session` has them. Of a member nothing is told
    but that it is one, and for a login a code that is made of it with the release key."""

    holder: Holder
    login_id: str = ""
    who: str = ""
    begun: float
    issued: float
    proved: float
    after: float | None = None
