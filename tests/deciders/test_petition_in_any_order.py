"""Fresh accounts gain a petition nothing, whatever they do, and all others count once."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.petition import (
    PetitionCommand,
    SignPetition,
    StartPetition,
    WithdrawSignature,
    category,
)
from services.promotion.domain.petition_kept import dump, load
from services.promotion.domain.petition_state import Petition
from shared.contracts.petition import PetitionEvent, PetitionReached
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import DAY, MONDAY, PETITION_ID, PETITION_STARTED, ROXBURY

DECIDER = category.decider
SINCE = PETITION_STARTED.known_since
FEW = PETITION_STARTED.model_copy(update={"needs": 5})

people = st.integers(0, 9)
moments = st.integers(0, 59).map(lambda days: MONDAY + days * DAY)
acts = st.tuples(people, st.sampled_from(["sign", "withdraw"]), moments)
later = st.integers(1, 400).map(lambda days: SINCE + days * DAY)
fresh = st.tuples(st.integers(100, 130), moments, later)


def signing(number: int, at: object, since: object = SINCE) -> SignPetition:
    return SignPetition(PETITION_ID, f"{number:032x}", at, ROXBURY, since)  # type: ignore[arg-type]


def act(number: int, what: str, at: object) -> PetitionCommand:
    if what == "sign":
        return signing(number, at)
    return WithdrawSignature(PETITION_ID, f"{number:032x}", at)  # type: ignore[arg-type]


def lived(story: list[PetitionCommand]) -> tuple[Petition, list[PetitionEvent]]:
    events: list[PetitionEvent] = list(DECIDER.decide(StartPetition(FEW), Petition()))
    state = DECIDER.fold(events)
    for command in story:
        with suppress(DomainError):
            decided = list(DECIDER.decide(command, state))
            events += decided
            for event in decided:
                state = DECIDER.evolve(state, event)
    return state, events


@given(st.lists(acts, max_size=30), st.lists(fresh, max_size=30), st.randoms())
def test_fresh_accounts_change_nothing_however_many_they_are(
    told: list[tuple[int, str, object]], newcomers: list[tuple[int, object, object]], lot: object
) -> None:
    story = [act(*each) for each in told]
    mixed: list[PetitionCommand] = list(story)
    for each in newcomers:
        mixed.insert(lot.randint(0, len(mixed)), signing(*each))  # type: ignore[attr-defined]
    assert lived(mixed) == lived(story)


@given(st.lists(acts, max_size=40))
def test_each_counts_once_and_as_they_said_last(told: list[tuple[int, str, object]]) -> None:
    """Registered again they are a fresh account; what they signed before is one all the same."""
    state, events = lived([act(*each) for each in told])
    last = {number: what for number, what, _ in told}
    wanted = {f"{number:032x}" for number, what in last.items() if what == "sign"}
    assert set(state.signers) == wanted
    reached = [each for each in events if isinstance(each, PetitionReached)]
    assert len(reached) == state.reached
    assert load(dump(state)) == state


@given(st.lists(acts, max_size=30), st.data())
def test_what_is_withdrawn_leaves_what_was_there_without_it(
    told: list[tuple[int, str, object]], data: st.DataObject
) -> None:
    """Of who never helped it over its number. The step that outsiders are told does not follow one
    person, by design, so it may be that of before."""
    at = data.draw(moments)
    before, _ = lived([act(*each) for each in told])
    more, _ = lived([*(act(*each) for each in told), signing(99, at)])
    after, _ = lived([*(act(*each) for each in told), signing(99, at), act(99, "withdraw", at)])
    assert 99 not in {int(each, 16) for each in after.signers}
    assert replace(after, reached=before.reached, counted=before.counted) == before
    assert after.reached == more.reached
    assert after.counted in (before.counted, more.counted)
