"""A provider's word counts if it is the provider's, about this visit, for us, and fresh."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from nats.aio.client import Client
from promotion_site import promotion_site
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from visiting import is_in

from services.promotion.signing.errors import WrongError
from services.promotion.signing.provider import Begun, Provider, ProviderAwayError
from shared.runtime.http import http_server
from shared.web.now import utc_now

KEY, OTHER = [RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2)]
BACK = "http://tribune.test/staff/provider/back"


@dataclass
class Lying:
    """A provider that says whatever it is told to; it listens on a port of its own."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    asked: list[dict[str, str]] = field(default_factory=list)

    def about(self, **changes: Any) -> dict[str, Any]:
        there = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return there | changes

    def app(self) -> Starlette:
        async def about(_: Request) -> Response:
            return JSONResponse(self.about())

        async def keys(_: Request) -> Response:
            return JSONResponse({"keys": [KEY.as_dict(private=False)]})

        async def token(request: Request) -> Response:
            body = (await request.body()).decode()
            self.asked.append({name: found[0] for name, found in parse_qs(body).items()})
            signed = jwt.encode(
                {"alg": self.algorithm, "kid": "one"}, self.claims, self.key, [self.algorithm]
            )
            return JSONResponse({"id_token": signed})

        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", about),
                Route("/keys", keys),
                Route("/token", token, methods=["POST"]),
            ]
        )


@asynccontextmanager
async def listening(lying: Lying) -> AsyncIterator[Provider]:
    server = http_server(lying.app(), "127.0.0.1", 0)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    serving = asyncio.create_task(server.main_loop())
    lying.issuer = f"http://127.0.0.1:{port}"
    try:
        yield Provider(lying.issuer, "tribune", "secret", "Ours")
    finally:
        server.should_exit = True
        await serving
        await asyncio.wait_for(server.shutdown(), 10)


def good(lying: Lying, begun: Begun, **changes: Any) -> dict[str, Any]:
    claims = {
        "iss": lying.issuer,
        "aud": "tribune",
        "sub": "pia-at-the-provider",
        "nonce": begun.nonce,
        "exp": int(utc_now().timestamp()) + 300,
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


async def test_a_good_word_is_taken_and_the_code_is_shown_with_the_verifier() -> None:
    lying, begun = Lying(), Begun()
    async with listening(lying) as provider:
        there = await provider.address(begun, BACK)
        sent = {name: found[0] for name, found in parse_qs(urlsplit(there).query).items()}
        assert sent["code_challenge_method"] == "S256"
        assert begun.verifier not in there
        lying.claims = good(lying, begun)
        assert await provider.subject(begun, "a code", BACK) == "pia-at-the-provider"
        lying.claims = good(lying, begun, aud=["other", "tribune"], azp="tribune")
        assert await provider.subject(begun, "a code", BACK)
        assert lying.asked[0]["code_verifier"] == begun.verifier
        assert lying.asked[0]["redirect_uri"] == BACK


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://elsewhere.example"},
        {"aud": "another"},
        {"aud": ["tribune", "another"]},
        {"aud": None},
        {"nonce": "of another visit"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "later"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=json.dumps,
)
async def test_any_other_word_is_refused(changes: dict[str, Any]) -> None:
    lying, begun = Lying(), Begun()
    async with listening(lying) as provider:
        lying.claims = good(lying, begun, **changes)
        with pytest.raises(WrongError):
            await provider.subject(begun, "a code", BACK)


async def test_what_another_key_signed_is_refused() -> None:
    lying, begun = Lying(key=OTHER), Begun()
    async with listening(lying) as provider:
        lying.claims = good(lying, begun)
        with pytest.raises(WrongError):
            await provider.subject(begun, "a code", BACK)


async def test_one_that_says_it_is_another_is_not_asked() -> None:
    lying = Lying()
    async with listening(lying) as provider:
        lying.issuer = "http://elsewhere.example"
        with pytest.raises(ProviderAwayError):
            await provider.address(Begun(), BACK)
    with pytest.raises(ProviderAwayError):
        await provider.address(Begun(), BACK)


async def test_nobody_is_signed_in_by_a_link_that_was_sent_to_them(
    nats: Client, database: Engine
) -> None:
    """As whoever made it: what comes back has to belong to what this browser began."""
    lying = Lying()
    async with (
        listening(lying) as provider,
        promotion_site(nats, database, provider=provider) as site,
        site.client() as visitor,
    ):
        answer = await begins(visitor)
        begun = Begun(*unsigned(visitor))
        lying.claims = good(lying, begun)
        back = "/staff/provider/back?code=x&state="
        for state in ("", "of-another-visit"):
            assert (await visitor.get(back + state)).status_code == 403
        assert not await is_in(visitor)
        async with site.client() as other:
            assert (await other.get(back + begun.state)).status_code == 403
        answer = await visitor.get(back + begun.state)
        assert answer.status_code == 200
        assert await is_in(visitor)
        assert "pia" in (await visitor.get("/me")).text


async def test_whoever_comes_back_with_nothing_is_slowed_down_and_has_to_begin_anew(
    nats: Client, database: Engine
) -> None:
    """And we ask the provider no more for it; who is of the same network waits for seconds."""
    lying = Lying()
    async with (
        listening(lying) as provider,
        promotion_site(nats, database, provider=provider) as site,
        site.client() as visitor,
    ):
        tried = []
        for _ in range(8):
            await begins(visitor)
            begun = Begun(*unsigned(visitor))
            lying.claims = good(lying, begun, sub="somebody")
            answer = await visitor.get(f"/staff/provider/back?code=x&state={begun.state}")
            tried.append(answer.status_code)
            assert ("tribune_provider" in visitor.cookies) == (answer.status_code == 429)
        assert tried[:4] == [403] * 4
        assert tried[4:] == [429] * 4
        assert len(lying.asked) == 4
        assert 1 <= int(answer.headers["Retry-After"]) <= 5


async def begins(visitor: httpx.AsyncClient) -> httpx.Response:
    answer = await visitor.get("/staff/provider", follow_redirects=False)
    assert answer.status_code == 303
    return answer


def unsigned(visitor: httpx.AsyncClient) -> list[str]:
    """What the cookie says, which its signature only keeps from being changed."""

    text = visitor.cookies["tribune_provider"].strip('"').split(".")[0]
    found = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert all(re.fullmatch(r"[\w-]+", each) for each in found)
    return list(found)
