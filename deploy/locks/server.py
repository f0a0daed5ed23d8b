"""What nats-server reads of a keyring: a part of its configuration, without any secret."""

from pathlib import Path

from deploy.locks.accounts import LOG
from deploy.locks.keyring import Keyring
from shared.runtime.whole_files import put

NAME = "server.conf"


def configuration(keyring: Keyring, accounts: Path) -> str:
    """`accounts` is the server's own folder for what it is told later; of two claims it takes the
    later one, so what was revoked stays so."""
    told = "\n".join(f"  {public}: {jwt}" for public, jwt in keyring.all_told().items())
    return (
        f"operator: {keyring.operator_claims()}\n"
        f"system_account: {keyring.system}\n"
        f'resolver: {{ type: full, dir: "{accounts}", allow_delete: false, interval: "2m" }}\n'
        f"resolver_preload: {{\n{told}\n}}\n"
    )


def write_configuration(keyring: Keyring, accounts: Path) -> Path:
    path = keyring.folder / NAME
    put(path, configuration(keyring, accounts))
    put(keyring.folder / "log.account", keyring.public(LOG) + "\n")
    return path
