"""Makes intake die once between putting messages into an inbox and answering; Python loads this
where PYTHONPATH says so."""

import os
import sys
from pathlib import Path
from typing import Any

CRASH_EXIT = 9

if sys.argv[-2:] == ["service", "intake"] or "intake" in " ".join(sys.orig_argv):
    from shared.eventsourcing.inbox.entry import Entry

    _put = Entry.put

    async def _put_and_die(self: Entry, *given: Any) -> int:
        last = await _put(self, *given)
        if (death := Path(os.environ["DIES_WHERE"])).exists():
            death.unlink()
            os._exit(CRASH_EXIT)
        return last

    Entry.put = _put_and_die  # type: ignore[method-assign]
