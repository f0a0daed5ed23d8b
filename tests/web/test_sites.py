"""The services of an instance are one site: on three ports of a host, or behind one origin."""

from pathlib import Path

import httpx
import pytest
from framed import HOUSE, framed, visiting
from pydantic import ValidationError

from shared.runtime.settings import Settings
from shared.web.condition import Condition
from shared.web.frame import Frame
from shared.web.sites import Sites

PORTS = {"publishing": ":8000", "intake": ":8001", "promotion": ":8002"}
ORIGIN = {
    "publishing": "https://tribune.example",
    "intake": "https://tribune.example/intake/",
    "promotion": "",
}


async def lead(to: str, *, base: str = "http://tribune.test:8000") -> httpx.Response:
    app = framed(frame=Frame(HOUSE, "publishing", Sites("publishing", PORTS)))
    async with visiting(app, base) as visitor:
        return await visitor.get(f"/to/{to}")


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("http://tribune.test:8000", "http://tribune.test:8001/"),
        ("http://192.0.2.7", "http://192.0.2.7:8001/"),
        ("http://[2001:db8::7]:8000", "http://[2001:db8::7]:8001/"),
    ],
)
async def test_a_port_is_one_of_the_host_that_the_reader_came_by(base: str, found: str) -> None:
    answer = await lead("intake", base=base)
    assert (answer.status_code, answer.headers["location"]) == (307, found)
    assert answer.headers["cache-control"] == "no-store"


async def test_nobody_is_led_to_what_is_no_service() -> None:
    for name in ("nothing", "intake/more", "%2e%2e", "intake%0d%0aX:y"):
        assert (await lead(name)).status_code == 404


@pytest.mark.parametrize("host", ["evil.example/x?", "a@evil.example", "evil\\x", "<script>", ""])
async def test_what_is_no_host_leads_nowhere_else(host: str) -> None:
    app = framed(frame=Frame(HOUSE, "publishing", Sites("publishing", PORTS)))
    async with visiting(app) as visitor:
        answer = await visitor.get("/to/intake", headers={"Host": host})
    assert answer.headers["location"] == "http://tribune.test:8001/"


def test_links_are_addresses_where_they_are_known_and_ports_else() -> None:
    links = {link.service: link.address for link in Sites("intake", PORTS).links()}
    assert links == {"publishing": "/to/publishing", "intake": "/", "promotion": "/to/promotion"}
    behind = Sites("intake", ORIGIN)
    links = {link.service: link.address for link in behind.links()}
    assert links == {"publishing": "https://tribune.example/", "intake": "/intake/"}
    assert (behind.home, behind.is_secure) == ("https://tribune.example/", True)
    assert [link.service for link in behind.links() if link.is_here] == ["intake"]


@pytest.mark.parametrize("path", ["/intake/nothing", "/nothing"])
async def test_under_a_path_it_works_whether_the_proxy_takes_that_off_or_not(path: str) -> None:
    app = framed(frame=Frame(HOUSE, "intake", Sites("intake", ORIGIN)))
    async with visiting(app, "https://tribune.example") as visitor:
        page = await visitor.get(path)
        assert page.status_code == 404
        (style,) = {part for part in page.text.split('"') if part.endswith("frame.css")}
        assert style.startswith("/intake/static/")
        assert (await visitor.get(style)).status_code == 200
        assert (await visitor.get(style.removeprefix("/intake"))).status_code == 200
        assert (await visitor.get("/intake/healthz")).json() == {"status": "alive"}
        wrong = await visitor.get(path.replace("nothing", "api/nothing"))
        assert wrong.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        *("8001", ":80x", ":0", ":99999", ":8001/intake", "//tribune.example", "ftp://x"),
        *("javascript:x", "https://", "https://:443", "https://x:0", "https://x:99999"),
        *("https://x:", "https://[::1", "https://[x]", "https://x y", "https://x/a b"),
        *("https://ann:sesame@x", "https://sesame@x/intake", "https://x\\@sesame"),
        *("https://x/?a=1", "https://x/?", "https://x/#a", "https://x/#", "https://x?"),
        *("https://x//intake", "https://x/../intake", "https://x/%2e%2e", "https://x/\n"),
    ],
)
def test_what_is_no_address_of_a_site_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="is no address of a site: https://") as refused:
        Settings(_env_file=None, sites={"intake": address})
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        *("", ":8001", ":65535", "https://tribune.example", "http://192.0.2.7:8001/"),
        *("https://[2001:db8::7]:8443/a_b/intake-1.0~/", "HTTPS://Tribune.Example/intake"),
    ],
)
def test_addresses_as_readers_have_them_are_taken(address: str) -> None:
    Settings(_env_file=None, sites={"intake": address})


@pytest.mark.parametrize("service", ["intake", "promotion"])
def test_a_front_page_leads_to_what_is_public_where_that_is_linked(service: str) -> None:
    for address in ("https://tribune.example", ":8000", ""):
        sites = Sites(service, {"publishing": address, "intake": ":8001", "promotion": ":8002"})
        frame = Frame(HOUSE, service, sites)
        frame.take_in(Path(__file__).parents[2] / "services" / service / "site")
        page = frame.rendered("front.html", condition=Condition())
        assert f"<h1>{service.capitalize()}</h1>" in page
        assert page.count("What is public") == bool(address)


def test_a_service_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="there is no service inbox"):
        Settings(_env_file=None, sites={"inbox": ":8001"})


def test_without_settings_each_service_is_at_its_usual_port() -> None:
    assert dict(Settings(_env_file=None).sites_for("intake").addresses) == PORTS
