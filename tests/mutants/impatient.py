"""Ends a test that waits for what will never come: that is how many breaks show."""

import os
import signal
from collections.abc import Generator

import pytest

ENDS_WITHIN_S = int(os.environ["TRIBUNE_MUTANTS_TEST_WITHIN_S"])


class TooLongError(BaseException):
    """Nobody in a test is to catch it."""


def _give_up(*_: object) -> None:
    raise TooLongError(f"not within {ENDS_WITHIN_S} s")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(ENDS_WITHIN_S)
    try:
        return (yield)
    finally:
        signal.alarm(0)
