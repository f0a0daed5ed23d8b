"""The second process of a proof: half of the logs, told in lines of JSON to who began it."""

import json
import os
import pickle
import signal
import sys
from base64 import b64decode
from dataclasses import asdict
from threading import Thread
from time import monotonic

import uvloop

from deploy.connecting import one_more
from deploy.programs import SERVICES
from deploy.suite import categories
from deploy.verify.beside import PROVEN, Here, Order
from deploy.verify.case import Case
from deploy.verify.dead import read_dead
from deploy.verify.expectations import expectations
from deploy.verify.findings import Findings, Verdict
from deploy.verify.scratch import kept_in
from deploy.verify.states import States
from shared.eventsourcing import codec
from shared.runtime.memory import collect_less_often

MOVES_EVERY_S = 0.1


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both; who began us ends
    order = pickle.loads(b64decode(sys.stdin.buffer.readline()))  # noqa: S301  ours  # nosec B301
    Thread(target=_end_with_who_began_us, daemon=True).start()
    collect_less_often()
    uvloop.run(_prove(order))


async def _prove(order: Order) -> None:
    with kept_in(order.notes) as notes:
        async with one_more(order.settings) as client:
            states = States(notes, [each for service in SERVICES for each in categories(service)])
            case = Case(client, order.settings, _says, notes, states, codec.PLAIN, _Moved())
            case.services_run, case.ends, case.goals = order.services_run, order.ends, order.goals
            case.positions = order.positions
            await read_dead(case)
            case.findings, case.verdict = Findings(), Verdict()  # told by who began us
            marks = await Here(case, expectations(order.settings)).proven()
            states.put_all_aside()
        notes.hand_over()
    _tell(PROVEN, case.found(), {source: asdict(of) for source, of in marks.items()})


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
