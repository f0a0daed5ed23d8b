"""`tribune bench`: what the suite does in a second on this machine, and what it could at best."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import signature
from typing import Any

from deploy.bench.cluster import partitions
from deploy.bench.duplicates import duplicates
from deploy.bench.growth import growth
from deploy.bench.ingest import ingest
from deploy.bench.latency import latency
from deploy.bench.lives import lives
from deploy.bench.open311 import open311
from deploy.bench.over_http import over_http
from deploy.bench.readers import readers
from deploy.bench.replay import replay
from deploy.bench.requests import requests
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
    "http": over_http,
    "readers": readers,
    "open311": open311,
    "requests": requests,
    "duplicates": duplicates,
}


class WrongBenchError(Exception):
    """There is no such bench, or another one takes what was given."""


def bench(what: str, given: Mapping[str, Any]) -> Callable[[], Awaitable[Figures]]:
    """With those options that are given, the others being None. Raises WrongBenchError."""
    if what not in BENCHES:
        raise WrongBenchError(f"there are {', '.join(BENCHES)}")
    options = {name: value for name, value in given.items() if value is not None}
    for name in options:
        takers = [each for each, run in BENCHES.items() if name in signature(run).parameters]
        if what not in takers:
            option = f"--{name.replace('_', '-')}"
            whose = " and ".join(takers)
            raise WrongBenchError(f"{option} is for {whose}; {what} does not take it")
    return lambda: BENCHES[what](**options)
