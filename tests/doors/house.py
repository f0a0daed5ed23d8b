"""The three services as they are put together, in this process, and people who come to their
doors."""

import asyncio
import json
import os
from base64 import b32decode, urlsafe_b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from pydantic import SecretStr
from starlette.routing import Route
from visiting import GOOD, TOKEN, code_of, filled, is_in, sent, signed_out, signed_up, until_shown

import services.intake.app
import services.promotion.app
import services.publishing.app
from services.promotion.signing.codes import hashed_word, new_word
from services.promotion.signing.keyring import Keyring
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime.foundation import foundation
from shared.runtime.private import keep_private
from shared.runtime.runtime import Runtime
from shared.runtime.service import apps
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer
from shared.web.app import WebApp
from shared.web.sessions import Session, SessionSigner, begun, utc_now

COMPOSED = {
    "intake": services.intake.app.compose,
    "promotion": services.promotion.app.compose,
    "publishing": services.publishing.app.compose,
}
BASE = "http://127.0.0.1:8002"
KEY = "the signing key of tests for doors alone"
STAFF = {
    "ana": "operator",
    "ben": "operator",
    "eva": "editor",
    "ina": "inspector",
    "pla": "placer",
    "aud": "auditor",
}
WITHIN_S = 60.0


@dataclass
class House:
    """`doors` by service and name; `logins` and `holders` of who has signed in once."""

    runtimes: dict[str, Runtime]
    doors: dict[tuple[str, str], WebApp]
    folder: Path
    people: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    visitor: str = ""
    form_token: str = ""
    act: str = ""

    def __post_init__(self) -> None:
        self.keyring = Keyring(KEY.encode())
        self.signer = SessionSigner(self.keyring.session_seed)
        self.promotion = self.doors["promotion", "public"]

    def routes(self) -> dict[tuple[str, str, str], frozenset[str]]:
        """Of all doors, from the applications themselves: their methods."""
        found: dict[tuple[str, str, str], frozenset[str]] = {}
        for (service, door), app in self.doors.items():
            for path, methods in _routes(app.routes):
                key = (service, door, path)
                found[key] = found.get(key, frozenset()) | methods
        return found

    async def ask(
        self,
        where: tuple[str, str],
        method: str,
        path: str,
        token: str = "",
        **given: Any,
    ) -> httpx.Response:
        """With this session, if any, from a browser that has opened a page of ours before."""
        transport = httpx.ASGITransport(self.doors[where], raise_app_exceptions=False)
        cookies = {"tribune_visitor": self.visitor} | ({"tribune_session": token} if token else {})
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        headers |= given.pop("headers", {})
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, headers=headers, **given)

    async def raw(self, where: tuple[str, str], target: str, token: str = "") -> tuple[int, str]:
        """A path that clients would put in order before they ask, as uvicorn hands it on."""
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        path, _, query = target.partition("?")
        headers = [(b"host", b"127.0.0.1:8002"), (b"cookie", f"tribune_session={token}".encode())]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8002),
        }
        await self.doors[where](scope, receive, send)  # type: ignore[arg-type]
        return said[0]["status"], b"".join(each.get("body", b"") for each in said).decode()

    def token_of(self, who: str) -> str:
        """A fresh session, and what some would take for one."""
        now, signed = utc_now(), self.signer.token
        member, ana = (_now(self.sessions[name], now) for name in ("ann", "ana"))
        stranger = SessionSigner(b"a seed of Ed25519 for tests only")
        cookies = self.runtimes["promotion"].frame.cookies
        made = {
            "nobody": "",
            "member": signed(member),
            "forged": signed(ana)[:-6] + "AAAAAA",
            "another instance": stranger.token(ana),
            "another cookie": cookies.signer("x").dumps(ana.login_id),
            "no algorithm": f"eyJhbGciOiJub25lIn0.{signed(ana).split('.')[1]}.",
            "expired": signed(_now(ana, now - timedelta(hours=13))),
            "idle too long": signed(_now(ana, now - timedelta(minutes=31))),
            "from the future": signed(_now(ana, now + timedelta(hours=1))),
            "signed out": signed(self.sessions["signed out"]),
            "closed": signed(_now(self.sessions["closed"], now)),
            "not staff any more": signed(replace(ana, who="zoe")),
        }
        made |= {role: signed(_now(self.sessions[n], now)) for n, role in STAFF.items()}
        made |= {name: signed(_now(self.sessions[name], now)) for name in STAFF}
        return str(made[who])

    async def written(self) -> int:
        """How far the log of promotion is."""
        client = self.runtimes["promotion"].client
        return (await client.jetstream().stream_info("PROMOTION")).state.last_seq


def _now(session: Session, at: datetime) -> Session:
    return begun(session.login_id, session.holder, session.who, at)


def _routes(routes: Any) -> Iterator[tuple[str, frozenset[str]]]:
    for route in routes:
        if isinstance(route, Route) or hasattr(route, "methods"):
            yield route.path, frozenset(route.methods or ())
        else:
            yield from _routes(getattr(route, "routes", None) or route.original_router.routes)


@asynccontextmanager
async def house(server: NatsServer, folder: Path) -> AsyncIterator[House]:
    data, charter = folder / "data", folder / "charter"
    charter.mkdir(parents=True)
    for file in Path("deploy/charter").glob("*.toml"):
        (charter / file.name).write_bytes(file.read_bytes())
    people = "".join(f'[person.{n}]\nname = "{n}"\nroles = ["{r}"]\n' for n, r in STAFF.items())
    (charter / "staff.toml").write_text(f'second_person = ["close-login"]\n{people}')
    before = keep_private(data)
    settings = Settings(
        _env_file=None,
        nats_url=SecretStr(server.url),
        nats_monitor_url=server.monitor_url,
        data_dir=data,
        inbox_max_bytes=2**20,
        charter_dir=charter,
        signing_key=SecretStr(KEY),
        security_contact="mailto:holes@tribune.test",
        oidc_issuer="http://127.0.0.1:9",
        oidc_client_id="tribune",
    )
    runtimes, doors, tasks = {}, {}, []
    async with AsyncExitStack() as ends:
        ends.callback(os.umask, before)
        for name, compose in COMPOSED.items():
            runtime = await ends.enter_async_context(foundation(name, settings, asyncio.Event()))
            assert runtime
            if not runtimes:
                streams = suite_streams(runtime.charter.inboxes(settings.inbox_limits))
                await declare(runtime.client.jetstream(), streams)
            compose(runtime)
            await runtime.broker.start()
            tasks.append(asyncio.create_task(runtime.loops.run()))
            runtimes[name] = runtime
            doors[name, "public"], doors[name, "inner"] = apps(runtime)
        try:
            found = House(runtimes, doors, data)
            await _settle(found, ends)
            yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _settle(found: House, ends: AsyncExitStack) -> None:
    """People join; one was signed out, one's login is closed, and one act waits."""
    for who in ("ann", "bob", "closed", "signed out", *STAFF):
        transport = httpx.ASGITransport(found.promotion)
        visitor = httpx.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True)
        found.people[who] = await ends.enter_async_context(visitor)
    numbers = {who: await signed_up(found.people[who]) for who in ("ann", "bob", "closed")}
    await signed_up(found.people["signed out"])
    for who in STAFF:
        await _joins(found, who)
    found.sessions |= {who: _session_of(found, who) for who in found.people}
    await signed_out(found.people["signed out"], "/sign-out-everywhere")
    ana, ben = found.people["ana"], found.people["ben"]
    for about in ("closed", "bob"):
        fields = {"kind": "close-login", "whom": numbers[about], "reason": f"About {about}"}
        await filled(ana, "/acts/ask", **fields)
        page = await until_shown(ben, "/acts", f"About {about}")
        found.act = page.split('id="act-')[1][:32]
        if about == "closed":
            await filled(ben, "/me", f"/acts/{found.act}/allow")
    async with asyncio.timeout(WITHIN_S):
        while await is_in(found.people["closed"]):
            await asyncio.sleep(0.02)
    page = await found.people["ann"].get("/sign-in")
    form = TOKEN.search(page.text)
    assert form
    found.visitor, found.form_token = found.people["ann"].cookies["tribune_visitor"], form[1]


async def _joins(found: House, who: str) -> None:
    word = new_word()
    asked = f'{{"who": "{who}", "word": "{hashed_word(word)}", "reason": "Begins"}}'
    client, visitor = found.runtimes["promotion"].client, found.people[who]
    await client.request("cmd.promotion.InviteStaff", asked.encode(), timeout=WITHIN_S)
    fields = {"word": word, "fresh": GOOD, "again": GOOD}
    page = await filled(visitor, f"/staff/join?who={who}", "/staff/join", **fields)
    seed = b32decode(page.text.split('id="seed">')[1].split("<")[0].replace(" ", ""))
    await sent(visitor, page, "/staff/code", code=code_of(seed))


def _session_of(found: House, who: str) -> Session:
    token = found.people[who].cookies["tribune_session"]
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    names = ("sub", "holder", "who", "auth_time", "iat")
    return Session(*(claims[name] for name in names))
