"""What every program can be told of the log server: where it is, by whose key, whom to trust."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

PathIfAny = Annotated[Path | None, BeforeValidator(lambda given: given or None)]
"""Nothing, or an empty text, is none."""


class NatsSettings(BaseModel):
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
    nats_ca: PathIfAny = Field(
        None,
        description="file with the certificates that vouch for the NATS server; by default that of"
        " the suite's own authority in keys_dir",
    )
    nats_hosts: str = Field(
        "",
        description="further names and addresses by which clients reach NATS, with commas between;"
        " `tribune init` puts them into its certificate",
    )
    nats_monitor_url: str = Field(
        "",
        description="where the server's monitoring answers; by default port 8222 of the NATS"
        " server's host",
    )
    accept_unsynced: str = Field(
        "",
        description="why a log server that does not wait for the disk, or can't be asked whether it"
        " does, is accepted all the same; without a reason it is refused",
    )

    def credentials(self, user: str) -> Path | None:
        """Of one of the suite's own users; without any, only a server that is not locked does."""
        if self.nats_credentials is not None or self.keys_dir is None:
            return self.nats_credentials
        return self.keys_dir / "creds" / f"{user}.creds"

    @property
    def authority(self) -> Path | None:
        """Whose certificates of NATS are trusted; without any those that the machine trusts."""
        ours = self.keys_dir / "tls" / "ca.crt" if self.keys_dir else None
        return self.nats_ca or (ours if ours and ours.exists() else None)
