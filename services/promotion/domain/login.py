"""A login, by which somebody signs in: whether it is open, and until when its sessions are over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.contracts.login import (
    Holder,
    LoginClosed,
    LoginEvent,
    LoginOpened,
    Secret,
    SecretRemoved,
    SecretReplaced,
    SignedOut,
    SignedOutEverywhere,
)
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenLogin:
    opened: LoginOpened

    @property
    def login_id(self) -> Id:
        return self.opened.login_id


@dataclass(frozen=True, slots=True)
class ReplaceSecret:
    """Who had the old one is signed out: it may have been replaced because of them."""

    replaced: SecretReplaced

    @property
    def login_id(self) -> Id:
        return self.replaced.login_id


@dataclass(frozen=True, slots=True)
class RemoveSecret:
    """Who still has it is signed out with it."""

    removed: SecretRemoved

    @property
    def login_id(self) -> Id:
        return self.removed.login_id


@dataclass(frozen=True, slots=True)
class SignOut:
    """Of one session, which somebody else may have copied."""

    out: SignedOut

    @property
    def login_id(self) -> Id:
        return self.out.login_id


@dataclass(frozen=True, slots=True)
class SignOutEverywhere:
    out: SignedOutEverywhere

    @property
    def login_id(self) -> Id:
        return self.out.login_id


@dataclass(frozen=True, slots=True)
class CloseLogin:
    closed: LoginClosed

    @property
    def login_id(self) -> Id:
        return self.closed.login_id


LoginCommand = OpenLogin | ReplaceSecret | RemoveSecret | SignOut | SignOutEverywhere | CloseLogin

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Login:
    """`over_until` is the latest moment that it was signed out everywhere by, `outs` are all of
    them. `out_last`: the one session that was begun then is over."""

    holder: Holder | None = None
    over_until: datetime | None = None
    outs: frozenset[datetime] = frozenset()
    out_last: datetime | None = None
    changed: frozenset[tuple[type[LoginEvent], Secret, datetime]] = frozenset()
    is_closed: bool = False


# --- Errors ---------------------------------------------------------------


class NoLoginError(DomainError):
    pass


class LoginClosedError(DomainError):
    pass


class OtherHolderError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: LoginCommand, login: Login) -> list[LoginEvent]:
    match command:
        case OpenLogin(opened) if login.is_closed:
            raise LoginClosedError("a login that was closed is never opened again")
        case OpenLogin(opened) if login.holder not in (None, opened.holder):
            raise OtherHolderError("a login of the staff is no member's, nor the other way round")
        case OpenLogin(opened):
            return [opened] if login.holder is None else []
        case _ if login.holder is None:
            raise NoLoginError("there is no such login")
        case CloseLogin(closed):
            return [] if login.is_closed else [closed]
        case SignOut(ended):
            is_over = login.is_closed or ended.begun == login.out_last
            return [] if is_over else [ended]
        case SignOutEverywhere(out):
            return _signed_out(login, out)
        case ReplaceSecret(changed) | RemoveSecret(changed):
            return _changed(login, changed)


def _changed(login: Login, changed: SecretReplaced | SecretRemoved) -> list[LoginEvent]:
    if (type(changed), changed.what, changed.at) in login.changed:
        return []
    if login.is_closed:
        raise LoginClosedError("of a login that is closed nothing is replaced")
    out = SignedOutEverywhere(login_id=changed.login_id, until=changed.at)
    return [changed, *_signed_out(login, out)]


def _signed_out(login: Login, out: SignedOutEverywhere) -> list[LoginEvent]:
    """Each is of a later moment than all before: a clock that was put back comes after them too."""
    if login.is_closed or out.until in login.outs:
        return []
    if login.over_until is None or out.until > login.over_until:
        return [out]
    beyond = SignedOutEverywhere(login_id=out.login_id, until=after(login.over_until))
    return [beyond, out]


def after(moment: datetime) -> datetime:
    """The next one that sessions tell from it."""
    return moment + timedelta(milliseconds=1)


def evolve(login: Login, event: LoginEvent) -> Login:
    match event:
        case LoginOpened(holder=holder):
            return replace(login, holder=holder)
        case SecretReplaced(what=what, at=at) | SecretRemoved(what=what, at=at):
            return replace(login, changed=login.changed | {(type(event), what, at)})
        case SignedOut(begun=begun):
            return replace(login, out_last=begun)
        case SignedOutEverywhere(until=until):
            latest = max(until, login.over_until or until)
            return replace(login, over_until=latest, outs=login.outs | {until})
        case LoginClosed():
            return replace(login, is_closed=True)
        case _:
            return login


category = Category(
    service="promotion",
    name="login",
    decider=Decider[LoginCommand, LoginEvent, Login](
        initial_state=Login(), decide=decide, evolve=evolve
    ),
    commands=(OpenLogin, ReplaceSecret, RemoveSecret, SignOut, SignOutEverywhere, CloseLogin),
    key="login_id",
)
