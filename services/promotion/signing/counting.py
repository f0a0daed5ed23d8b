"""Counts who came in, by which way, for those who watch: how many, and never who."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from services.promotion.signing.errors import TooSoonError, WrongError
from shared.eventsourcing.errors import TryLaterError
from shared.runtime import metrics

Way = Literal["passphrase", "code", "passkey", "provider", "again"]
"""`again`: whoever has signed in says the passphrase once more."""


@contextmanager
def counted(way: Way) -> Iterator[None]:
    try:
        yield
    except WrongError:
        _count(way, "wrong")
        raise
    except TooSoonError:
        _count(way, "slowed")
        metrics.slow_downs.labels("passphrases").inc()
        raise
    except TryLaterError:
        _count(way, "not now")
        raise
    _count(way, "in")


def _count(way: Way, outcome: str) -> None:
    metrics.sign_ins.labels(way, outcome).inc()
