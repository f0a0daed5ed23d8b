"""The services and the gate as they are put together, in this process, and people who come to
their doors."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.routing import Route

from services.promotion.signing.keyring import Keyring
from shared.runtime.runtime import Runtime
from shared.web.app import WebApp
from shared.web.now import utc_now
from shared.web.session_signer import SessionSigner
from shared.web.sessions import Session, begun

BASE = "http://127.0.0.1:8002"
KEY = "the signing key of tests for doors alone"
STAFF = {
    "ana": "operator",
    "ben": "operator",
    "edo": "editor",
    "eva": "editor",
    "ina": "inspector",
    "pla": "placer",
    "aud": "auditor",
}


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
        """How far the logs are that pages write into, together."""
        jetstream = self.runtimes["promotion"].client.jetstream()
        logs = [await jetstream.stream_info(name) for name in ("INTAKE", "PROMOTION")]
        return sum(log.state.last_seq for log in logs)


def _now(session: Session, at: datetime) -> Session:
    return begun(session.login_id, session.holder, session.who, at)


def _routes(routes: Any) -> Iterator[tuple[str, frozenset[str]]]:
    for route in routes:
        if isinstance(route, Route) or hasattr(route, "methods"):
            yield route.path, frozenset(route.methods or ())
        else:
            yield from _routes(getattr(route, "routes", None) or route.original_router.routes)
