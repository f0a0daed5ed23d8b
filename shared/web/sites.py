"""Where a reader finds the services of an instance: they are one site, on one host or several."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_PORT = re.compile(r":[0-9]{1,5}")
_HOST = re.compile(r"(?ai)https?://(?:[\w.-]+|\[[\da-f:.]+\])/?")
_PLAIN = re.compile(r"(?ai)https?://(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:/[\w.~-]+)*/?")
HIGHEST_PORT = 65_535
USUAL_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Link:
    service: str
    address: str
    is_here: bool


@dataclass(frozen=True)
class Sites:
    """`addresses` by service, the one with the front page first: `https://tribune.example/intake`,
    or nothing for no link. A reader's `Host` is no part of them: anybody could name any."""

    own: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The path that our own pages lie under, as `/intake`; nothing at the root."""
        return urlsplit(self._address(self.own)).path.rstrip("/")

    @property
    def base(self) -> str:
        """Our own address, with a slash at its end; without its host where that is not known."""
        return f"{self._address(self.own).rstrip('/')}/"

    @property
    def is_front(self) -> bool:
        """Whether the front page of all services is ours."""
        return self.own == next(iter(self.addresses), self.own)

    @property
    def is_secure(self) -> bool:
        return self._address(self.own).lower().startswith("https:")

    @property
    def front(self) -> str:
        """The front page of all services; nothing where it is not linked."""
        return self._link(next(iter(self.addresses), ""))

    @property
    def home(self) -> str:
        return self.front or f"{self.root}/"

    @property
    def origins(self) -> frozenset[str]:
        """As browsers write them, of all services whose address is known."""
        known = [urlsplit(each.lower()) for each in self.addresses.values() if "://" in each]
        return frozenset(f"{each.scheme}://{each.netloc}" for each in known)

    def links(self) -> list[Link]:
        found = [Link(each, self._link(each), each == self.own) for each in self.addresses]
        return [link for link in found if link.address]

    def page_of(self, service: str, path: str) -> str:
        """The address of a service's page; nothing where that is not known."""
        if service == self.own:
            return f"{self.root}{path}"
        address = self._address(service)
        return f"{address.rstrip('/')}{path}" if address else ""

    def _link(self, service: str) -> str:
        address = self._address(service)
        if service == self.own:
            return f"{self.root}/"
        return f"{address.rstrip('/')}/" if address else ""

    def _address(self, service: str) -> str:
        return self.addresses.get(service, "")


def is_address(given: str) -> bool:
    """Whether it is one of those that `Sites` takes: no user, no question and no hash in it."""
    if not given:
        return True
    if _PORT.fullmatch(given):
        return 0 < int(given[1:]) <= HIGHEST_PORT
    try:
        parts = urlsplit(given)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return is_port and bool(_PLAIN.fullmatch(given)) and not {".", ".."} & {*parts.path.split("/")}


def is_host(given: str) -> bool:
    """Whether it is one that a port can be added to."""
    try:
        urlsplit(given)
    except ValueError:
        return False
    return bool(_HOST.fullmatch(given))


def whole(address: str, host: str) -> str:
    """`:8001` is a port of that host."""
    if not _PORT.fullmatch(address):
        return address
    is_usual = address == USUAL_PORTS.get(urlsplit(host).scheme.lower())  # browsers leave it out
    return host.rstrip("/") + ("" if is_usual else address)
