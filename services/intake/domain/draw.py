"""The lot by which checkers are drawn: who may be, how far afield, and in what order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

from shared.contracts.checking import Stage
from shared.contracts.place import is_within, regions

MOST_CANDIDATES = 1_000
"""In one event: of more, those that the lot puts first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is ready since the sequence `ready` in INTAKE, and qualified for `place`. `ties`
    and `societies` are as names are known; `drawn` how often they were of late."""

    member_id: str
    place: str
    ready: int
    ties: frozenset[str] = frozenset()
    societies: frozenset[str] = frozenset()
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a checking looks for: none of `out`, none tied to `owners`, none ready later than
    `before`, none drawn `often` times. `enough` candidates are looked for from `place` on outwards,
    for an appeal `elsewhere`. `societies` are those of who has a seat already."""

    place: str
    number: int
    before: int
    often: int
    enough: int
    owners: frozenset[str] = frozenset()
    out: Collection[str] = ()
    societies: frozenset[str] = frozenset()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """`widened` by so many steps to `place`; who was `passed_over` shares a society with one who
    stands before them."""

    place: str
    widened: int
    candidates: tuple[str, ...]
    digest: str
    drawn: tuple[str, ...]
    passed_over: tuple[str, ...]


def seed_of(claim: str) -> str:
    """Of the id of the event that claimed done: it follows from what a source calls its message,
    which who runs the server does not choose, and from a key, which the source does not have."""
    return sha256(f"tribune draw 1\n{claim}".encode()).hexdigest()


def digest_of(candidates: Iterable[str]) -> str:
    return sha256("\n".join(sorted(candidates)).encode()).hexdigest()


def in_order(seed: str, stage: Stage, candidates: Collection[str]) -> list[str]:
    """As the lot orders them. Where somebody stands does not depend on who else is there: whoever
    could take people out, or put them in, moves nobody before another one by it. Who is drawn
    later for the same claim is the next in the same order."""
    before = f"{seed}\n{stage}\n"
    return sorted(candidates, key=lambda each: sha256((before + each).encode()).digest())


def is_eligible(each: Candidate, wanted: Wanted) -> bool:
    return (
        each.member_id not in wanted.out
        and each.ready <= wanted.before
        and each.drawn < wanted.often
        and not each.ties & wanted.owners
        and not each.societies & wanted.societies
        and not (wanted.elsewhere and is_within(each.place, wanted.place))
    )


def draw(pool: Iterable[Candidate], wanted: Wanted, seed: str) -> Lot:
    """Of those that lie nearest, and no two of one society: who stands further back in the order
    gives way."""
    may_be = [each for each in pool if is_eligible(each, wanted)]
    stage: Stage = "appeal" if wanted.elsewhere else "first"
    for widened, place in enumerate(regions(wanted.place)):  # noqa: B007
        near = {each.member_id: each for each in may_be if is_within(each.place, place)}
        if len(near) >= wanted.enough:
            break
    order = in_order(seed, stage, near)[:MOST_CANDIDATES]
    drawn: list[str] = []
    passed_over: list[str] = []
    taken: frozenset[str] = frozenset()
    for member in order:
        if len(drawn) == wanted.number:
            break
        if near[member].societies & taken:
            passed_over.append(member)
            continue
        drawn.append(member)
        taken |= near[member].societies
    candidates = tuple(sorted(order))
    return Lot(place, widened, candidates, digest_of(candidates), tuple(drawn), tuple(passed_over))
