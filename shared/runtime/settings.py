"""What every service can be told, from the environment (`TRIBUNE_…`) or a `.env` file."""

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.charter_models import MaxBytes, MaxMsgSize
from shared.runtime.door_settings import DoorSettings
from shared.runtime.nats_settings import NatsSettings, PathIfAny
from shared.runtime.provider_settings import ProviderSettings
from shared.runtime.secret_files import SecretFiles

if TYPE_CHECKING:
    from sqlalchemy import URL

PROJECT = Path(__file__).parents[2]
NO_ADDRESS = (
    "is no address; in a password, characters such as / : # ? @ and [ are written as %2F, %3A, %23,"
    " %3F, %40 and %5B"
)


class Settings(DoorSettings, NatsSettings, ProviderSettings, BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="TRIBUNE_",
        env_file=".env",
        extra="ignore",
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A file counts more than `.env`: containers read files alone, and both are to agree."""
        files = SecretFiles(settings_cls, (init_settings, env_settings, dotenv_settings))
        return init_settings, env_settings, files, dotenv_settings

    secrets_dir: Path | None = Field(
        None,
        description="folder with a file for each secret below, named as its setting; by default"
        " `secrets` in keys_dir",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="sqlite:///… or postgresql://…, `{service}` in it stands for the service and"
        " `{password}` for its password; by default SQLite in data_dir",
    )
    database_passwords: dict[str, SecretStr] = Field(
        {}, description="by service: TRIBUNE_DATABASE_PASSWORDS__INTAKE=… and so on"
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
    erased_list: PathIfAny = Field(
        None,
        description="the file that lists all that was erased, by ids that say nothing, for a log"
        " and a vault that are put back from before; by default erased.list beside vault.db",
    )
    hook_secrets: dict[str, SecretStr] = Field(
        {},
        description="by name, what senders sign by whose hooks want it: the file hook_secrets__NAME"
        " in the folder of secrets, or TRIBUNE_HOOK_SECRETS__NAME=…",
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
    inbox_keeps_words_s: float = Field(
        3600,
        ge=0,
        description="seconds for which a message stays in its inbox after its receipt whose words"
        " are sealed in the log, or would have to be",
    )
    attachments_max_bytes: int = Field(
        2 * 1024**3,
        ge=0,
        description="what all files that go with reports may take, half of it by people on the"
        " site; what is more is not taken",
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
    credential_key: SecretStr = Field(
        SecretStr(""),
        description="promotion's alone: signs the credentials of members; by default made once and"
        " kept in data_dir",
    )
    credentials_last_days: int = Field(
        365, ge=1, le=3660, description="days for which a credential is good, if nothing ends it"
    )

    @field_validator("nats_url", "nats_monitor_url", "database_url")
    @classmethod
    def _is_address(cls, given: SecretStr | str) -> SecretStr | str:
        """Here, for whoever reads it later would quote part of a password as a wrong port."""
        url = given.get_secret_value() if isinstance(given, SecretStr) else given
        try:
            if url.startswith(("sqlite", "postgres")):
                _parsed(url)
            elif url:
                urlsplit(url).port  # noqa: B018
        except ValueError:
            raise ValueError(NO_ADDRESS) from None
        return given

    @property
    def vault_store(self) -> Path:
        return (self.vault_dir or self.data_dir) / "vault.db"

    @property
    def erasures_listed(self) -> Path:
        return self.erased_list or self.vault_store.with_name("erased.list")

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
        own = _parsed(self.database(service))
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


def _parsed(url: str) -> "URL":
    """Raises ValueError."""
    from sqlalchemy import make_url  # noqa: PLC0415  most commands see no database
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        return make_url(url)
    except ArgumentError as error:
        raise ValueError(url) from error
