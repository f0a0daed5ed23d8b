"""Credits to draw, and tracks to judge them by."""

from datetime import date, timedelta

from hypothesis import strategies as st

from services.promotion.domain.tally import LONGEST_DAYS
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.contracts.member import ReportCredited
from shared.testing.examples import REPORT_CREDITED, varied

FIRST_DAY = date(2030, 1, 1)
MEMBER = "1" * 32


def credit(
    day: int = 0,
    number: int = 0,
    confirmer: str = "a",
    sector: str = "lights",
    place: str = "us.ma",
    member: str = MEMBER,
) -> ReportCredited:
    report = f"{day:016x}{number:016x}"
    made: ReportCredited = varied(
        REPORT_CREDITED,
        member_id=member,
        report_id=report,
        sector=sector,
        place=place,
        on=FIRST_DAY + timedelta(day),
        confirmer=confirmer * 32,
        earned_by=EventRef(id=report, stream="INTAKE", sequence=1),
    )
    return made


def credits_within(days: int, most: int = 30) -> st.SearchStrategy[list[ReportCredited]]:
    """As they come, day by day; each of a report of its own."""
    drawn = st.lists(
        st.tuples(
            st.integers(0, days - 1),
            st.sampled_from("abc"),
            st.sampled_from(["lights", "water", "roads"]),
            st.sampled_from(["us.ma", "us.ny", "de"]),
        ),
        max_size=most,
    )
    return drawn.map(
        lambda found: [
            credit(day, number, confirmer, sector, place)
            for number, (day, confirmer, sector, place) in enumerate(sorted(found))
        ]
    )


tracks = st.builds(
    Track,
    name=st.just("drawn"),
    version=st.just(1),
    title=st.just("Drawn"),
    confirmed=st.integers(1, 12),
    sectors=st.integers(1, 2),
    days=st.integers(1, 8),
    refuted_share=st.sampled_from([0.0, 0.25, 1.0]),
    places=st.integers(0, 3),
    confirmers=st.integers(0, 3),
    window_days=st.sampled_from([0, 30, 365, LONGEST_DAYS]),
    half_life_days=st.sampled_from([0, 1, 30, 365]),
    most_per_day=st.integers(0, 4),
    most_per_confirmer=st.integers(0, 5),
)
