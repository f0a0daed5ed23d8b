"""`tribune bench`: what the suite does in a second on this machine, and what it could at best."""

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.bench.cluster import partitions
from deploy.bench.growth import growth
from deploy.bench.ingest import ingest
from deploy.bench.latency import latency
from deploy.bench.lives import lives
from deploy.bench.replay import replay
from deploy.bench.sweep import sweep

Figures = dict[str, Any]

BENCHES: dict[str, Callable[..., Awaitable[Figures]]] = {
    "ingest": ingest,
    "replay": replay,
    "latency": latency,
    "sweep": sweep,
    "lives": lives,
    "growth": growth,
    "cluster": partitions,
}
