"""What sites are asked for besides pages: where holes are told, what robots may read, and HSTS."""

from datetime import UTC, datetime, timedelta

import pytest
from framed import HOUSE, framed, visiting
from pydantic import ValidationError

from shared.runtime.settings import Settings
from shared.web.frame import Frame
from shared.web.sites import Sites

SITES = {"publishing": "https://tribune.example", "intake": "https://tribune.example/intake"}
CONTACT = "mailto:holes@tribune.example"
SECURITY = "/.well-known/security.txt"


def frame(service: str = "publishing", contact: str = CONTACT, **sites: str) -> Frame:
    return Frame(HOUSE, service, Sites(service, SITES | sites), security_contact=contact)


async def test_whoever_finds_a_hole_learns_whom_to_tell() -> None:
    async with visiting(framed(frame())) as visitor:
        answer = await visitor.get(SECURITY)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.fromisoformat(lines.pop("Expires"))
    assert timedelta(days=100) < expires - datetime.now(UTC) < timedelta(days=365)
    assert lines == {
        "Contact": CONTACT,
        "Preferred-Languages": "en",
        "Canonical": f"https://tribune.example{SECURITY}",
    }


async def test_where_nobody_was_named_there_is_none() -> None:
    async with visiting(framed(frame(contact=""))) as visitor:
        assert (await visitor.get(SECURITY)).status_code == 404


@pytest.mark.parametrize("given", ["holes@tribune.example", "http://x", "mailto:", "mailto:a\nb"])
def test_what_is_no_contact_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError, match="is neither mailto"):
        Settings(_env_file=None, security_contact=given)
    assert Settings(_env_file=None, security_contact=CONTACT).security_contact == CONTACT


async def test_robots_read_what_is_public_and_not_how_services_do() -> None:
    async with visiting(framed(frame())) as visitor:
        told = (await visitor.get("/robots.txt")).text
        assert told.splitlines()[:2] == ["User-agent: *", "Disallow: /live"]
        assert "Disallow: /\n" not in told
    async with visiting(framed(frame("intake"))) as visitor:
        told = (await visitor.get("/intake/robots.txt")).text
        assert told == "User-agent: *\nDisallow: /intake/\n"


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/broken"])
async def test_who_came_by_https_stays_there(path: str) -> None:
    async with visiting(framed(frame())) as visitor:
        secured = (await visitor.get(path)).headers
    async with visiting(framed(frame(publishing="http://tribune.example"))) as visitor:
        plain = (await visitor.get(path)).headers
    assert secured["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in plain
