"""How the candidates for a post are ranked: by what fits it, in steps, and ties by a lot."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from shared.contracts.post import CandidateBy, Ranked
from shared.contracts.values import Id

FIGURES = ("fits", "here", "elsewhere", "confirmers", "sectors")
"""The first in which two differ decides."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with the tracks they are qualified on, and what the rows know of their work, in days
    and numbers."""

    member_id: Id
    tracks: frozenset[str]
    fits: int = 0
    here: int = 0
    elsewhere: int = 0
    confirmers: int = 0
    sectors: int = 0


def step(figure: int) -> int:
    """The largest power of two that it holds: who has a little more stands no higher for it."""
    return 1 << (figure.bit_length() - 1) if figure > 0 else 0


def seed_of(post_id: str) -> str:
    """The same each time that they are ranked: nobody can have the lot drawn until it suits."""
    return sha256(f"tribune post 1\n{post_id}".encode()).hexdigest()


def digest_of(members: Iterable[str]) -> str:
    return sha256("\n".join(sorted(members)).encode()).hexdigest()


def lot(seed: str, member_id: str) -> bytes:
    """Where somebody stands in it depends on their own id alone: who could take others out, or put
    them in, moves nobody before another one."""
    return sha256(f"{seed}\n{member_id}".encode()).digest()


def candidates(
    pool: Iterable[Candidate], tracks: Collection[str], out: Collection[str]
) -> list[Candidate]:
    """Who has lost a qualification is none: the rows, from which `pool` comes, say who has it."""
    return [each for each in pool if each.tracks.issuperset(tracks) and each.member_id not in out]


def ranked(found: Iterable[Candidate], named: Mapping[str, CandidateBy], seed: str) -> list[Ranked]:
    """In their order. Whether somebody was named, and by whom, moves them nowhere."""
    told = [
        Ranked(
            member_id=each.member_id,
            by=named.get(each.member_id, "rule"),
            fits=step(each.fits),
            here=step(each.here),
            elsewhere=step(each.elsewhere),
            confirmers=step(each.confirmers),
            sectors=each.sectors,
        )
        for each in found
    ]
    return sorted(
        told, key=lambda one: (*(-figure for figure in of(one)), lot(seed, one.member_id))
    )


def of(one: Ranked) -> tuple[int, ...]:
    return one.fits, one.here, one.elsewhere, one.confirmers, one.sectors


def differ_in(one: Ranked, other: Ranked) -> str:
    """The figure that decided between them; `lot` where none did."""
    pairs = zip(FIGURES, of(one), of(other), strict=True)
    return next((name for name, left, right in pairs if left != right), "lot")
