"""Who reaches whom, what is said in plain, and what each container may take of the machine."""

import json
import ssl
import stat
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener, urlopen

import pytest
from composed import CONTAINERS, PROGRAMS, SERVICES, Composed

from deploy.locks.secret_files import MADE

pytestmark = pytest.mark.compose

EVERYBODY = (*CONTAINERS, "edge")
TRIED = """
import socket, sys
for target in sys.argv[1:]:
    host, port = target.split(":")
    try:
        socket.create_connection((host, int(port)), 3).close()
        print(target)
    except OSError:
        pass
"""
TRIED_BY_SHELL = (
    'for target in {}; do timeout 3 bash -c "</dev/tcp/$target" 2>/dev/null && echo $target; done;'
    " true"
)


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture
def up(suite: Composed) -> Composed:
    suite.compose("up", "--detach", "--wait")
    return suite


def _reached(suite: Composed, service: str, *targets: str) -> set[str]:
    found = suite.compose("exec", "-T", service, "python", "-c", TRIED, *targets)
    return set(found.split())


def test_services_reach_the_log_and_the_rows(up: Composed) -> None:
    inner = ("nats:4222", "nats:8222", "postgres:5432")
    for service in SERVICES:
        assert _reached(up, service, *inner) == set(inner)


def test_the_edge_reaches_pages_and_websockets_alone(up: Composed) -> None:
    """Whoever has broken into it finds neither the log's own door nor a database."""
    targets = [f"nats/{port}" for port in (8080, 4222, 8222)]
    targets += ["nats-log/4222", "postgres/5432", "inner/8100", "gate/8100"]
    targets += [f"{service}/{port}" for service in SERVICES for port in (8000, 8100)]
    tried = TRIED_BY_SHELL.format(" ".join(targets))
    reached = set(up.compose("exec", "-T", "edge", "bash", "-c", tried).split())
    assert reached == {"nats/8080", *(f"{service}/8000" for service in SERVICES)}


def test_inner_doors_are_on_the_network_of_the_log_alone(up: Composed) -> None:
    """Readiness and figures tell of confidential reports; who watches sits on that network."""
    for program in PROGRAMS:
        assert _reached(up, program, "127.0.0.1:8100") == set()
    inside = "import json, socket; print(json.dumps(socket.gethostbyname_ex('inner')[2]))"
    found = json.loads(up.compose("exec", "-T", "intake", "python", "-c", inside))
    assert len(found) == len(PROGRAMS)
    assert len(_reached(up, "intake", *(f"{address}:8100" for address in found))) == len(PROGRAMS)


def test_the_rows_find_neither_the_log_nor_the_edge_and_the_log_no_rows(up: Composed) -> None:
    tried = TRIED_BY_SHELL.format("nats/4222 nats/8080 edge/8000")
    assert up.compose("exec", "-T", "postgres", "bash", "-c", tried) == ""
    found = 'for host in postgres edge; do nslookup "$host" >/dev/null 2>&1 && echo "$host"; done'
    assert up.compose("exec", "-T", "nats", "sh", "-c", f"{found}; true").split() == ["edge"], (
        "which comes to it"
    )


def test_what_is_within_leads_nowhere_else(up: Composed) -> None:
    """From these networks nothing goes out; promotion alone has one to its OpenID provider."""
    project = up.environment["COMPOSE_PROJECT_NAME"]
    names = [f"{project}_{name}" for name in ("doors", "sockets", "log", "rows")]
    for network in json.loads(up.run("docker", "network", "inspect", *names)):
        masquerades = network["Options"].get("com.docker.network.bridge.enable_ip_masquerade")
        assert network["Internal"] or masquerades == "false", network["Name"]
    out = {
        container: set(up.inspect(container)["NetworkSettings"]["Networks"]) - set(names)
        for container in EVERYBODY
    }
    assert {container for container, others in out.items() if others} == {"promotion", "edge"}


def test_pages_come_by_tls_and_plain_http_leads_there(up: Composed) -> None:
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"https://127.0.0.1:{up.ports['SITE']}/", timeout=30)
    for name in ("SITE", "INTAKE", "PROMOTION"):
        for host in ("127.0.0.1", "localhost"):
            with up.get(f"https://{host}:{up.ports[name]}/") as answer:
                assert answer.status == 200
                assert "strict-transport-security" not in answer.headers, "it is nobody's else"
                assert "alt-svc" not in answer.headers
    page = f"https://127.0.0.1:{up.ports['SITE']}/places?rows=50"
    for port in ("SITE", "HTTP"):
        plain = page.replace("https:", "http:").replace(str(up.ports["SITE"]), str(up.ports[port]))
        with pytest.raises(HTTPError) as led:
            build_opener(_Stays).open(Request(plain), timeout=30)  # noqa: S310
        assert (led.value.code, led.value.headers["location"]) == (308, page)


def test_it_speaks_no_old_tls(up: Composed) -> None:
    old = up.trust
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((URLError, ssl.SSLError)):
        build_opener(HTTPSHandler(context=old)).open(f"https://127.0.0.1:{up.ports['SITE']}/")


def test_nats_is_reached_by_tls_alone_and_says_what_to_trust(up: Composed) -> None:
    assert "NATS's certificate is good until 20" in up.tribune("status")
    env = (up.clone / ".env").read_text()
    creds = up.clone / "keys" / "creds" / "operator.creds"
    url = f"tls://127.0.0.1:{up.ports['NATS']}"
    outside = ["env", f"TRIBUNE_NATS_URL={url}", f"TRIBUNE_NATS_CREDENTIALS={creds}"]
    try:
        (up.clone / ".env").rename(up.clone / ".env.aside")
        said = up.run_saying(*outside, *up.command("status"), code=4)
    finally:
        (up.clone / ".env.aside").rename(up.clone / ".env")
    assert "TRIBUNE_NATS_CA names the file to trust" in said
    assert (up.clone / ".env").read_text() == env


def test_no_secret_is_in_an_environment_or_in_the_file_of_it(up: Composed) -> None:
    secrets = [(up.clone / "keys" / "secrets" / name).read_text() for name in MADE]
    said = (up.clone / ".env").read_text() + up.compose("--profile", "tools", "config")
    for container in EVERYBODY:
        said += json.dumps(up.inspect(container))
    assert [secret for secret in secrets if secret in said] == []
    for container, own in (
        ("intake", {"digest_key", "web_key", "database_passwords__intake"}),
        (
            "promotion",
            {"credential_key", "signing_key", "web_key", "database_passwords__promotion"},
        ),
    ):
        seen = set(up.compose("exec", "-T", container, "ls", "/run/secrets").split())
        assert seen & set(MADE) == own


def test_nothing_runs_as_root_and_everything_has_limits(up: Composed) -> None:
    for container in EVERYBODY:
        facts = up.inspect(container)
        if container != "postgres":
            assert not facts["Config"]["User"].startswith("0"), container
        inside = ["exec", "-T", container, "sh", "-c"]
        assert up.compose(*inside, "id -u").strip() != "0", container
        host = facts["HostConfig"]
        assert host["ReadonlyRootfs"]
        assert 0 < host["Memory"] <= 3 * 2**30
        assert host["NanoCpus"] > 0
        assert host["PidsLimit"] == 200
        assert stat.S_IMODE((up.clone / "keys").stat().st_mode) == 0o700


def test_our_images_say_what_they_are(up: Composed) -> None:
    for name in (*SERVICES, "tools"):
        image = json.loads(up.run("docker", "image", "inspect", f"tribune-{name}:0.1.0"))[0]
        labels = image["Config"]["Labels"]
        assert labels["org.opencontainers.image.title"] == f"tribune-{name}"
        assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
        sbom = labels["io.tribune.sbom"]
        read = ["docker", "run", "--rm", "--entrypoint", "cat", f"tribune-{name}:0.1.0", sbom]
        parts = {part["name"] for part in json.loads(up.run(*read))["components"]}
        assert {"nats-py", "fastapi", "cryptography"} <= parts
