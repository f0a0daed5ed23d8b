"""What a measurement tells of how long each of many took."""

from collections.abc import Sequence
from statistics import quantiles


def in_ms(seconds: Sequence[float]) -> dict[str, float]:
    """`p50_ms`, `p99_ms` and `max_ms`."""
    cuts = quantiles(seconds, n=100)
    told = {"p50_ms": cuts[49], "p99_ms": cuts[98], "max_ms": max(seconds)}
    return {name: round(each * 1000, 2) for name, each in told.items()}
