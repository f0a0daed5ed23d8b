"""What was kept for its time is announced, and erased once that time has come; each once."""

import pytest

from services.intake.domain.person import (
    AnnouncePersonsErasure,
    ErasePerson,
    ErasePersonAsAnnounced,
)
from services.intake.domain.person import category as person_category
from services.intake.domain.protection import AnnounceErasure, EraseAsAnnounced, EraseReport
from services.intake.domain.report import NotFiledError, decider
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    ERASURE_ANNOUNCED,
    MEMBER_ID,
    MONDAY,
    PERSON_ERASED,
    PERSON_ERASURE_ANNOUNCED,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    varied,
)

REPORT = DeciderSpec(decider)
PERSON = DeciderSpec(person_category.decider)
AT = MONDAY + 8 * DAY
ANNOUNCE = AnnounceErasure(REPORT_ID, AT, MONDAY + DAY)
ANNOUNCE_PERSON = AnnouncePersonsErasure(MEMBER_ID, AT, MONDAY + DAY)
IN_TIME = varied(REPORT_ERASED, reason="retention", erased_at=AT)
PERSON_IN_TIME = varied(PERSON_ERASED, reason="retention", erased_at=AT, may_return=True)


def test_a_report_is_announced_once_and_anew_for_another_moment() -> None:
    REPORT.given(REPORT_FILED).when(ANNOUNCE).then(ERASURE_ANNOUNCED)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED).when(ANNOUNCE).then()
    later = AnnounceErasure(REPORT_ID, AT + DAY, MONDAY + DAY)
    told = varied(ERASURE_ANNOUNCED, erase_at=AT + DAY)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED).when(later).then(told)
    REPORT.given(REPORT_FILED, REPORT_ERASED).when(ANNOUNCE).then()
    REPORT.given().when(ANNOUNCE).then_fails_with(NotFiledError)


def test_a_report_is_erased_when_it_is_time_and_never_unannounced() -> None:
    erase = EraseAsAnnounced(REPORT_ID, AT)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED).when(erase).then(IN_TIME)
    early = EraseAsAnnounced(REPORT_ID, AT - DAY)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED).when(early).then()
    REPORT.given(REPORT_FILED).when(erase).then()
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED, IN_TIME).when(erase).then()
    put_off = varied(ERASURE_ANNOUNCED, erase_at=AT + DAY)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED, put_off).when(erase).then()


def test_whoever_asks_for_an_erasure_need_not_wait_for_what_is_announced() -> None:
    asked = EraseReport(REPORT_ID, REPORT_ERASED.reason, REPORT_ERASED.erased_at)
    REPORT.given(REPORT_FILED, ERASURE_ANNOUNCED).when(asked).then(REPORT_ERASED)


def test_a_person_is_announced_and_erased_and_may_return() -> None:
    PERSON.given().when(ANNOUNCE_PERSON).then(PERSON_ERASURE_ANNOUNCED)
    PERSON.given(PERSON_ERASURE_ANNOUNCED).when(ANNOUNCE_PERSON).then()
    erase = ErasePersonAsAnnounced(MEMBER_ID, AT)
    PERSON.given(PERSON_ERASURE_ANNOUNCED).when(erase).then(PERSON_IN_TIME)
    PERSON.given().when(erase).then()
    early = ErasePersonAsAnnounced(MEMBER_ID, AT - DAY)
    PERSON.given(PERSON_ERASURE_ANNOUNCED).when(early).then()


@pytest.mark.parametrize("command", [ANNOUNCE_PERSON, ErasePersonAsAnnounced(MEMBER_ID, AT)])
def test_who_asked_to_be_erased_is_not_announced_any_more(command: object) -> None:
    PERSON.given(PERSON_ERASURE_ANNOUNCED, PERSON_ERASED).when(command).then()  # type: ignore[arg-type]
    PERSON.given(PERSON_IN_TIME).when(ErasePerson(PERSON_ERASED)).then()
