"""Tells Python's garbage collector that this program makes many objects and few cycles."""

import gc

SELDOM = (100_000, 50, 100)


def collect_seldom() -> None:
    """What is imported stays: to look for cycles among it was a sixth of every command's start."""
    gc.set_threshold(*SELDOM)


def collect_less_often() -> None:
    """With the usual thresholds a replay spent a quarter of its time looking for cycles."""
    gc.collect()
    gc.freeze()
    collect_seldom()
