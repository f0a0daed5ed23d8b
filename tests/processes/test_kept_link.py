"""A report in its chain that was kept beside the log decides like one folded from it, and takes no
more memory than it says."""

import tracemalloc
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from services.intake.processes.commands import (
    Command,
    FollowChains,
    NameHead,
    RefuseClaim,
    SeekOriginal,
    TakeHead,
)
from services.intake.processes.link import Link, decider, dump, load
from shared.contracts.duplicates import Chain, ChainsLedOn
from shared.eventsourcing.memory import BYTES_AN_EVENT, BYTES_EACH
from shared.testing.examples import MONDAY, ROXBURY

OWN = "a" * 32
ids = st.integers(0, 5).map(lambda number: OWN if number == 0 else f"{number:032x}")
claims = st.integers(1, 9)
chains = st.builds(
    Chain, duplicate=ids, claim=claims, newest=st.booleans(), links=st.integers(1, 21)
)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(SeekOriginal, st.just(OWN), ids, claims, st.just(MONDAY), st.just(ROXBURY)),
    st.builds(
        FollowChains, st.just(OWN), st.lists(chains, max_size=4).map(tuple), st.just(ROXBURY)
    ),
    st.just(NameHead(OWN, ROXBURY)),
    st.builds(TakeHead, st.just(OWN), ids, claims, st.just(ROXBURY), claims),
    st.builds(RefuseClaim, st.just(OWN), claims, st.just("No."), st.just(ROXBURY)),
)


def follow(link: Link, command: Command) -> Link:
    return reduce(decider.evolve, decider.decide(command, link), link)


@given(st.lists(commands, max_size=15), st.lists(commands, max_size=15))
def test_it_decides_the_same_after_any_life(before: list[Command], after: list[Command]) -> None:
    link = reduce(follow, before, decider.initial_state)
    kept = load(dump(link))
    for command in after:
        assert decider.decide(command, kept) == decider.decide(command, link)
        link, kept = follow(link, command), follow(kept, command)


def test_it_takes_about_as_much_memory_as_it_says() -> None:
    """Of what Python allocates; the places of its chains are beside that."""
    wholes = [_chains_of_their_own(link) for link in range(50)]
    tracemalloc.start()
    links = [decider.evolve(Link(), ChainsLedOn.model_validate_json(whole)) for whole in wholes]
    taken = tracemalloc.get_traced_memory()[0] / len(links)
    tracemalloc.stop()
    said = BYTES_EACH + BYTES_AN_EVENT + links[0].held_bytes
    assert 0.8 * taken < said < 1.5 * taken


def _chains_of_their_own(link: int) -> str:
    """Ids that no other link has: pydantic keeps strings that it saw, and two would share one."""
    ids = (f"{link * 100 + n:032x}" for n in range(100))
    chains = tuple(Chain(duplicate=each, claim=n + 1, newest=True) for n, each in enumerate(ids))
    whole = ChainsLedOn(report_id=OWN, place=ROXBURY, original="b" * 32, chains=chains)
    return whole.model_dump_json()
