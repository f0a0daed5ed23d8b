"""Of whom what is kept since when, until it is erased."""

import pytest
from sqlalchemy import Engine

from services.intake.projections.kept import read_model
from shared.contracts.report import ReportEvent, ReportFiled
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.projections.read_model import Row
from shared.testing.examples import (
    DAY,
    DUPLICATE_REFUSED,
    ERASURE_ANNOUNCED,
    MEMBER_ID,
    MONDAY,
    PERSON_ERASED,
    PERSON_ERASURE_ANNOUNCED,
    RECORDED_FROM,
    REPORT_ANSWERED,
    REPORT_CLOSED,
    REPORT_CONFIRMED,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    report_id,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

SEALED: ReportFiled = varied(REPORT_FILED, text=CLOSED, protected=True, correspondent=MEMBER_ID)
NOBODYS: ReportFiled = varied(SEALED, correspondent=None)


@pytest.fixture
def kept_rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(read_model, database)


def the_report(state: str, **more: object) -> Row:
    return {"thing": REPORT_ID, "kind": "report", "source": "boston", "state": state, **more}


def the_person(state: str, **more: object) -> Row:
    return {"thing": MEMBER_ID, "kind": "person", "source": "boston", "state": state, **more}


def test_words_and_person_are_kept_since_the_report_was_filed(kept_rows: ProjectionSpec) -> None:
    since = {"since": MONDAY, "erase_at": None}
    kept_rows.given(SEALED).then(
        the_report("kept", is_open=True, **since), the_person("kept", is_open=False, **since)
    )


@pytest.mark.parametrize("hidden", [{"protected": True}, {"protected": False}])
def test_a_point_that_is_sealed_has_a_key_as_words_have(
    kept_rows: ProjectionSpec, hidden: dict[str, bool]
) -> None:
    filed = varied(NOBODYS, text="", point=CLOSED, **hidden)
    kept_rows.given(filed).then(the_report("kept", is_open=True, since=MONDAY, erase_at=None))


def test_nothing_is_kept_since_later_than_it_came(kept_rows: ProjectionSpec) -> None:
    """A source may say any moment, and nothing would ever fall due."""
    late = varied(NOBODYS, filed_at=MONDAY + 9_000 * DAY)
    (row,) = kept_rows.given(late).ask(lambda _: kept_rows._project([1]))
    assert RECORDED_FROM <= row["since"] < RECORDED_FROM + DAY


def test_what_is_public_is_not_looked_at_unless_it_is_sealed(kept_rows: ProjectionSpec) -> None:
    public = varied(SEALED, protected=False)
    kept_rows.given(varied(public, text="In the clear")).then()
    kept_rows.given(public).then(the_report("kept"))


def test_words_in_the_clear_have_no_key_until_some_are_sealed(kept_rows: ProjectionSpec) -> None:
    clear = varied(NOBODYS, text="In the clear")
    kept_rows.given(clear, REPORT_ANSWERED).then(the_report("clear"))
    kept_rows.given(clear, varied(REPORT_ANSWERED, answer=CLOSED)).then(the_report("kept"))


@pytest.mark.parametrize("event", [REPORT_CONFIRMED, REPORT_CLOSED])
def test_a_settled_one_is_not_open_any_more(kept_rows: ProjectionSpec, event: ReportEvent) -> None:
    kept_rows.given(NOBODYS, event).then(the_report("kept", is_open=False))
    kept_rows.given(NOBODYS, event, DUPLICATE_REFUSED).then(the_report("kept", is_open=True))


def test_what_is_announced_is_erased_whether_or_not_it_is_time(kept_rows: ProjectionSpec) -> None:
    at = {"erase_at": ERASURE_ANNOUNCED.erase_at}
    kept_rows.given(NOBODYS, ERASURE_ANNOUNCED).then(the_report("announced", **at))
    erased = the_report("erased", erase_at=None)
    kept_rows.given(NOBODYS, ERASURE_ANNOUNCED, REPORT_ERASED).then(erased)
    kept_rows.given(NOBODYS, REPORT_ERASED, varied(REPORT_ANSWERED, answer=CLOSED)).then(erased)


def test_a_person_of_whom_something_is_heard_is_kept_anew(kept_rows: ProjectionSpec) -> None:
    again = varied(SEALED, report_id=report_id(7), filed_at=MONDAY + 5 * DAY)
    other = {"thing": report_id(7), "state": "kept"}
    kept_rows.given(SEALED, PERSON_ERASURE_ANNOUNCED).then(
        the_report("kept"), the_person("announced")
    )
    kept_rows.given(SEALED, PERSON_ERASURE_ANNOUNCED, again).then(
        the_report("kept"), other, the_person("kept", since=MONDAY + 5 * DAY, erase_at=None)
    )
    earlier = varied(again, filed_at=MONDAY - DAY)
    kept_rows.given(SEALED, PERSON_ERASURE_ANNOUNCED, earlier).then(
        the_report("kept"), other, the_person("announced", since=MONDAY)
    )
    kept_rows.given(SEALED, PERSON_ERASED, again).then(
        the_report("kept"), other, the_person("erased")
    )


def test_of_what_never_came_nothing_is_kept(kept_rows: ProjectionSpec) -> None:
    kept_rows.given(PERSON_ERASED, ERASURE_ANNOUNCED, REPORT_ERASED).then()
