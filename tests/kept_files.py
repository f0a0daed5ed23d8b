"""What a test of files has at hand: a real object store, and a real vault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from nats.aio.client import Client
from own_vault import vault_in

from services.intake.files.cleaning import Cleaner
from services.intake.files.keeping import Files
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, Objects
from shared.runtime.vault.vault import Vault
from shared.web.now import utc_now


@dataclass
class Kept:
    """`days_on` is how far its clock is ahead."""

    vault: Vault
    objects: Objects
    files: Files
    days_on: float = 0


@asynccontextmanager
async def kept_in(nats: Client, folder: Path) -> AsyncIterator[Kept]:
    vault, objects = vault_in(folder), Objects(nats, ATTACHMENTS)
    kept = Kept(vault, objects, Files(vault, objects, Cleaner(), utc_now, 2**30))

    def now() -> datetime:
        return utc_now() + timedelta(days=kept.days_on)

    kept.files = replace(kept.files, now=now)
    yield kept
    vault.close()
