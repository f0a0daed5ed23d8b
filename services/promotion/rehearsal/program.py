"""Replays members' events under other tracks; a process of its own, so that no page waits for it.

The first line are the tracks, each other one a message of the log; when nothing more comes it says
what would change. It knows no server, no key and no file of the instance.
"""

import json
import os
import sys

from services.promotion.domain.what_if import Replay
from services.promotion.rehearsal.told import rehearsed, tracks_of
from shared.eventsourcing.codec import Codec

GIVES_WAY = 5


def main() -> None:
    os.nice(GIVES_WAY)
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
