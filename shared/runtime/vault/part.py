"""The vault as a part of a service: opened before anything runs, and told of erasures."""

import asyncio
from contextlib import suppress

from nats.errors import NoRespondersError

from shared.contracts.routing import log_of
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.runtime.vault.beginning import POSITIONS, follow_erasures, open_vault
from shared.runtime.vault.errors import VaultAwayError
from shared.runtime.vault.vault import Vault

LOOKS_AGAIN_S = 0.2


def add_vault(runtime: Runtime) -> Vault:
    """Each process of the service needs it, whoever owns the loops."""
    settings, client, name = runtime.settings, runtime.client, runtime.name
    vault = Vault(settings.vault_store, settings.vault_key, seals_all=runtime.charter.seals_all)

    async def check() -> None:
        with suppress(NoRespondersError, VaultAwayError):  # the loop tells what it waits for
            await open_vault(client, name, vault)

    async def run() -> None:
        while not vault.has_begun:
            with suppress(NoRespondersError):  # readiness names the streams that are missing
                await open_vault(client, name, vault)
            await asyncio.sleep(LOOKS_AGAIN_S)
        await follow_erasures(client, name, vault)

    runtime.watched |= {log_of(name), POSITIONS}
    runtime.checks.append(check)
    runtime.loops.add(Loop("vault", run))
    return vault
