"""What the site, which reads no log of logins, asks the gate: who of the staff a session is of."""

from pydantic import BaseModel

from shared.contracts.login import Holder

SUBJECT = "query.gate.session"
LONGEST = 4_096
"""Of a token, in signs; a longer one is none."""


class Shown(BaseModel):
    """What a browser has brought along."""

    token: str


class Visitor(BaseModel):
    """Somebody of the staff, as `shared.web.sessions.Session` has them. Of a member nothing is told
    but that it is one."""

    holder: Holder
    login_id: str = ""
    who: str = ""
    begun: float
    issued: float
    proved: float
    after: float | None = None
