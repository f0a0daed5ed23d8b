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
    SignOut,
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
    SIGNED_OUT,
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
    folded = category.decider.fold(history)
    assert folded.outs >= {MONDAY + timedelta(hours=hour) for hour in hours}
    if hours:
        assert folded.over_until is not None
        assert folded.over_until >= MONDAY + timedelta(hours=max(hours))


@given(st.lists(st.integers(0, 10), min_size=1))
def test_each_sign_out_is_of_a_later_moment_than_all_before(hours: list[int]) -> None:
    """Sessions go by it: who signs in after the last one is in, also by a clock that was put
    back."""
    history, over = [LOGIN_OPENED], None
    for hour in dict.fromkeys(hours):
        until = MONDAY + timedelta(hours=hour)
        out = SignOutEverywhere(varied(SIGNED_OUT_EVERYWHERE, until=until))
        history += category.decider.decide(out, category.decider.fold(history))
        assert category.decider.decide(out, category.decider.fold(history)) == []
        after = category.decider.fold(history).over_until
        assert after is not None
        assert over is None or after > over
        over = after


def test_a_clock_that_was_put_back_signs_out_all_the_same() -> None:
    ahead = varied(SIGNED_OUT_EVERYWHERE, until=MONDAY + timedelta(days=1))
    beyond = varied(ahead, until=ahead.until + timedelta(milliseconds=1))
    given = SPEC.given(LOGIN_OPENED, ahead)
    given.when(SignOutEverywhere(LATER)).then(beyond, LATER)
    given.when(ReplaceSecret(SECRET_REPLACED)).then(SECRET_REPLACED, beyond, SIGNED_OUT_EVERYWHERE)
    given.when(SignOut(SIGNED_OUT)).then(SIGNED_OUT)


def test_a_session_key_is_announced_once() -> None:
    spec = DeciderSpec(session_key.category.decider)
    spec.given().when(AnnounceSessionKey(SESSION_KEY_ANNOUNCED)).then(SESSION_KEY_ANNOUNCED)
