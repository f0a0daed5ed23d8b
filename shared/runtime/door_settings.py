"""What every service can be told of its doors: addresses, limits, and where readers find it."""

import re

from pydantic import BaseModel, Field, field_validator

from shared.web.addresses import Addresses, Says, networks
from shared.web.sites import Sites, is_address, is_host, whole

PORTS = {"publishing": 8000, "intake": 8001, "promotion": 8002}
INNER_FROM_OUTER = 100
"""How far above a service's port its inner one is."""
INNER_PORTS = {name: port + INNER_FROM_OUTER for name, port in PORTS.items()} | {"gate": 8103}
"""Of all that is run; the gate has no other."""
CONTACT = re.compile("(mailto:|https://)[!-~]+")
NO_NETWORK = "is no list of networks, such as 10.0.0.0/8, fd00::/8"
NO_SITE = (
    "is no address of a site: https://… with a host, a port up to 65535 and a path if need be, and"
    " nothing else (no user, no question mark, no #); :8001 for a port of public_url; or nothing"
    " for no link"
)


class DoorSettings(BaseModel):
    host: str = Field("127.0.0.1", description="address of the service's HTTP side")
    port: int = Field(0, description="port of the HTTP side; 0 takes the service's usual one")
    inner_host: str = Field(
        "127.0.0.1",
        description="address of the inner door, with readiness and metrics; never a public one",
    )
    inner_port: int = Field(
        0, description=f"port of the inner door; 0 takes {INNER_FROM_OUTER} above the other"
    )
    proxies: str = Field(
        "127.0.0.0/8, ::1",
        description="networks of proxies, with commas between; what they say in proxies_say is"
        " believed, and where they say nothing nobody is limited",
    )
    proxies_say: Says = Field(
        "X-Forwarded-For",
        description="the header in which proxies name whom they ask for; the other one, Forwarded"
        " (RFC 7239), is not looked at then, for whoever asks could write it",
    )
    connections_each: int = Field(
        200, ge=0, description="connections that one address may have; 0 for no limit"
    )
    requests_each: int = Field(
        100, ge=0, description="requests that one address may have answered at once, open pages too"
    )
    requests_each_s: int = Field(
        100, ge=0, description="requests that one address may make in a second"
    )
    sites: dict[str, str] = Field(
        {},
        description="where readers find the services: TRIBUNE_SITES__INTAKE=https://… and so on; by"
        " default at the usual port of public_url",
    )
    public_url: str = Field(
        "http://127.0.0.1",
        description="scheme and host that readers come by, which the ports in sites belong to; what"
        " a reader's Host says is nowhere repeated",
    )
    security_contact: str = Field(
        "", description="who is told of holes, in security.txt: mailto:… or https://…"
    )

    @field_validator("security_contact")
    @classmethod
    def _is_contact(cls, given: str) -> str:
        if given and not CONTACT.fullmatch(given):
            raise ValueError("is neither mailto:… nor https://…")
        return given

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        try:
            networks(given)
        except ValueError:
            raise ValueError(NO_NETWORK) from None
        return given

    @field_validator("public_url")
    @classmethod
    def _is_host(cls, given: str) -> str:
        if not is_host(given):
            raise ValueError("is no scheme with a host, such as https://tribune.example")
        return given

    @field_validator("sites")
    @classmethod
    def _are_addresses(cls, given: dict[str, str]) -> dict[str, str]:
        for service, address in given.items():
            if service not in PORTS:
                raise ValueError(f"there is no service {service}")
            if not is_address(address):
                raise ValueError(f"what is given for {service} {NO_SITE}")
        return given

    @property
    def addresses(self) -> Addresses:
        return Addresses(networks(self.proxies), self.proxies_say)

    def sites_for(self, service: str) -> Sites:
        """As that service sees them."""
        given = {name: f":{port}" for name, port in PORTS.items()} | self.sites
        return Sites(service, {name: whole(each, self.public_url) for name, each in given.items()})

    def http_port(self, service: str) -> int:
        return self.port or PORTS[service]

    def inner_http_port(self, service: str) -> int:
        beside = self.port + INNER_FROM_OUTER if self.port else INNER_PORTS[service]
        return self.inner_port or beside
