"""Why something was not done, in words for those who asked for it: by the error that says so."""

from services.intake.domain.check import NotOpenedError
from services.intake.domain.checking import TooLateError
from services.intake.domain.course import ReopenedSinceError, RepeatsAnotherError
from services.intake.domain.duplicate import (
    NoDuplicateError,
    OtherDuplicateError,
    OwnDuplicateError,
)
from services.intake.domain.files_passed import FileTakenBackError
from services.intake.domain.handing_over import DoneAlreadyError, NotTheOwnerError, ToItselfError
from services.intake.domain.more_time import NoMoreTimeError
from services.intake.domain.opening import (
    NoOpeningError,
    NotAllowedYetError,
    NotWhoAskedError,
    SamePersonError,
    SettledError,
    TooOldError,
    UsedError,
)
from services.intake.domain.pictures_passed import NotAllowedByCheckerError
from services.intake.domain.protection import ErasedError
from services.intake.domain.report_state import AlreadySettledError
from services.intake.domain.shield import NotShieldedError
from services.intake.domain.turning import AlreadyLateError, NotRunningError, TurnedTooOftenError
from services.intake.domain.words import NotToBePublicError, OtherWordsError
from services.intake.passing_files import NoPictureError
from shared.eventsourcing.errors import DomainError
from shared.web.language import Marked, marked

WHY_NOT: dict[type[DomainError], Marked] = {
    NoOpeningError: marked("Nobody asked for such an opening."),
    SamePersonError: marked("You asked for it yourself, so somebody else has to allow it."),
    SettledError: marked("Somebody was faster: it is settled already."),
    NotWhoAskedError: marked("Only who asked for it is shown the words."),
    NotAllowedYetError: marked("Nobody has allowed it."),
    UsedError: marked("The words were shown already. Ask for them once more, with a reason."),
    TooOldError: marked("It was allowed more than a day ago. Ask once more, with a reason."),
    ErasedError: marked("The words of this report were erased."),
    NotToBePublicError: marked("It is confidential or withdrawn: nothing of it is public."),
    NoPictureError: marked("Only pictures are shown to all."),
    NotAllowedByCheckerError: marked("Who took it has not allowed that everybody sees it."),
    FileTakenBackError: marked("It was taken back, and is not shown again."),
    OtherWordsError: marked("It was handed over meanwhile. Read its words once more."),
    NotShieldedError: marked("No confidential report keeps it from being public."),
    NotOpenedError: marked("There is no such check."),
    AlreadySettledError: marked("It is settled. Reopen it first."),
    NoDuplicateError: marked("It repeats no other report."),
    OwnDuplicateError: marked("A report does not repeat itself."),
    RepeatsAnotherError: marked("It repeats another report. Part it from that one first."),
    OtherDuplicateError: marked("It was said to repeat another one before. Part these two first."),
    ReopenedSinceError: marked("It was reopened after that."),
}
"""On pages of the staff."""

OF_OWNERS: dict[type[DomainError], Marked] = {
    NotTheOwnerError: marked("Somebody else has it by now."),
    DoneAlreadyError: marked("It is said to be done already."),
    ToItselfError: marked("Who has it, and who is to get it, are the same."),
    AlreadyLateError: marked("Its due date has passed. What is late stays late."),
    NoMoreTimeError: marked("That is no later than it is due."),
    TurnedTooOftenError: marked("Time was asked for too often."),
    NotRunningError: marked("It is done, or waits for somebody else."),
    TooLateError: marked("Its verdict is final by now."),
}
"""Where owners have something to do, and where it is handed over for them."""
