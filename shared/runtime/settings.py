"""What every service can be told, from the environment (`TRIBUNE_…`) or a `.env` file."""

import os
import platform
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.charter_models import MaxBytes, MaxMsgSize
from shared.runtime.connections import Crowd
from shared.runtime.open_files import most_connections
from shared.web.addresses import Addresses, networks
from shared.web.fair_share import Share
from shared.web.sites import Sites, is_address, is_host, whole

PROJECT = Path(__file__).parents[2]
NO_ADDRESS = (
    "is no address; in a password, characters such as / : # ? @ and [ are written as %2F, %3A, %23,"
    " %3F, %40 and %5B"
)
PORTS = {"publishing": 8000, "intake": 8001, "promotion": 8002}
INNER_FROM_OUTER = 100
"""How far above a service's port its inner one is."""
CONTACT = re.compile("(mailto:|https://)[!-~]+")
NO_NETWORK = "is no list of networks, such as 10.0.0.0/8, fd00::/8"
NO_SITE = (
    "is no address of a site: https://… with a host, a port up to 65535 and a path if need be, and"
    " nothing else (no user, no question mark, no #); :8001 for a port of public_url; or nothing"
    " for no link"
)

PathIfAny = Annotated[Path | None, BeforeValidator(lambda given: given or None)]
"""Nothing, or an empty text, is none."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="TRIBUNE_",
        env_file=".env",
        extra="ignore",
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    nats_url: SecretStr = Field(
        SecretStr("nats://127.0.0.1:4222"),
        description="NATS server",
    )
    nats_credentials: Path | None = Field(
        None,
        description="file with the credentials for NATS; by default the service's own in keys_dir",
    )
    keys_dir: Path | None = Field(
        None,
        description="folder with the suite's keys and its users' credentials, as `tribune init`"
        " makes it; only tools need all of it",
    )
    nats_monitor_url: str = Field(
        "",
        description="where the server's monitoring answers; by default port 8222 of the NATS"
        " server's host",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="sqlite:///… or postgresql://…, `{service}` in it stands for the service and"
        " `{password}` for its password; by default SQLite in data_dir",
    )
    database_passwords: dict[str, SecretStr] = Field(
        {}, description="by service: TRIBUNE_DATABASE_PASSWORDS__INTAKE=… and so on"
    )
    accept_unsynced: str = Field(
        "",
        description="why a log server that does not wait for the disk, or can't be asked whether it"
        " does, is accepted all the same; without a reason it is refused",
    )
    instance: str = Field(
        "",
        description="a name that no other process of the service has at the same time, which lets"
        " it take over from its own predecessor at once; `hostname` stands for the machine's name",
    )
    data_dir: Path = Field(Path("var"), description="where SQLite files and keys live")
    vault_dir: PathIfAny = Field(
        None,
        description="the folder of vault.db, the store of the keys of what is sealed, which all"
        " processes of intake share; by default data_dir",
    )
    vault_key_file: PathIfAny = Field(
        None,
        description="the master key of that store, which is backed up apart from it; by default"
        " vault.key in data_dir",
    )
    charter_dir: Path = Field(
        PROJECT / "deploy" / "charter",
        description="the instance's charter; by default the project's own, beside the code",
    )
    inbox_max_bytes: MaxBytes = Field(
        InboxLimits.max_bytes, description="what an inbox may hold whose source says nothing"
    )
    inbox_max_msg_size: MaxMsgSize = Field(
        InboxLimits.max_msg_size,
        description="how large a message with its headers may be where its source says nothing",
    )
    host: str = Field("127.0.0.1", description="address of the service's HTTP side")
    port: int = Field(0, description="port of the HTTP side; 0 takes the service's usual one")
    inner_host: str = Field(
        "127.0.0.1",
        description="address of the inner door, with readiness and metrics; never a public one",
    )
    inner_port: int = Field(
        0, description=f"port of the inner door; 0 takes {INNER_FROM_OUTER} above the other"
    )
    proxies: str = Field(
        "127.0.0.0/8, ::1",
        description="networks of proxies, with commas between; what they say in X-Forwarded-For is"
        " believed, and where they say nothing nobody is limited",
    )
    connections_each: int = Field(
        200, ge=0, description="connections that one address may have; 0 for no limit"
    )
    requests_each: int = Field(
        100, ge=0, description="requests that one address may have answered at once, open pages too"
    )
    requests_each_s: int = Field(
        100, ge=0, description="requests that one address may make in a second"
    )
    sites: dict[str, str] = Field(
        {},
        description="where readers find the services: TRIBUNE_SITES__INTAKE=https://… and so on; by"
        " default at the usual port of public_url",
    )
    public_url: str = Field(
        "http://127.0.0.1",
        description="scheme and host that readers come by, which the ports in sites belong to; what"
        " a reader's Host says is nowhere repeated",
    )
    security_contact: str = Field(
        "", description="who is told of holes, in security.txt: mailto:… or https://…"
    )
    clock: Literal["wall", "stream"] = Field(
        "wall",
        description="wall: the machine's clock; stream: the one set on CLOCK, for demonstrations",
    )
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: str = "INFO"
    release_key: SecretStr = Field(
        SecretStr(""), description="secret of public ids; by default made once and kept in data_dir"
    )
    digest_key: SecretStr = Field(
        SecretStr(""),
        description="secret of the digests that stand inside for ids of upstreams; by default made"
        " once and kept in data_dir",
    )
    web_key: SecretStr = Field(
        SecretStr(""),
        description="signs the forms and messages of all services' pages; by default made once and"
        " kept in data_dir",
    )

    signing_key: SecretStr = Field(
        SecretStr(""),
        description="promotion's alone: seals what people sign in with, and signs their sessions;"
        " by default made once and kept in data_dir",
    )

    oidc_issuer: str = Field(
        "", description="the OpenID provider at which the staff sign in, as https://id.example"
    )
    oidc_client_id: str = Field("", description="what this instance is called there")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="its secret there")
    oidc_name: str = Field("", description="what people call the provider; by default its host")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe(cls, given: str) -> str:
        parts = urlsplit(given)
        is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if given and not (parts.scheme == "https" and parts.hostname) and not is_here:
            raise ValueError("must be https://…; http:// is only for this very machine")
        return given

    @field_validator("nats_url", "nats_monitor_url", "database_url")
    @classmethod
    def _is_address(cls, given: SecretStr | str) -> SecretStr | str:
        """Here, for whoever reads it later would quote part of a password as a wrong port."""
        url = given.get_secret_value() if isinstance(given, SecretStr) else given
        try:
            if url.startswith(("sqlite", "postgres")):
                make_url(url)
            elif url:
                urlsplit(url).port  # noqa: B018
        except (ValueError, ArgumentError):
            raise ValueError(NO_ADDRESS) from None
        return given

    @field_validator("security_contact")
    @classmethod
    def _is_contact(cls, given: str) -> str:
        if given and not CONTACT.fullmatch(given):
            raise ValueError("is neither mailto:… nor https://…")
        return given

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        try:
            networks(given)
        except ValueError:
            raise ValueError(NO_NETWORK) from None
        return given

    @field_validator("public_url")
    @classmethod
    def _is_host(cls, given: str) -> str:
        if not is_host(given):
            raise ValueError("is no scheme with a host, such as https://tribune.example")
        return given

    @field_validator("sites")
    @classmethod
    def _are_addresses(cls, given: dict[str, str]) -> dict[str, str]:
        for service, address in given.items():
            if service not in PORTS:
                raise ValueError(f"there is no service {service}")
            if not is_address(address):
                raise ValueError(f"what is given for {service} {NO_SITE}")
        return given

    @property
    def addresses(self) -> Addresses:
        return Addresses(networks(self.proxies))

    @property
    def share(self) -> Share:
        return Share(self.addresses, self.requests_each_s, self.requests_each)

    @property
    def crowd(self) -> Crowd:
        return Crowd(most_connections(), self.connections_each, self.addresses)

    def sites_for(self, service: str) -> Sites:
        """As that service sees them."""
        given = {name: f":{port}" for name, port in PORTS.items()} | self.sites
        return Sites(service, {name: whole(each, self.public_url) for name, each in given.items()})

    def credentials(self, user: str) -> Path | None:
        """Of one of the suite's own users; without any, only a server that is not locked does."""
        if self.nats_credentials is not None or self.keys_dir is None:
            return self.nats_credentials
        return self.keys_dir / "creds" / f"{user}.creds"

    @property
    def vault_store(self) -> Path:
        return (self.vault_dir or self.data_dir) / "vault.db"

    @property
    def vault_key(self) -> Path:
        return self.vault_key_file or self.data_dir / "vault.key"

    def database(self, service: str) -> str:
        password = self.database_passwords.get(service, SecretStr("")).get_secret_value()
        given = self.database_url.get_secret_value()
        given = given.replace("{service}", service).replace("{password}", quote(password, safe=""))
        return given or f"sqlite:///{self.data_dir / service}.db"

    def secrets_database(self, service: str) -> str:
        """Beside the database that can be made anew, for what is in it could not be: a file of its
        own, or tables of their own."""
        own = make_url(self.database(service))
        if own.get_backend_name() != "sqlite" or not own.database:
            return self.database(service)
        path = Path(own.database)
        beside = path.with_name(f"{path.stem}-secrets{path.suffix}")
        return f"sqlite:///{beside}"

    @property
    def inbox_limits(self) -> InboxLimits:
        return InboxLimits(self.inbox_max_bytes, self.inbox_max_msg_size)

    @property
    def instance_name(self) -> str:
        """For operators to tell the processes of a service apart."""
        given = platform.node() if self.instance == "hostname" else self.instance
        return given or f"{platform.node()}:{os.getpid()}"

    def http_port(self, service: str) -> int:
        return self.port or PORTS[service]

    def inner_http_port(self, service: str) -> int:
        return self.inner_port or self.http_port(service) + INNER_FROM_OUTER
