"""Whose request it is, as far as addresses tell: those who can't be told apart share one name."""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network

FORWARDED = "X-Forwarded-For"
ONE_HOUSE = 64
"""Bits of an address of version 6; whoever has one has all that begin with them."""

NOBODY = "?"


class Addresses:
    """`proxies` are believed what they say of whom they speak for."""

    def __init__(self, proxies: Collection[Network] = ()) -> None:
        self._proxies = tuple(proxies)
        self._known = lru_cache(maxsize=4096)(self._looked_at)

    def of_peer(self, peer: str) -> str | None:
        """None: a proxy, behind which there may be anybody."""
        return self._known(peer)

    def of(self, scope: Scope) -> str | None:
        """None: a proxy that does not say for whom it asks."""
        found = self._known((scope.get("client") or (NOBODY,))[0])
        if found is not None:
            return found
        said = ",".join(Headers(scope=scope).getlist(FORWARDED))
        hops = [hop.strip() for hop in said.split(",") if hop.strip()]
        for hop in reversed(hops):
            if (found := self._known(hop)) is not None:
                return found
        return hops[0] if hops else None

    def _looked_at(self, text: str) -> str | None:
        try:
            address = ip_address(text.strip("[]"))
        except ValueError:
            return NOBODY
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._proxies):
            return None
        if isinstance(address, IPv6Address):
            return str(ip_network((address, ONE_HOUSE), strict=False))
        return str(address)


def networks(given: str) -> tuple[Network, ...]:
    """As `10.0.0.0/8, ::1`. Raises ValueError."""
    return tuple(ip_network(each.strip()) for each in given.split(",") if each.strip())
