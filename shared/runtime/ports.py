"""Ports of this machine that nobody uses."""

import random
import socket
from collections import deque

# Below what systems take for outgoing connections: a port of a server that was killed is still free
# when it starts again, and no client that tries to reach it can be given the very same.
FROM, TO = 20_000, 32_000
_chance = random.SystemRandom()
_given: deque[int] = deque(maxlen=256)


def free_port(neighbours: int = 0) -> int:
    """Free are also so many ports that follow it. None is given twice soon: whoever asked before
    may not listen yet."""
    while True:
        first = _chance.randrange(FROM, TO)
        wanted = range(first, first + neighbours + 1)
        if not any(port in _given for port in wanted) and all(map(is_free, wanted)):
            _given.extend(wanted)
            return first


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
