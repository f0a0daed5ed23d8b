"""Finds a command's suite: a running one, or one at rest whose log is opened for the moment."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from nats.errors import Error as NatsError
from pydantic import SecretStr

from deploy.embedded import Suite, is_running, running
from deploy.embedded.disk import free
from deploy.embedded.suite import KEYS
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client, connect
from shared.runtime.monitoring import LEAST_ROOM
from shared.runtime.settings import Settings
from shared.runtime.sizes import in_words

OPERATOR = "operator"
SUITE_DIR, DEMO_DIR = Path("var/suite"), Path("var/demo")


class NoSuiteError(Exception):
    pass


class NatsAwayError(Exception):
    """NATS does not answer, or does not let us in; the address is told without credentials."""


@dataclass(frozen=True)
class Connected:
    """`services_run` is false when only the log could be opened; `codec` opens what we may read;
    `refuses` are the processes that ended for good, each with its reason."""

    client: Client
    settings: Settings
    services_run: bool
    codec: Codec = PLAIN
    refuses: Mapping[str, str] = field(default_factory=dict)


@asynccontextmanager
async def connected(given: Path | None, user: str = OPERATOR) -> AsyncIterator[Connected]:
    """The suite in the folder that is given; else the one that TRIBUNE_NATS_URL names, in the
    environment or `.env`; else the one in the usual folder.

    As one of the suite's own users. Raises NoSuiteError, saying what to do, where there is nothing
    to connect to.
    """
    settings = Settings()
    if given is None and "nats_url" in settings.model_fields_set:
        url = settings.nats_url.get_secret_value()
        async with _client(url, settings.credentials(user)) as client:
            yield Connected(client, settings, services_run=True)
        return
    async with _in_folder(given or SUITE_DIR, user) as suite:
        yield suite


@asynccontextmanager
async def _in_folder(data_dir: Path, user: str) -> AsyncIterator[Connected]:
    """A `.env` describes another suite, so it is not asked."""
    settings = Settings(_env_file=None, data_dir=data_dir)
    settings.nats_credentials = None
    if not is_running(data_dir) or (data_dir / KEYS).exists():  # else one of an older version
        settings.keys_dir = data_dir / KEYS
    note = data_dir / "suite.json"
    if note.exists() and is_running(data_dir):
        facts = json.loads(note.read_text())
        settings.nats_monitor_url = facts.get("monitor_url", "")
        try:
            settings.nats_url = SecretStr(str(facts["nats_url"]))
            async with _client(str(facts["nats_url"]), settings.credentials(user)) as client:
                refuses = facts.get("refuses", {})
                yield Connected(client, settings, services_run=True, refuses=refuses)
        except NatsAwayError as error:
            raise NatsAwayError(_why_held_back(data_dir / "nats") or str(error)) from error
    elif (data_dir / "nats").exists():
        suite = Suite(data_dir, settings.charter_dir, services=())
        async with running(suite), _client(suite.nats_url, settings.credentials(user)) as client:
            settings.nats_url = SecretStr(suite.nats_url)
            settings.nats_monitor_url = suite.monitor_url
            yield Connected(client, settings, services_run=False)
    else:
        raise NoSuiteError(
            f"there is no suite in {data_dir}; {_elsewhere(data_dir)}start one with `tribune up` or"
            " docker compose, name its folder with --data-dir, or set TRIBUNE_NATS_URL"
        )


def _elsewhere(data_dir: Path) -> str:
    """Most often it is the demonstration that is meant."""
    if data_dir == DEMO_DIR or not is_running(DEMO_DIR):
        return ""
    return f"the demonstration runs in {DEMO_DIR}, which `--data-dir {DEMO_DIR}` names; else "


def _why_held_back(store: Path) -> str:
    if (left := free(store)) >= LEAST_ROOM:
        return ""
    return (
        f"NATS does not run: the disk of {store} is full, {in_words(left)} are free. Make room;"
        f" once there are {in_words(LEAST_ROOM)}, `tribune up` starts it by itself"
    )


@asynccontextmanager
async def _client(url: str, credentials: Path | None) -> AsyncIterator[Client]:
    """A server that is not there is told at once; one that goes away meanwhile is waited for."""
    try:
        client = await connect(url, "tribune-cli", credentials, once=True)
    except (NatsError, OSError, TimeoutError, ValueError) as error:
        raise NatsAwayError(_why(url, error)) from error
    try:
        yield client
    finally:
        await client.close()


def _why(url: str, error: Exception) -> str:
    parts = urlsplit(url)
    where = f"{parts.hostname or '?'}:{parts.port or 4222}"
    if "authorization" in str(error).lower():
        return f"NATS at {where} refuses the credentials that it is given"
    reason = (str(error) or type(error).__name__).removeprefix("nats: ")
    return f"NATS does not answer at {where}: {reason}"
