"""What stands in an issue, and where: also of a set where the centre shouts."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.domain.ranking import (
    MOST_CORROBORATED,
    OF_A_CROWD,
    Candidate,
    Wanted,
    ranked,
)
from services.publishing.domain.share import is_local, lacking, measured, needed, region_in
from shared.contracts.bulletin import MOST_ITEMS, HeardFrom, IssueTerms

WITHIN, CENTRE = "us.boston", "us.boston.downtown"
REGIONS = [f"{WITHIN}.{name}" for name in ("allston", "dorchester", "mattapan", "roxbury")]
PLACES = [CENTRE, WITHIN, f"{CENTRE}.park", *REGIONS, f"{REGIONS[0]}.north", "us"]
FIRST, LAST = date(2031, 3, 1), date(2031, 3, 7)
TERMS = IssueTerms(version=1, within=WITHIN, centre=(CENTRE,), share=60, floor=1, leads=3)
HEARD = (
    HeardFrom(region=CENTRE, reports=500),
    *(HeardFrom(region=region, reports=5) for region in REGIONS),
)


def candidate(number: int, place: str, worth: int = 20, **others: object) -> Candidate:
    told = {"kind": "story", "on": LAST, "size": 100, "news": "story"} | others
    return Candidate(id=f"{number:032x}", sequence=number, place=place, worth=worth, **told)  # type: ignore[arg-type]


def wanted(items: int = 10, **others: object) -> Wanted:
    return Wanted(FIRST, LAST, items, **others)  # type: ignore[arg-type]


candidates = st.lists(
    st.builds(
        lambda place, worth, kind, age, seen: (place, worth, kind, age, seen),
        st.sampled_from(PLACES),
        st.integers(0, 150),
        st.sampled_from(["story", "check"]),
        st.integers(0, 9),
        st.integers(0, 30),
    ),
    max_size=40,
).map(
    lambda drawn: [
        candidate(
            number,
            place,
            worth,
            kind=kind,
            news="story" if kind == "story" else "overdue",
            on=LAST - timedelta(days=age),
            witnesses=seen,
        )
        for number, (place, worth, kind, age, seen) in enumerate(drawn)
    ]
)
terms = st.builds(
    lambda share, floor, leads: TERMS.model_copy(
        update={"share": share, "floor": floor, "leads": leads}
    ),
    st.integers(0, 100),
    st.integers(0, 3),
    st.integers(1, 6),
)


@given(candidates, terms, st.integers(1, 20))
def test_share_and_floors_are_met_as_long_as_there_is_anything(
    there: list[Candidate], terms: IssueTerms, many: int
) -> None:
    """What is lacking in an issue, is lacking among all that there was."""
    issue = ranked(there, HEARD, terms, wanted(many))
    supply = Counter(region_in(each.place, WITHIN) for each in there)
    for lack in lacking(issue, HEARD, terms):
        if lack.what == "floor":
            assert lack.has == supply[lack.region], "all there is of it is in"
        else:
            assert not any(supply[region] for region in REGIONS), "nothing there is of any region"


@given(candidates, terms, st.integers(1, 20))
def test_an_issue_is_of_what_there_is_each_once(
    there: list[Candidate], terms: IssueTerms, many: int
) -> None:
    issue = ranked(there, HEARD, terms, wanted(many))
    ids = [each.id for each in issue]
    assert len(set(ids)) == len(ids) <= max(many, terms.floor * len(REGIONS))
    assert set(ids) <= {each.id for each in there}
    assert issue == ranked(list(reversed(there)), HEARD, terms, wanted(many)), "in whatever order"
    if not terms.share:
        assert len(issue) >= min(many, len(there))


@given(candidates, terms)
def test_every_summand_is_shown_and_their_sum_says_what_is_first(
    there: list[Candidate], terms: IssueTerms
) -> None:
    """Whoever is not moved for share or floor stands behind nobody with less."""
    issue = ranked(there, HEARD, terms, wanted())
    above = Counter[str]()
    for at, item in enumerate(issue):
        assert item.crowd == above[item.region] * OF_A_CROWD
        assert item.corroboration <= MOST_CORROBORATED
        assert (item.local > 0) == is_local(item.region, terms)
        if item.chosen != "lead":
            bare = item.total + item.crowd
            for later in issue[at + 1 :]:
                then = above[later.region] * OF_A_CROWD
                assert bare - item.crowd >= later.total + later.crowd - then
        above[item.region] += 1


@pytest.mark.parametrize("share", [50, 60, 80, 100])
def test_where_the_centre_shouts_the_regions_lead(share: int) -> None:
    """By news value, freshness and witnesses alone nothing but the centre would be in."""
    loud = [candidate(number, CENTRE, 100, witnesses=10) for number in range(60)]
    quiet = [
        candidate(100 + number, REGIONS[number % 4], 5, on=FIRST, kind="check", news="late")
        for number in range(20)
    ]
    terms = TERMS.model_copy(update={"share": share})
    by_value = sorted([*loud, *quiet], key=lambda each: (-each.worth, each.id))[:10]
    assert {each.place for each in by_value} == {CENTRE}
    issue = ranked([*loud, *quiet], HEARD, terms, wanted())
    assert not lacking(issue, HEARD, terms)
    ours = sum(is_local(each.region, terms) for each in issue)
    assert ours >= needed(len(issue), terms) >= len(issue) * share / 100
    leads = measured(issue, HEARD, terms)
    assert sum(each.leads for each in leads if is_local(each.region, terms)) >= needed(3, terms)
    assert {each.region for each in issue} >= set(REGIONS), "each that reported is in"
    alone = ranked(loud, HEARD, terms, wanted())
    assert {lack.what for lack in lacking(alone, HEARD, terms)} == {"share", "leads", "floor"}


def test_who_had_less_of_the_issues_before_comes_first() -> None:
    there = [candidate(1, REGIONS[0]), candidate(2, REGIONS[1])]
    issue = ranked(there, (), TERMS, wanted(owed={REGIONS[1]: 12, REGIONS[0]: -5}))
    assert [each.region for each in issue] == [REGIONS[1], REGIONS[0]]
    assert [each.local for each in issue] == [37, 25]


def test_an_editor_puts_in_front_and_leaves_out() -> None:
    there = [candidate(number, REGIONS[number % 4], 20 + number) for number in range(8)]
    first, out = there[0].id, there[7].id
    issue = ranked(there, HEARD, TERMS, wanted(4, in_front=[first, "f" * 32], without=[out]))
    assert (issue[0].id, issue[0].chosen) == (first, "hand")
    assert out not in {each.id for each in issue}


def test_checks_fill_what_stories_leave() -> None:
    stories = [candidate(number, REGIONS[number], 1) for number in range(2)]
    checks = [
        candidate(10 + number, REGIONS[number % 4], 150, kind="check", news="raised")
        for number in range(8)
    ]
    issue = ranked([*stories, *checks], (), TERMS, wanted(5))
    assert {each.id for each in stories} <= {each.id for each in issue}
    assert len(issue) == 5
    only = ranked([*stories, *checks], (), TERMS, wanted(2))
    assert {each.kind for each in only} == {"story"}


def test_no_issue_is_longer_than_any() -> None:
    there = [candidate(number, REGIONS[number % 4]) for number in range(200)]
    assert len(ranked(there, HEARD, TERMS, wanted(500))) == MOST_ITEMS
