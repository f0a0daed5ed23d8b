"""Which address of this machine a name means, where several machines share the name."""

import ipaddress
import socket
from collections.abc import Callable

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  only looked for, not listened at  # nosec B104


def addresses_of(name: str) -> list[str]:
    """As the system's name service has them. Raises OSError."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


def own_address(host: str, resolve: Callable[[str], list[str]] = addresses_of) -> str:
    """The one to listen at. Containers share a name on their network: of its addresses the one
    counts that can be listened at here. An address is what it is, as is a name without any."""
    if _is_address(host):
        return host
    try:
        found = resolve(host)
    except OSError:
        return host
    return next(filter(_is_ours, found), host)


def asked_here(host: str) -> str:
    """The one that somebody on this machine asks."""
    return EVERYWHERE.get(host) or own_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_ours(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
