"""A session is believed by whoever has the public key, until it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_in import LOGIN, NOW, SIGNER, knowing, session

from shared.contracts.login import LoginClosed, LoginOpened, SignedOut, SignedOutEverywhere
from shared.web.session_signer import SessionSigner
from shared.web.sessions import LONGEST, SHORTEST, Session, Sessions, begun, renewed

OTHER = SessionSigner(b"another seed of Ed25519, as long")
TOKEN = SIGNER.token(session())


def test_whoever_has_the_key_reads_it() -> None:
    assert knowing().read(TOKEN, NOW) == session()


def test_nobody_is_believed_before_all_sign_outs_are_known() -> None:
    sessions = knowing()
    sessions.is_current = False
    assert sessions.read(TOKEN, NOW) is None


def test_a_key_that_was_not_announced_opens_nothing() -> None:
    assert knowing().read(OTHER.token(session()), NOW) is None
    assert Sessions(is_current=True).read(TOKEN, NOW) is None


def test_only_the_key_that_was_announced_last_opens_anything() -> None:
    """Whoever announced one may hear of a later one first."""
    sessions = knowing()
    sessions.learn(OTHER.announced(), 7)
    assert sessions.read(TOKEN, NOW) is None
    sessions.learn(SIGNER.announced(), 6)
    assert sessions.read(TOKEN, NOW) is None
    assert sessions.read(OTHER.token(session()), NOW)
    sessions.learn(SIGNER.announced(), 8)
    assert sessions.read(TOKEN, NOW)


def test_staff_are_whose_login_was_opened_for_the_staff() -> None:
    sessions, login = knowing(), "c" * 32
    token = SIGNER.token(session(login=login))
    assert sessions.read(token, NOW) is None
    sessions.learn(LoginOpened(login_id=login, holder="member"))
    assert sessions.read(token, NOW) is None
    sessions.learn(LoginOpened(login_id=login, holder="staff"))
    assert sessions.read(token, NOW)


def test_who_signs_out_ends_that_session_however_often_it_was_renewed() -> None:
    sessions, later = knowing(), NOW + timedelta(minutes=1)
    other = SIGNER.token(begun(LOGIN, "staff", "ana", later))
    sessions.learn(SignedOut(login_id=LOGIN, begun=NOW))
    assert sessions.read(SIGNER.token(renewed(session(), later)), later) is None
    assert sessions.read(other, later)


def test_what_is_over_by_itself_takes_no_memory() -> None:
    sessions = knowing()
    for day in range(100):
        sessions.learn(SignedOut(login_id=LOGIN, begun=NOW + timedelta(days=day)))
    assert len(sessions.ended) == 9


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_no_sign_of_it_can_be_another_one(at: int, sign: str) -> None:
    """But for the last, of which base64 leaves two bits unused."""
    changed = TOKEN[:at] + sign + TOKEN[at + 1 :]
    if at < len(TOKEN) - 1 and changed != TOKEN:
        assert knowing().read(changed, NOW) is None


@given(st.text() | st.text("ey.J"))
def test_whatever_else_stands_there_is_none(text: str) -> None:
    assert knowing().read(text, NOW) is None


def test_one_that_is_signed_for_no_algorithm_is_none() -> None:
    head = "eyJhbGciOiJub25lIn0"
    assert knowing().read(f"{head}.{TOKEN.split('.')[1]}.", NOW) is None


@given(st.lists(st.integers(0, 45), max_size=40))
def test_it_ends_half_an_hour_after_its_last_renewal_and_after_twelve_hours(
    minutes: list[int],
) -> None:
    now, mine, sessions = NOW, session(), knowing()
    for each in minutes:
        now += timedelta(minutes=each)
        found = sessions.read(SIGNER.token(mine), now)
        idle = now.timestamp() - mine.issued
        whole = now - NOW
        assert (found is not None) == (idle < SHORTEST.total_seconds() and whole < LONGEST)
        if found is None:
            return
        mine = renewed(mine, now)


def test_one_that_is_renewed_all_the_time_ends_after_twelve_hours() -> None:
    now, mine, sessions = NOW, session(), knowing()
    while found := sessions.read(SIGNER.token(mine), now):
        mine = renewed(found, now)
        now += timedelta(minutes=20)
        assert now <= NOW + LONGEST
    assert now == NOW + LONGEST


def test_a_stolen_one_that_is_renewed_is_over_with_all_others() -> None:
    sessions, later = knowing(), NOW + timedelta(minutes=10)
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=NOW + timedelta(minutes=5)))
    assert sessions.read(SIGNER.token(renewed(session(), later)), later) is None


def test_one_from_the_future_is_none() -> None:
    assert knowing().read(TOKEN, NOW - timedelta(minutes=2)) is None


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=1)])
def test_signed_out_everywhere_is_what_was_begun_until_then(later: timedelta) -> None:
    sessions = knowing()
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=NOW + later))
    assert sessions.read(TOKEN, NOW + later) is None
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=NOW - timedelta(hours=1)))
    assert sessions.read(TOKEN, NOW + later) is None, "an older one takes nothing back"


def test_who_signs_in_afterwards_is_in_and_others_never_were_out() -> None:
    sessions = knowing()
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=NOW - timedelta(microseconds=1)))
    assert sessions.read(TOKEN, NOW)
    sessions.learn(LoginClosed(login_id="b" * 32))
    assert sessions.read(TOKEN, NOW)


def test_who_signed_out_by_a_clock_that_was_ahead_comes_in_again() -> None:
    """What counts is which sign-out a session came after, not what any clock showed."""
    sessions, ahead = knowing(), NOW + timedelta(days=1)
    before = [replace(session(), after=sessions.last_out(LOGIN)), session(), by_ahead(sessions)]
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=ahead))
    again = replace(session(), after=sessions.last_out(LOGIN))
    assert sessions.read(SIGNER.token(again), NOW) == again
    for now in (NOW, ahead, ahead + timedelta(minutes=5)):
        assert not any(sessions.read(SIGNER.token(each), now) for each in before)
    sessions.learn(SignedOutEverywhere(login_id=LOGIN, until=ahead + timedelta(milliseconds=1)))
    assert sessions.read(SIGNER.token(again), NOW) is None
    sessions.learn(LoginClosed(login_id=LOGIN))
    for after in (sessions.last_out(LOGIN), sessions.over[LOGIN]):
        assert sessions.read(SIGNER.token(replace(session(), after=after)), NOW) is None


def by_ahead(sessions: Sessions) -> Session:
    """Of before the sign-out, and yet begun by the clock that was ahead."""
    return begun(LOGIN, "staff", "ana", NOW + timedelta(days=1), sessions.last_out(LOGIN))


def test_a_sign_out_by_a_clock_that_is_ahead_makes_none_forgotten() -> None:
    sessions = knowing()
    sessions.learn(SignedOut(login_id=LOGIN, begun=NOW))
    for minutes in range(3):
        later = NOW + timedelta(days=2, minutes=minutes)
        sessions.learn(SignedOut(login_id=LOGIN, begun=later))
    assert sessions.read(TOKEN, NOW) is None


def test_a_closed_login_has_no_session() -> None:
    sessions = knowing()
    sessions.learn(LoginClosed(login_id=LOGIN))
    assert sessions.read(TOKEN, NOW) is None


def test_neither_the_key_nor_the_session_is_shown() -> None:
    assert SIGNER.token(session()) not in repr(knowing())
