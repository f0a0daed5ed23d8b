"""Ports of this machine that nobody uses."""

import random
import socket

# Below what systems take for outgoing connections: a port of a server that was killed is still free
# when it starts again, and no client that tries to reach it can be given the very same.
FROM, TO = 20_000, 32_000
_chance = random.SystemRandom()


def free_port(neighbours: int = 0) -> int:
    """Free are also so many ports that follow it."""
    while True:
        port = _chance.randrange(FROM, TO)
        if all(is_free(port + further) for further in range(neighbours + 1)):
            return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
