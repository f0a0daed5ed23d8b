"""Where somebody signs in from."""

from dataclasses import dataclass

from starlette.requests import Request

from services.promotion.signing.slowing import network_of
from services.promotion.signing.turns import Place
from shared.web.addresses import Addresses


@dataclass(frozen=True)
class Visit:
    """`browser` is the random name of one that `whose` owner calls theirs: it stands for itself,
    whatever others in its network try."""

    network: str = ""
    whose: str = ""
    browser: str = ""

    def whence(self, whom: str) -> str:
        return f"browser {self.browser}" if self.whose == whom else f"network {self.network}"

    def place(self, whom: str = "") -> Place:
        """Where they wait for their turn: an own browser has places that no stranger takes."""
        is_own = bool(whom) and self.whose == whom
        return Place(f"login {whom}" if is_own else self.network, self.network, is_own)


def network_of_request(request: Request, addresses: Addresses) -> str:
    """Of whom a proxy names; of the proxy itself where it names nobody."""
    peer = request.client.host if request.client else ""
    return network_of(addresses.seen(request.scope) or peer)
