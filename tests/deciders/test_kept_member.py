"""A member that was kept beside the log decides like one folded from it."""

from datetime import date
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditReport,
    Member,
    MemberCommand,
    NoteRefutation,
    category,
    dump,
    load,
)
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.testing.examples import DORCHESTER, GRAFFITI, MEMBER_ID, ROXBURY, STREET_LIGHTS

TRACKS = [Track("few", 1, "Few", 3, 2, 2, 0.5), Track("many", 1, "Many", 6, 1, 1, 1.0)]
DECIDER = category(TRACKS).decider


@st.composite
def commands(draw: st.DrawFn) -> MemberCommand:
    number = draw(st.integers(0, 12))
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    kind = draw(st.sampled_from([CreditReport, NoteRefutation]))
    return kind(
        MEMBER_ID,
        f"{number:032x}",
        draw(st.sampled_from([ROXBURY, DORCHESTER, "de.berlin"])),
        draw(st.sampled_from([STREET_LIGHTS, GRAFFITI])),
        date(2030, 1, draw(st.integers(1, 5))),
        draw(st.booleans()),
        proof,
    )


def follow(member: Member, command: MemberCommand) -> Member:
    return reduce(DECIDER.evolve, DECIDER.decide(command, member), member)


@given(st.lists(commands(), max_size=15), st.lists(commands(), max_size=15))
def test_it_decides_the_same_after_any_life(
    before: list[MemberCommand], after: list[MemberCommand]
) -> None:
    member = reduce(follow, before, DECIDER.initial_state)
    kept = load(dump(member))
    for command in after:
        assert DECIDER.decide(command, kept) == DECIDER.decide(command, member)
        member, kept = follow(member, command), follow(kept, command)
