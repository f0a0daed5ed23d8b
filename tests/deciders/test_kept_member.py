"""A member that was kept beside the log decides like one folded from it."""

from datetime import date
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditReport,
    MemberCommand,
    NoteRefutation,
    TakeBackOutcome,
    category,
)
from services.promotion.domain.member_state import Member, dump, load
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.testing.examples import (
    DORCHESTER,
    GRAFFITI,
    REFUTATION_NOTED,
    REPORT_CREDITED,
    ROXBURY,
    STREET_LIGHTS,
    varied,
)

TRACKS = [Track("few", 1, "Few", 3, 2, 2, 0.5), Track("many", 1, "Many", 6, 1, 1, 1.0)]
DECIDER = category(TRACKS, takes_back=True).decider


@st.composite
def commands(draw: st.DrawFn) -> MemberCommand:
    number = draw(st.integers(0, 12))
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    confidential = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        return TakeBackOutcome(
            member_id=REPORT_CREDITED.member_id,
            report_id=proof.id,
            place=ROXBURY,
            sector=STREET_LIGHTS,
            confidential=confidential,
            protected=False,
            on=date(2030, 1, 9),
            taken_back_for=proof,
        )
    if draw(st.booleans()):
        noted = varied(REFUTATION_NOTED, report_id=proof.id, confidential=confidential)
        return NoteRefutation(noted)
    credited = varied(
        REPORT_CREDITED,
        report_id=proof.id,
        place=draw(st.sampled_from([ROXBURY, DORCHESTER, "de.berlin"])),
        sector=draw(st.sampled_from([STREET_LIGHTS, GRAFFITI])),
        on=date(2030, 1, draw(st.integers(1, 5))),
        confidential=confidential,
        earned_by=proof,
    )
    return CreditReport(credited)


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
