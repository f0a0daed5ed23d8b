"""Commands take a report by our id, or as its source calls it, and say what is neither."""

import pytest

from deploy.given import UnknownNameError, id_given, report_given
from services.intake.site.naming import report_id_of
from shared.testing.examples import REPORT_ID


@pytest.mark.parametrize("named", [REPORT_ID, "boston/101"])
def test_a_report_is_named_either_way(named: str) -> None:
    assert report_given(named) == report_id_of(f" {named} ") == REPORT_ID


@pytest.mark.parametrize("named", ["", "101", REPORT_ID[:-1], REPORT_ID.upper()])
def test_what_is_neither_is_told_before_anything_is_asked(named: str) -> None:
    with pytest.raises(UnknownNameError, match=r"32 hexadecimal digits.*boston/101"):
        report_given(named)
    with pytest.raises(UnknownNameError, match=r"digits\)$"):
        id_given(named)


def test_a_number_may_have_a_slash() -> None:
    assert report_given("boston/2031/7") == report_id_of("boston/2031/7") != REPORT_ID
