"""How a login is opened, signed out and closed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain import session_key
from services.promotion.domain.login import (
    CloseLogin,
    LoginClosedError,
    NoLoginError,
    OpenLogin,
    RemoveSecret,
    ReplaceSecret,
    SignOutEverywhere,
    category,
)
from services.promotion.domain.session_key import AnnounceSessionKey
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    LOGIN_CLOSED,
    LOGIN_OPENED,
    MONDAY,
    SECRET_REMOVED,
    SECRET_REPLACED,
    SESSION_KEY_ANNOUNCED,
    SIGNED_OUT_EVERYWHERE,
    varied,
)

SPEC = DeciderSpec(category.decider)
LATER = varied(SIGNED_OUT_EVERYWHERE, until=MONDAY + timedelta(hours=1))


def test_a_login_is_opened_once() -> None:
    SPEC.given().when(OpenLogin(LOGIN_OPENED)).then(LOGIN_OPENED)


def test_nothing_happens_to_a_login_that_is_not_there() -> None:
    for command in (CloseLogin(LOGIN_CLOSED), SignOutEverywhere(LATER)):
        SPEC.given().when(command).then_fails_with(NoLoginError)


def test_a_closed_login_stays_closed() -> None:
    closed = SPEC.given(LOGIN_OPENED, LOGIN_CLOSED)
    closed.when(OpenLogin(LOGIN_OPENED)).then_fails_with(LoginClosedError)
    closed.when(ReplaceSecret(SECRET_REPLACED)).then_fails_with(LoginClosedError)
    closed.when(RemoveSecret(SECRET_REMOVED)).then_fails_with(LoginClosedError)
    closed.when(SignOutEverywhere(LATER)).then_nothing_happens()


def test_it_is_closed_once() -> None:
    SPEC.given(LOGIN_OPENED).when(CloseLogin(LOGIN_CLOSED)).then(LOGIN_CLOSED)


def test_another_secret_signs_out_everywhere() -> None:
    SPEC.given(LOGIN_OPENED).when(ReplaceSecret(SECRET_REPLACED)).then(
        SECRET_REPLACED, SIGNED_OUT_EVERYWHERE
    )


def test_one_that_is_removed_signs_out_everywhere_too() -> None:
    SPEC.given(LOGIN_OPENED).when(RemoveSecret(SECRET_REMOVED)).then(
        SECRET_REMOVED, SIGNED_OUT_EVERYWHERE
    )
    replaced = varied(SECRET_REPLACED, what="passkey")
    SPEC.given(LOGIN_OPENED, replaced, SIGNED_OUT_EVERYWHERE).when(
        RemoveSecret(SECRET_REMOVED)
    ).then(SECRET_REMOVED)


@given(st.lists(st.integers(0, 10)))
def test_what_is_over_never_begins_again(hours: list[int]) -> None:
    """In whatever order clocks that are apart say it."""
    history = [LOGIN_OPENED]
    for hour in hours:
        until = MONDAY + timedelta(hours=hour)
        out = SignOutEverywhere(varied(SIGNED_OUT_EVERYWHERE, until=until))
        history += category.decider.decide(out, category.decider.fold(history))
    over = category.decider.fold(history).over_until
    assert over == (MONDAY + timedelta(hours=max(hours)) if hours else None)


def test_a_session_key_is_announced_once() -> None:
    spec = DeciderSpec(session_key.category.decider)
    spec.given().when(AnnounceSessionKey(SESSION_KEY_ANNOUNCED)).then(SESSION_KEY_ANNOUNCED)
