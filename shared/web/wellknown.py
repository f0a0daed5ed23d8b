"""What every site is asked for besides its pages: robots.txt, and security.txt by RFC 9116."""

from datetime import datetime, timedelta
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web.answers import Kept, answer
from shared.web.frame import Frame
from shared.web.now import Now, utc_now

SECURITY = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=180)
"""Longer than anybody keeps it, and under the year that the RFC allows."""

NOT_FOR_ROBOTS = ("/live", "/preferences", "/api/")


def well_known(frame: Frame, now: Now = utc_now) -> list[Route]:
    async def security(request: Request) -> Response:
        if not frame.security_contact:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return answer(request, Kept(_security(frame, now()).encode(), "text/plain"))

    async def robots(request: Request) -> Response:
        return answer(request, Kept(_robots(frame).encode(), "text/plain"))

    return [Route(SECURITY, security), Route("/robots.txt", robots)]


def _security(frame: Frame, now: datetime) -> str:
    """It expires on a day, so that it stays the same all day long."""
    expires = now.replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
    lines = {
        "Contact": frame.security_contact,
        "Expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": ", ".join(dict.fromkeys((frame.language.tag, "en"))),
    }
    if (base := frame.sites.base).startswith("http"):
        lines["Canonical"] = base.rstrip("/") + SECURITY
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def _robots(frame: Frame) -> str:
    """Pages that say how a service does are nobody's to find."""
    closed = NOT_FOR_ROBOTS if frame.sites.is_front else ("/",)
    lines = [f"Disallow: {frame.sites.root}{path}" for path in closed]
    there = frame.sitemap and "://" in frame.sites.base
    found = ["", f"Sitemap: {frame.sites.base}{frame.sitemap}"] if there else []
    return "\n".join(["User-agent: *", *lines, *found, ""])
