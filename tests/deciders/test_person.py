"""A person is erased once."""

from services.intake.domain.person import ErasePerson, category
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import PERSON_ERASED

SPEC = DeciderSpec(category.decider)


def test_a_person_is_erased_once_whoever_asks_again() -> None:
    SPEC.given().when(ErasePerson(PERSON_ERASED)).then(PERSON_ERASED)
    SPEC.given(PERSON_ERASED).when(ErasePerson(PERSON_ERASED)).then()
