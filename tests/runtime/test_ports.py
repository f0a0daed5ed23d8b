"""Ports that are given belong to whoever asked first."""

import random
from collections import deque

import pytest

from shared.runtime import ports


@pytest.mark.parametrize("neighbours", [0, 2])
def test_none_is_given_twice_though_nobody_listens_yet(
    neighbours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = random.Random(5)
    monkeypatch.setattr(ports, "TO", ports.FROM + 200)
    monkeypatch.setattr(ports, "_given", deque(maxlen=256))
    monkeypatch.setattr(ports, "_chance", few)
    firsts = [ports.free_port(neighbours) for _ in range(20)]
    given = [first + further for first in firsts for further in range(neighbours + 1)]
    assert len(set(given)) == len(given)
