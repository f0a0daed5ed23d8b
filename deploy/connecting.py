"""Finds a command's suite: a running one, or one at rest whose log is opened for the moment."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nats.errors import Error as NatsError
from pydantic import SecretStr

from deploy.embedded import Suite, is_running, running
from deploy.embedded.disk import free
from deploy.folders import SUITE_DIR
from deploy.meant import elsewhere, settings_of, start_of
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client, connect, follow_address
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.eventsourcing.jetstream.tls import distrusted, is_distrust
from shared.runtime.charter import read_charter
from shared.runtime.door_settings import PORTS
from shared.runtime.monitoring import LEAST_ROOM
from shared.runtime.settings import Settings
from shared.runtime.sizes import in_words

OPERATOR, SETUP = "operator", "setup"
"""The users of NATS that commands connect as: who looks, and who changes streams and keys."""

BY_URL = (
    "TRIBUNE_NATS_URL names it, in the environment or .env: start the suite there, name another"
    " address, or name a suite's folder with --data-dir"
)


class NoSuiteError(Exception):
    pass


class NatsAwayError(Exception):
    """NATS does not answer, or does not let us in; the address is told without credentials."""


@dataclass(frozen=True)
class Connected:
    """`where` names the suite in words, `data_dir` is its folder if it has one; `services_run` is
    false when only the log could be opened; `codec` opens what we may read; `refuses` are the
    processes that ended for good, each with its reason. `address` is where NATS is by now, which
    begins again at another port; empty where nobody knows."""

    client: Client
    settings: Settings
    services_run: bool
    where: str = "the suite"
    data_dir: Path | None = None
    codec: Codec = PLAIN
    refuses: Mapping[str, str] = field(default_factory=dict)
    address: Callable[[], str] = str

    @property
    def inboxes(self) -> dict[str, InboxLimits]:
        """What each may hold, as the charter at hand has it. Raises CharterError."""
        return read_charter(self.settings.charter_dir).inboxes(self.settings.inbox_limits)


@asynccontextmanager
async def connected(
    given: Path | None, user: str = OPERATOR, *, services: bool = False
) -> AsyncIterator[Connected]:
    """The suite in the folder that is given; else the one that TRIBUNE_NATS_URL names, in the
    environment or `.env`; else the one in the usual folder. Its `services` may be needed, too.

    As one of the suite's own users. Raises NoSuiteError, saying what to do, where there is nothing
    to connect to.
    """
    settings = Settings()
    if given is None and "nats_url" in settings.model_fields_set:
        url = settings.nats_url.get_secret_value()
        async with _client(url, settings, user, BY_URL) as client:
            where = f"the suite at {address_of(url)}"
            yield Connected(client, settings, services_run=True, where=where)
        return
    async with _in_folder(given or SUITE_DIR, user, services=services) as suite:
        yield suite


@asynccontextmanager
async def _in_folder(data_dir: Path, user: str, *, services: bool) -> AsyncIterator[Connected]:
    """A `.env` describes another suite, so it is not asked."""
    settings = settings_of(data_dir)
    where, note = f"the suite in {data_dir}", data_dir / "suite.json"
    if note.exists() and is_running(data_dir):
        facts = json.loads(note.read_text())
        settings.nats_monitor_url = facts.get("monitor_url", "")
        settings.sites = _sites_in(facts) | settings.sites
        try:
            settings.nats_url = SecretStr(str(facts["nats_url"]))
            url, to_do = str(facts["nats_url"]), _of_folder(data_dir)
            async with _client(url, settings, user, to_do) as client:
                follow_address(client, address := partial(_address_in, note))
                yield Connected(
                    client,
                    settings,
                    services_run=True,
                    where=where,
                    data_dir=data_dir,
                    refuses=facts.get("refuses", {}),
                    address=address,
                )
        except NatsAwayError as error:
            raise NatsAwayError(_why_held_back(data_dir / "nats") or str(error)) from error
    elif not (data_dir / "nats").exists():
        raise NoSuiteError(
            f"there is no suite in {data_dir}; {elsewhere(data_dir)}start one with `tribune up` or"
            " docker compose, name its folder with --data-dir, or set TRIBUNE_NATS_URL"
        )
    elif services:
        raise NoSuiteError(
            f"{where} does not run, so nobody would answer; start it with `{start_of(data_dir)}`"
        )
    else:
        suite = Suite(data_dir, settings.charter_dir, services=())
        to_do = _of_folder(data_dir)
        async with running(suite), _client(suite.nats_url, settings, user, to_do) as client:
            settings.nats_url = SecretStr(suite.nats_url)
            settings.nats_monitor_url = suite.monitor_url
            yield Connected(client, settings, services_run=False, where=where, data_dir=data_dir)


def _address_in(note: Path) -> str:
    """Nothing while it is not there: it goes when the suite ends, and comes when it begins."""
    try:
        return str(json.loads(note.read_text())["nats_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _sites_in(facts: Mapping[str, Any]) -> dict[str, str]:
    """At the ports that its first processes have, which may be others than the usual ones."""
    ports = facts.get("ports", {})
    return {name: f":{ports[first]}" for name in PORTS if (first := f"{name}-1") in ports}


def _of_folder(data_dir: Path) -> str:
    return (
        f"It is that of {data_dir}, and just starting or ending; {data_dir / 'nats.log'} has more"
    )


def _why_held_back(store: Path) -> str:
    if (left := free(store)) >= LEAST_ROOM:
        return ""
    return (
        f"NATS does not run: the disk of {store} is full, {in_words(left)} are free. Make room;"
        f" once there are {in_words(LEAST_ROOM)}, `tribune up` starts it by itself"
    )


def one_more(settings: Settings, user: str = OPERATOR) -> AbstractAsyncContextManager[Client]:
    """Another connection to the suite that these settings of somebody `connected` name."""
    url = settings.nats_url.get_secret_value()
    return _client(url, settings, user, BY_URL)


@asynccontextmanager
async def _client(url: str, settings: Settings, user: str, to_do: str) -> AsyncIterator[Client]:
    """A server that is not there is told at once; one that goes away meanwhile is waited for."""
    credentials, authority = settings.credentials(user), settings.authority
    try:
        client = await connect(url, "tribune-cli", credentials, authority=authority, once=True)
    except (NatsError, OSError, TimeoutError, ValueError) as error:
        raise NatsAwayError(_why(url, error, to_do)) from error
    try:
        yield client
    finally:
        await client.close()


def _why(url: str, error: Exception, to_do: str) -> str:
    if "authorization" in str(error).lower():
        return f"NATS at {address_of(url)} refuses the credentials that it is given"
    if is_distrust(error):
        return f"NATS at {address_of(url)} {distrusted(error)}"
    reason = (str(error) or type(error).__name__).removeprefix("nats: ")
    return f"NATS does not answer at {address_of(url)}: {reason}. {to_do}"


def address_of(url: str) -> str:
    """Host and port of an address, without credentials."""
    parts = urlsplit(url)
    return f"{parts.hostname or '?'}:{parts.port or 4222}"
