"""The second process of a proof: PUBLIC and the rows, told in lines of JSON to who began it."""

import asyncio
import json
import os
import pickle
import signal
import sys
from base64 import b64decode
from threading import Thread
from time import monotonic

from deploy.connecting import one_more
from deploy.verify.beside import PROVEN, READ, Here, Order
from deploy.verify.case import Case
from deploy.verify.findings import Findings, Verdict
from deploy.verify.scratch import kept_in
from deploy.verify.states import States
from shared.eventsourcing.codec import PLAIN

MOVES_EVERY_S = 0.1


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both; who began us ends
    order = pickle.loads(b64decode(sys.stdin.buffer.readline()))  # noqa: S301  ours  # nosec B301
    Thread(target=_end_with_who_began_us, daemon=True).start()
    asyncio.run(_prove(order))


async def _prove(order: Order) -> None:
    with kept_in(order.notes) as notes:
        async with one_more(order.settings) as client:
            states, codec = States(notes, []), PLAIN
            case = Case(client, order.settings, _says, notes, states, codec, _Moved())
            case.services_run, case.ends, case.goals = order.services_run, order.ends, order.goals
            await Here(case).public()
            notes.hand_over()
            _tell(READ, case.found())
            case.findings, case.verdict = Findings(), Verdict()
            await Here(case).rows()
    _tell(PROVEN, case.found())


def _end_with_who_began_us() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer: Python could not end meanwhile
    os._exit(1)


def _says(step: str) -> None:
    _tell("says", step)


class _Moved:
    """Now and then: of each batch would be more than anybody looks at."""

    def __init__(self) -> None:
        self._told_at = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        if monotonic() - self._told_at >= MOVES_EVERY_S:
            self._told_at = monotonic()
            _tell("moved", what, done, of)


def _tell(*said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
