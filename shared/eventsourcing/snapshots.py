"""Folded states beside the log: never the truth, and made anew when missing or old."""

import inspect
import sys
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

from shared.eventsourcing.decider import Category
from shared.eventsourcing.event_store import AggregateKey

FOLDS_WITH = ("cloudevents.py", "codec.py", "packed.py", "recorded.py")


class Snapshot(NamedTuple):
    """An aggregate as of the event `last_id` at `sequence`, its `revision`-th; `state` as its
    category puts it, `recorded` packed."""

    sequence: int
    revision: int
    last_id: str
    state: bytes
    recorded: bytes


class Snapshots(Protocol):
    """What fails here fails nobody's command: there is always the log."""

    async def read(self, keys: Sequence[AggregateKey], form: str) -> dict[AggregateKey, Snapshot]:
        """Those that are whole and of this form."""

    async def write(self, key: AggregateKey, form: str, snapshot: Snapshot) -> None: ...


class NoSnapshots:
    async def read(self, keys: Sequence[AggregateKey], form: str) -> dict[AggregateKey, Snapshot]:  # noqa: ARG002
        return {}

    async def write(self, key: AggregateKey, form: str, snapshot: Snapshot) -> None: ...


def form_of(category: Category) -> str:
    """Changes with the code that folds: a state that other code folded says nothing to this one."""
    return f"{category.name} {_digest_of(category.decider.evolve)}"


@cache
def _digest_of(evolve: Callable[..., object]) -> str:
    """Of the module that folds, and of all that it may fold with, those beside it, too; a false
    alarm costs one load."""
    here, folds = Path(__file__).parent, sys.modules[evolve.__module__].__file__
    files = [here / each for each in FOLDS_WITH]
    files += sorted(Path(folds).parent.glob("*.py")) if folds else []
    files += sorted((here.parent / "contracts").glob("*.py"))
    digest = sha256(inspect.getsource(sys.modules[evolve.__module__]).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
