"""How many connections there is room for follows from how many files the system lets us open."""

import resource

import pytest

from shared.runtime.open_files import accepted_at_once, allow_many, most_connections

NOFILE = resource.RLIMIT_NOFILE


@pytest.mark.parametrize(
    ("soft", "most", "at_once"),
    [(1_024, 900, 100), (4_096, 3_972, 100), (16_384, 4_000, 1_000), (-1, 4_000, 1_000)],
)
def test_all_that_may_be_open_at_once_fits(
    monkeypatch: pytest.MonkeyPatch, soft: int, most: int, at_once: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, -1))
    assert (most_connections(), accepted_at_once()) == (most, at_once)
    assert soft == -1 or most + at_once < soft


@pytest.mark.parametrize(
    ("soft", "hard", "wanted"),
    [
        (1_024, 20_000, (16_384, 20_000)),
        (1_024, 4_096, (4_096, 4_096)),
        (1_024, -1, (16_384, -1)),
        (20_000, 20_000, None),
        (-1, -1, None),
    ],
)
def test_as_many_are_asked_for_as_the_system_gives_unasked(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, wanted: tuple[int, int] | None
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    allow_many()
    assert asked == ([wanted] if wanted else [])
