"""Where a reader finds the services of an instance: they are one site, on one host or several."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shared.web.answers import NOT_KEPT

_PORT = re.compile(r":[0-9]{1,5}")
_PLAIN = re.compile(r"(?ai)https?://(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:/[\w.~-]+)*/?")
HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Link:
    service: str
    address: str
    is_here: bool


@dataclass(frozen=True)
class Sites:
    """`addresses` by service, the one with the front page first: `https://tribune.example/intake`,
    `:8001` for a port of whatever host the reader has come by, or nothing for no link."""

    own: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The path that our own pages lie under, as `/intake`; nothing at the root."""
        address = self._address(self.own)
        return "" if _PORT.fullmatch(address) else urlsplit(address).path.rstrip("/")

    @property
    def base(self) -> str:
        """Our own address, with a slash at its end, where it is known whoever the reader is."""
        address = self._address(self.own)
        return "" if not address or _PORT.fullmatch(address) else f"{address.rstrip('/')}/"

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

    def route(self) -> Route:
        """Pages are shared by all readers, so where a link to a port leads is told once one follows
        it."""
        return Route("/to/{service}", self._lead)

    def page_of(self, service: str, path: str, request: Request) -> str:
        """The address of a service's page for whoever asks; nothing where that is not known."""
        if service == self.own:
            return f"{self.root}{path}"
        address = self._address(service)
        if _PORT.fullmatch(address):
            address = self._at_port(request, address)
        return f"{address.rstrip('/')}{path}" if address else ""

    def _at_port(self, request: Request, port: str) -> str:
        host = request.url.hostname
        if host is None:
            return ""
        host = f"[{host}]" if ":" in host else host
        return f"{request.url.scheme}://{host}{port}"

    async def _lead(self, request: Request) -> Response:
        port = self._address(request.path_params["service"])
        there = self._at_port(request, port) if _PORT.fullmatch(port) else ""
        if not there:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return RedirectResponse(f"{there}/", headers=NOT_KEPT)

    def _link(self, service: str) -> str:
        address = self._address(service)
        if service == self.own:
            return f"{self.root}/"
        if _PORT.fullmatch(address):
            return f"{self.root}/to/{service}"
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
