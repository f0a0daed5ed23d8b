"""Sessions for tests: a signer, and what a service knows of its key."""

from datetime import UTC, datetime

from shared.contracts.login import Holder, LoginOpened
from shared.web.session_signer import SessionSigner
from shared.web.sessions import Session, Sessions, begun

SIGNER = SessionSigner(b"a seed of Ed25519 for tests only")
NOW = datetime(2030, 1, 7, 12, tzinfo=UTC)
LOGIN = "a" * 32


def knowing() -> Sessions:
    sessions = Sessions()
    sessions.learn(SIGNER.announced())
    sessions.learn(LoginOpened(login_id=LOGIN, holder="staff"))
    sessions.is_current = True
    return sessions


def session(holder: Holder = "staff", who: str = "ana", login: str = LOGIN) -> Session:
    return begun(login, holder, who, NOW)
