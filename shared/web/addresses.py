"""Whose request it is, as far as addresses tell: those who can't be told apart share one name."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Literal

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Says = Literal["X-Forwarded-For", "Forwarded"]

ONE_HOUSE = 64
"""Bits of an address of version 6; whoever has one has all that begin with them."""

NOBODY = "?"
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([\d.]+):\d+")
_FOR = re.compile(r'(?i)(?:^|;)\s*for=(?:"([^"]*)"|([^;\s]*))')


class Addresses:
    """`proxies` are believed what they say of whom they speak for, in the one header that they
    write: the other one is whoever asks."""

    def __init__(self, proxies: Collection[Network] = (), says: Says = "X-Forwarded-For") -> None:
        self._proxies = tuple(proxies)
        self._says = says
        self._known = lru_cache(maxsize=4096)(self._looked_at)

    def of_peer(self, peer: str) -> str | None:
        """None: a proxy, behind which there may be anybody."""
        return self._known(peer)

    def of(self, scope: Scope) -> str | None:
        """None: a proxy that does not say for whom it asks."""
        found = self.seen(scope)
        return None if found is None else self._known(found) or found

    def seen(self, scope: Scope) -> str | None:
        """The address itself, as it was written: of the last hop that is no proxy."""
        peer = (scope.get("client") or (NOBODY,))[0]
        if self._known(peer) is not None:
            return str(peer)
        hops = self._hops(Headers(scope=scope).getlist(self._says))
        for hop in reversed(hops):
            if self._known(hop) is not None:
                return hop
        return hops[0] if hops else None

    def _hops(self, said: Sequence[str]) -> list[str]:
        if self._says == "Forwarded":
            elements = [_FOR.search(each) for each in _elements(",".join(said))]
            given = [(each[1] or each[2] or "") if each else NOBODY for each in elements]
        else:
            given = ",".join(said).split(",")
        return [_bare(hop) for hop in given if hop.strip()]

    def _looked_at(self, text: str) -> str | None:
        address = parsed(text)
        if address is None:
            return NOBODY
        if any(address in network for network in self._proxies):
            return None
        if isinstance(address, IPv6Address):
            return str(ip_network((address, ONE_HOUSE), strict=False))
        return str(address)


def parsed(text: str) -> Address | None:
    """None for what is no address; one of version 4 in a coat of version 6 is itself."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _elements(said: str) -> list[str]:
    """Of `Forwarded`, at commas outside of quotation marks. Read from its end: what our proxies
    wrote stands there, and no mark that whoever asks has left open before may reach into it."""
    found, end, is_quoted = [], len(said), False
    for at in range(len(said) - 1, -1, -1):
        if said[at] == '"' and not _is_escaped(said, at):
            is_quoted = not is_quoted
        elif said[at] == "," and not is_quoted:
            found.append(said[at + 1 : end])
            end = at
    return [each for each in (said[:end], *reversed(found)) if each.strip()]


def _is_escaped(said: str, at: int) -> bool:
    before = said[:at]
    return (at - len(before.rstrip("\\"))) % 2 == 1


def _bare(hop: str) -> str:
    """Without a port and what stands around an address of version 6."""
    hop = hop.strip()
    with_port = _WITH_PORT.fullmatch(hop)
    return (with_port[1] or with_port[2] or NOBODY) if with_port else hop


def networks(given: str) -> tuple[Network, ...]:
    """As `10.0.0.0/8, ::1`. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in given.split(",") if each.strip())
