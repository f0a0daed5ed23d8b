"""`tribune beat list` says of a beat no more than is known."""

from deploy.commands.beat import line_of

ROW = {
    "beat_id": "b" * 32,
    "place": "us.ma.boston",
    "sector": "trees",
    "rhythm_days": 14,
    "since": "2030-01-07",
    "state": "running",
    "heard_on": "2030-01-07",
    "ran_out_on": None,
}


def test_a_beat_of_which_nothing_was_heard_is_not_said_to_have_been_heard() -> None:
    """Its days are counted from the first one, whether or not anything came on it."""
    assert line_of(ROW).endswith("since 2030-01-07: running, not heard after its first day")
    heard = ROW | {"heard_on": "2030-01-09", "state": "silent", "ran_out_on": "2030-01-23"}
    assert line_of(heard).endswith("silent, last heard on 2030-01-09, ran out on 2030-01-23")
