"""Replays members' events under other tracks; a process of its own, so that no page waits for it.

The first line are the tracks, each other one a message of the log; when nothing more comes it says
what would change. It knows no server, no key and no file of the instance. Its arguments are the
bytes that it may take and the seconds of a processor.
"""

import json
import os
import resource
import sys
from contextlib import suppress

from services.promotion.domain.what_if import Replay
from services.promotion.rehearsal.told import rehearsed, tracks_of
from shared.eventsourcing.codec import Codec

GIVES_WAY = 5
NO_MEMORY = 3


def bounded(most_bytes: int, most_s: int) -> None:
    """For ever: what it has to read is already there, so it writes no file and leaves no dump."""
    os.nice(GIVES_WAY)
    for what, most in (
        (resource.RLIMIT_AS, most_bytes),
        (resource.RLIMIT_CPU, most_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError):  # macOS has no bound of memory
            resource.setrlimit(what, (most, most))


def main() -> None:
    bounded(*map(int, sys.argv[1:]))
    try:
        replayed()
    except MemoryError:
        os._exit(NO_MEMORY)


def replayed() -> None:
    lines, codec, events = sys.stdin.buffer, Codec(), 0
    replay = Replay(tracks_of(json.loads(lines.readline())))
    for line in lines:
        headers, body, sequence = json.loads(line)
        recorded = codec.decode_known(headers, body.encode(), sequence)
        if recorded is not None:
            replay.take(recorded.event)
            events += 1
    sys.stdout.write(rehearsed(replay, events).model_dump_json())


if __name__ == "__main__":
    main()
