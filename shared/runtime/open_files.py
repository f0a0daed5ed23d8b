"""How many connections there is room for: each is an open file, and the log needs some too."""

import resource
from contextlib import suppress

WANTED = 16_384
OURS = 124
"""For database, log, logs and whatever else is opened."""

LEAST, MOST = 100, 4_000
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
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(LEAST, min(MOST, soft - OURS))
