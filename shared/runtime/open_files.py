"""How many connections there is room for: each is an open file, and the log needs some too."""

import resource
from contextlib import suppress

WANTED = 16_384
OURS, OWN = 124, 24
"""For who is just accepted, database, log and whatever else is opened; and without the first."""

LEAST, MOST, MOST_AT_ONCE = 100, 4_000, 1_000
"""More would be served so slowly that nobody had anything of it."""


def allow_many() -> None:
    """As many as the system lets us without being asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections() -> int:
    """At a public door; an inner one is for few."""
    return max(LEAST, min(MOST, _soft() - OURS))


def accepted_at_once() -> int:
    """Beyond the most, before others have gone. Whoever finds the queue full tries again after a
    second."""
    return max(LEAST, min(MOST_AT_ONCE, _soft() - most_connections() - OWN))


def _soft() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED if soft == resource.RLIM_INFINITY else soft
