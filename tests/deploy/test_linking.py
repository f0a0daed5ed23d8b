"""How many public ids can be matched to cases by who has the file; the rows are made up here."""

from datetime import timedelta

from protected import confirmed, filed

from deploy.bench.linking import Inside, at_once, day_by_day, linked
from shared.testing.examples import DORCHESTER, MONDAY, ROXBURY, varied

OURS, THEIRS = b"ours", b"theirs"


def rows(count: int) -> list[Inside]:
    """A report an hour in one of two places, and each confirmed a day later."""
    found = []
    for number in range(count):
        report = filed(number, (ROXBURY, DORCHESTER)[number % 2])
        at = MONDAY + timedelta(hours=number)
        found.append(Inside(at, varied(report, filed_at=at)))
        settled = varied(confirmed(report), confirmed_at=at + timedelta(days=1))
        found.append(Inside(at + timedelta(days=1), settled))
    return sorted(found, key=lambda each: each.at)


def test_what_goes_out_at_once_is_matched_where_a_day_and_place_has_one() -> None:
    events = [
        each._replace(event=varied(each.event, protected=False))
        for each in rows(200)
        if each.event.place == ROXBURY or each.at.day % 3 == 0
    ]
    few = [each for n, each in enumerate(events) if n % 20 == 0]
    found = linked(at_once(few, OURS), at_once(few, THEIRS))
    assert found["unique"] > 0
    assert found["ids"] == len({each.event.aggregate_id for each in few})


def test_of_what_is_protected_no_id_fits_one_case_and_a_guess_is_chance() -> None:
    events = rows(400)
    known = sorted(day_by_day(events, THEIRS, 5), key=lambda each: each.case)
    found = linked(day_by_day(events, OURS, 5), known)
    assert found["ids"] > 500
    assert found["unique"] == 0
    assert found["fewest_that_fit"] > 5
    spread = 4 * found["chance"] ** 0.5
    for way in ("guessed", "in_order"):
        assert abs(found[way] - found["chance"]) < spread
