"""Tells Python's garbage collector that this program makes many objects and few cycles."""

import gc


def collect_less_often() -> None:
    """With the usual thresholds a replay spent a quarter of its time looking for cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
