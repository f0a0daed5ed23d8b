"""Behind a proxy each reader is slowed by the address that it names, and nobody names their own."""

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import promotion_site
from sqlalchemy import Engine
from visiting import TOKEN

from shared.web.addresses import Addresses, networks

PROXIES = Addresses(networks("10.0.0.0/8, fd00::/8"))
PROXY, STRANGER = ("10.0.0.1", 1), ("192.0.2.1", 1)


async def tried(visitor: httpx.AsyncClient, said: str) -> int:
    page = await visitor.get("/sign-in")
    found = TOKEN.search(page.text)
    assert found
    fields = {"token": found[1], "number": "0000 0000 0000", "passphrase": "x"}
    headers = {"X-Forwarded-For": said} if said else {}
    return (await visitor.post("/sign-in", data=fields, headers=headers)).status_code


async def until_slowed(visitor: httpx.AsyncClient, said: str = "", most: int = 8) -> int:
    for number in range(most):
        if await tried(visitor, said.replace("{}", f"{number}")) == 429:
            return number
    return most


@pytest.mark.parametrize(
    ("client", "said", "tries"),
    [
        (PROXY, "198.51.100.7", 4),
        (PROXY, "203.0.{}.9, 198.51.100.7", 4),  # what a reader wrote before the proxy did
        (PROXY, "203.0.{}.9, 198.51.100.7, 10.0.0.{}", 4),  # by several proxies
        (PROXY, "203.0.{}.9", 8),  # by one proxy, for several readers
        (PROXY, "2001:db8:0:0:{}::1", 4),
        (PROXY, "2001:db8:0:{}00::1", 8),
        (PROXY, "", 4),  # it names nobody
        (STRANGER, "203.0.{}.9", 4),  # no proxy of ours
    ],
)
async def test_who_is_slowed(
    nats: Client, database: Engine, client: tuple[str, int], said: str, tries: int
) -> None:
    async with (
        promotion_site(nats, database, addresses=PROXIES) as site,
        site.client(client=client) as visitor,
    ):
        assert await until_slowed(visitor, said) == tries
