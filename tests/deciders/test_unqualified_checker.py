"""Whoever is qualified on nothing any more is not drawn as a checker until they are again."""

from services.intake.domain.checker import (
    CheckerCommand,
    NoteQualified,
    NoteUnqualified,
    category,
)
from services.intake.reactions import CHECKERS
from shared.contracts.checking import CheckerEvent
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECKER_QUALIFIED,
    CHECKER_READY,
    CHECKER_UNQUALIFIED,
    MEMBER_ID,
    QUALIFICATION_LAPSED,
    QUALIFICATION_REVOKED,
    recorded,
    varied,
)

checker: DeciderSpec[CheckerCommand, CheckerEvent] = DeciderSpec(category(checks=True).decider)
END, AGAIN = NoteUnqualified(MEMBER_ID), NoteQualified(CHECKER_QUALIFIED)


def test_it_is_noted_once_of_who_was_noted_as_qualified() -> None:
    checker.given(CHECKER_QUALIFIED, CHECKER_READY).when(END).then(CHECKER_UNQUALIFIED)
    checker.given(CHECKER_READY).when(END).then_nothing_happens()


def test_who_qualifies_again_is_noted_again() -> None:
    checker.given(CHECKER_QUALIFIED, CHECKER_UNQUALIFIED).when(AGAIN).then(CHECKER_QUALIFIED)
    checker.given(CHECKER_QUALIFIED).when(AGAIN).then_nothing_happens()


def test_who_holds_another_qualification_still_stays_a_checker() -> None:
    for event in (QUALIFICATION_LAPSED, QUALIFICATION_REVOKED):
        assert type(event) in CHECKERS.handles
        (ask,) = CHECKERS.ask(recorded(event, 9))
        assert ask.command == END
        assert not [*CHECKERS.ask(recorded(varied(event, holds=1), 9))]
