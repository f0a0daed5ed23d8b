"""Petitions as rows: how they stand, whose terms end, and since when members are known."""

from datetime import UTC, timedelta
from itertools import count

from services.promotion.projections import homes, petitions
from shared.contracts.event import Event
from shared.contracts.login import LoginOpened
from shared.eventsourcing.projections.read_model import ReadModel, Row
from shared.testing.examples import (
    ANSWER_OWED,
    DAY,
    HOME_SAID,
    LOGIN_ID,
    MONDAY,
    PETITION_ANSWERED,
    PETITION_COUNTED,
    PETITION_HIDDEN,
    PETITION_ID,
    PETITION_LAPSED,
    PETITION_REACHED,
    PETITION_SIGNED,
    PETITION_STARTED,
    STARTER_FORGOTTEN,
    recorded,
)


def rows_after(model: ReadModel, *events: Event) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for event, sequence in zip(events, count(1), strict=False):
        if isinstance(event, tuple(model.takes or ())):
            model.apply(rows, recorded(event, sequence))
    return rows


def test_a_row_follows_its_petition() -> None:
    row = rows_after(petitions.read_model, PETITION_STARTED, PETITION_SIGNED, PETITION_COUNTED)
    (first,) = row.values()
    assert (first["state"], first["at_least"], first["due_at"]) == ("open", 10, None)
    assert first["until"] == PETITION_STARTED.until
    story = PETITION_STARTED, PETITION_REACHED, ANSWER_OWED
    assert rows_after(petitions.read_model, *story)[PETITION_ID]["state"] == "reached"
    assert rows_after(petitions.read_model, *story)[PETITION_ID]["due_at"] == ANSWER_OWED.due_at
    done = rows_after(petitions.read_model, *story, PETITION_ANSWERED)[PETITION_ID]
    assert done["state"] == "answered"
    lapsed = rows_after(petitions.read_model, PETITION_STARTED, PETITION_LAPSED)[PETITION_ID]
    assert lapsed["state"] == "lapsed"
    gone = rows_after(petitions.read_model, PETITION_STARTED, PETITION_HIDDEN, STARTER_FORGOTTEN)[
        PETITION_ID
    ]
    assert gone["hidden"]
    assert gone["forgotten"]


def test_signatures_are_in_no_row() -> None:
    assert PETITION_SIGNED.member_id not in str(
        rows_after(petitions.read_model, PETITION_STARTED, PETITION_SIGNED)
    )


def test_known_is_who_has_a_login_and_said_where_they_live() -> None:
    login = LoginOpened(login_id=LOGIN_ID, holder="member")
    (row,) = rows_after(homes.read_model, login).values()
    assert row["home"] is None
    moved = HOME_SAID.model_copy(update={"place": "us.ma", "at": MONDAY + DAY})
    (row,) = rows_after(homes.read_model, login, HOME_SAID, moved).values()
    assert (row["home"], row["home_since"]) == ("us.ma", MONDAY + DAY)
    assert row["opened_at"].astimezone(UTC) - MONDAY < timedelta(days=3650)
    assert rows_after(homes.read_model, HOME_SAID) == {}, "whose login is not known"
