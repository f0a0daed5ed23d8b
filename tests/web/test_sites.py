"""The services of an instance are one site: on three ports of a host, or behind one origin."""

from pathlib import Path

import pytest
from framed import HOUSE, framed, visiting
from pydantic import ValidationError

from shared.runtime.settings import Settings
from shared.web.condition import Condition
from shared.web.frame import Frame
from shared.web.sites import Sites

ORIGIN = {
    "publishing": "https://tribune.example",
    "intake": "https://tribune.example/intake/",
    "promotion": "",
}


HERE = {
    "publishing": "http://192.0.2.7:8000",
    "intake": "http://192.0.2.7:8001",
    "promotion": "http://192.0.2.7:8002",
}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "<script>", ""])
@pytest.mark.parametrize("path", ["/", "/nothing", "/api", "/robots.txt", "/to/intake"])
async def test_what_a_reader_says_of_the_host_is_nowhere_repeated(path: str, host: str) -> None:
    app = framed(frame=Frame(HOUSE, "publishing", Sites("publishing", HERE)))
    async with visiting(app) as visitor:
        answer = await visitor.get(path, headers={"Host": host})
    said = f"{answer.headers} {answer.text}"
    assert "evil.example" not in said
    assert "<script>" not in said
    assert "tribune.test" not in said
    assert answer.status_code == (404 if path in ("/nothing", "/to/intake") else 200)


def test_links_are_addresses_and_our_own_pages_need_none() -> None:
    links = {link.service: link.address for link in Sites("intake", HERE).links()}
    assert links == {
        "publishing": "http://192.0.2.7:8000/",
        "intake": "/",
        "promotion": "http://192.0.2.7:8002/",
    }
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
    for address in ("https://tribune.example", "http://192.0.2.7:8000", ""):
        sites = Sites(service, HERE | {"publishing": address})
        frame = Frame(HOUSE, service, sites)
        frame.take_in(Path(__file__).parents[2] / "services" / service / "site")
        page = frame.rendered("front.html", condition=Condition())
        assert f"<h1>{service.capitalize()}</h1>" in page
        assert page.count("What is public") == bool(address)


def test_a_service_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="there is no service inbox"):
        Settings(_env_file=None, sites={"inbox": ":8001"})


def test_ports_are_those_of_the_public_address() -> None:
    usual = Settings(_env_file=None).sites_for("intake")
    assert usual.addresses["promotion"] == "http://127.0.0.1:8002"
    given = Settings(
        _env_file=None,
        public_url="https://tribune.example",
        sites={"intake": ":9001", "promotion": "", "publishing": "https://elsewhere.example/there"},
    )
    sites = given.sites_for("intake")
    assert (sites.base, sites.is_secure) == ("https://tribune.example:9001/", True)
    assert [link.address for link in sites.links()] == ["https://elsewhere.example/there/", "/"]


@pytest.mark.parametrize(
    "given",
    [
        *("", "tribune.example", "ftp://x", "https://x:80", "https://x/there", "https://a@x"),
        *("https://x?", "https://x/#", "https://[::1", "https://x y", "javascript:x", "https://"),
    ],
)
def test_what_is_no_host_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError, match="is no scheme with a host"):
        Settings(_env_file=None, public_url=given)
