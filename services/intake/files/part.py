"""Files that go with reports, as a part of the service."""

from datetime import UTC, datetime
from functools import partial

import structlog

from services.intake.files import walls
from services.intake.files.cleaning import Cleaner
from services.intake.files.keeping import Files
from services.intake.files.named import NamedFiles
from services.intake.files.showing import Showing
from services.intake.files.sweeping import Sweeping
from services.intake.files.with_them import WithThem
from services.intake.files.yielding import Yielding
from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, PUBLIC_FILES, Objects
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.runtime.vault.vault import Vault


def add_files(runtime: Runtime, vault: Vault, handler: CommandHandler) -> Files:
    """One process looks what is to go. Uploads are as old as the machine's clock says: none waits
    for a demonstration's."""
    say_what_is_missing()
    objects, now = Objects(runtime.client, ATTACHMENTS), partial(datetime.now, UTC)
    named = NamedFiles(runtime.client, log_of(runtime.service))
    most, yielding = runtime.settings.attachments_max_bytes, Yielding(objects, named, now)
    files = Files(vault, objects, Cleaner(), now, most, yielding)
    sweeping = Sweeping(runtime.client, objects, vault, named, now)
    runtime.watched |= {objects.stream, log_of(runtime.service)}
    runtime.loops.add(Loop("files", sweeping.run, lease=runtime.lease("files")))
    shown = Objects(runtime.client, PUBLIC_FILES)
    goes = WithThem(handler, runtime.clock.now)
    showing = Showing(runtime.client, files, shown, log_of(runtime.service), now, goes)
    runtime.watched.add(shown.stream)
    runtime.loops.add(Loop("public files", showing.run, lease=runtime.lease("public-files")))
    return files


def say_what_is_missing() -> None:
    if not walls.landlock_version():
        structlog.get_logger().warning("no Landlock here: files are cleaned behind limits alone")
