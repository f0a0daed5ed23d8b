"""The edge believes no reader about whose address it is, also none of a private network."""

import re
from ipaddress import ip_network
from pathlib import Path

EDGE, COMPOSE = Path("deploy/edge/Caddyfile"), Path("docker-compose.yml")


def test_whom_the_edge_trusts_its_operator_says() -> None:
    assert re.findall(r"trusted_proxies (.*?) #", EDGE.read_text()) == ["static {$TRUSTED}"]


def test_by_default_that_is_nobody_who_can_come() -> None:
    (usual,) = re.findall(r"TRUSTED: \$\{TRIBUNE_EDGE_TRUSTS:-([^}]+)\}", COMPOSE.read_text())
    assert all(ip_network(each).is_loopback for each in usual.split())
