"""What is in the images of the services, and what is not."""

import json

import pytest
from composed import PROGRAMS, SERVICES, Composed

from deploy.locks.secret_files import MADE

pytestmark = pytest.mark.compose

UP = ["docker", "compose", "up", "--no-deps", "--force-recreate", "--detach"]
NEEDS = {
    "postgres": ("postgres_password", *(f"database_passwords__{each}" for each in SERVICES)),
    "intake": ("digest_key", "web_key"),
    "promotion": ("signing_key", "oidc_client_secret"),
    "gate": ("release_key",),
}
MOST_ADDED = 396_000_000
"""Of which 28 million are what people sign in with, and NATS's keys, 96 million what finds the
place of a point (shapely with numpy) and like words, 15 million the holidays of the world, 28
million what cleans files (Pillow with its decoders 23, pypdf 5), and 88 million what draws charts
(vl-convert, with a V8 in it)."""
LIST_CODE = "find /app /venv -not -name '*.pyc' -not -name __pycache__"


def _size(suite: Composed, image: str) -> int:
    return int(json.loads(suite.run("docker", "image", "inspect", image))[0]["Size"])


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_is_small_and_holds_one_service_and_no_tool(suite: Composed, service: str) -> None:
    image = f"tribune-{service}:0.1.0"
    added = _size(suite, image) - _size(suite, "python:3.11-slim")
    print(f"{image} adds {added / 1e6:.0f} MB")
    assert added < MOST_ADDED

    inside = ["docker", "run", "--rm", "--entrypoint", "sh", image, "-c"]
    files = suite.run(*inside, LIST_CODE).splitlines()
    assert f"/app/services/{service}/app.py" in files
    for other in set(SERVICES) - {service}:
        assert not [file for file in files if f"/services/{other}" in file]
    for unwanted in ("/app/tests", "/app/shared/testing", "/app/deploy/data", "/app/.env"):
        assert not [file for file in files if file.startswith(unwanted)]
    for tool in ("nats-server", "pip", "gcc", "pytest", "mypy"):
        assert f"/venv/bin/{tool}" not in files
    assert suite.run(*inside, "command -v gcc cc make nats-server || true") == ""


def test_services_run_read_only_without_root_and_without_capabilities(suite: Composed) -> None:
    suite.compose("up", "--detach", "--wait")
    given = (suite.clone / ".env").read_text().splitlines()
    (whose,) = (line for line in given if line.startswith("TRIBUNE_USER="))
    user = whose.removeprefix("TRIBUNE_USER=").partition(":")[0]
    assert user != "0"
    for service in PROGRAMS:
        facts = suite.inspect(service)
        assert facts["HostConfig"]["ReadonlyRootfs"]
        assert facts["HostConfig"]["CapDrop"] == ["ALL"]
        assert "no-new-privileges:true" in facts["HostConfig"]["SecurityOpt"]
        assert facts["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
        assert suite.compose("exec", "-T", service, "id", "-u").strip() == user
        tried = "touch /app/x 2>/dev/null || touch /data/x 2>/dev/null || echo refused"
        assert suite.compose("exec", "-T", service, "sh", "-c", tried).strip() == "refused"


def test_only_the_gate_has_the_release_key_and_an_account_that_reads_reports(
    suite: Composed,
) -> None:
    suite.compose("up", "--detach", "--wait")
    for service in PROGRAMS:
        files = suite.compose("exec", "-T", service, "ls", "/run/secrets").split()
        assert ("release_key" in files) == (service == "gate"), service
    files = suite.compose("exec", "-T", "publishing", "ls", "/run/secrets").split()
    assert [each for each in files if each.startswith("nats-")] == ["nats-ca", "nats-publishing"]


@pytest.mark.deep
def test_without_its_secrets_and_keys_it_does_not_start(suite: Composed) -> None:
    """None has a default that would work."""
    suite.compose("stop")
    for name in (*MADE, "oidc_client_secret"):
        file = suite.clone / "keys" / "secrets" / name
        aside = file.rename(file.with_suffix(".aside"))
        needs = next(service for service, of in NEEDS.items() if name in of)
        try:
            said = suite.run_saying(*UP, needs, code=1)
        finally:
            aside.rename(file)
        assert name in said
    suite.compose("up", "--detach", "--wait")
    try:
        suite.run("env", "TRIBUNE_USER=", "docker", "compose", "config", "--quiet")
    except AssertionError as error:
        assert "run tribune init" in str(error)
    else:
        pytest.fail("compose goes on without TRIBUNE_USER")
