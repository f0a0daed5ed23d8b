"""What intake's pages for the staff have in common."""

from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from re import fullmatch
from typing import ClassVar, TypeVar

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.intake.domain.check import NotOpenedError
from services.intake.domain.course import ReopenedSinceError, RepeatsAnotherError
from services.intake.domain.duplicate import (
    NoDuplicateError,
    OtherDuplicateError,
    OwnDuplicateError,
)
from services.intake.domain.files_passed import FileTakenBackError
from services.intake.domain.opening import (
    NoOpeningError,
    NotAllowedYetError,
    NotWhoAskedError,
    SamePersonError,
    SettledError,
    TooOldError,
    UsedError,
)
from services.intake.domain.protection import ErasedError
from services.intake.domain.report_state import AlreadySettledError
from services.intake.domain.shield import NotShieldedError
from services.intake.domain.words import NotToBePublicError
from services.intake.passing_files import NoPictureError
from shared.contracts.roles import Role
from shared.contracts.values import ID_PATTERN, Line
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.answers import SaidError
from shared.web.guard import NotYoursError, session_of
from shared.web.language import Marked, marked

T = TypeVar("T")
AT_DESK: tuple[Role, ...] = ("inspector", "editor", "auditor")
"""Who sees the desk; only inspectors decide there, and editors about pictures."""

BEFORE_OTHERS: tuple[Role, ...] = ("inspector", "editor", "operator")
"""As whom somebody acts who has several roles: the one that says most about why."""

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
    FileTakenBackError: marked("It was taken back, and is not shown again."),
    NotShieldedError: marked("No confidential report keeps it from being public."),
    NotOpenedError: marked("There is no such check."),
    AlreadySettledError: marked("It is settled. Reopen it first."),
    NoDuplicateError: marked("It repeats no other report."),
    OwnDuplicateError: marked("A report does not repeat itself."),
    RepeatsAnotherError: marked("It repeats another report. Part it from that one first."),
    OtherDuplicateError: marked("It was said to repeat another one before. Part these two first."),
    ReopenedSinceError: marked("It was reopened after that."),
}


class WithReason(BaseModel):
    reason: Line


@dataclass(frozen=True)
class StaffDesk(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "report": marked("Type the report's id, or its source and number with a slash between."),
        "reason": marked("Say in one line why, without names."),
        "words": marked("Say it in your words; at most 4,000 characters."),
        "original": marked("Type the report's id, or its source and number with a slash between."),
        "answer": marked("Type the answer; at most 4,000 characters."),
        "owner": marked("Say in one line who is to do it."),
        "task": marked("Say in one line what is to be done."),
        "due": marked("Choose the day by which it is to be done."),
        "known_to": marked("Choose who may know of it."),
        "to": marked("Say who is to do it from now on."),
        "seen": marked("This page is too old. Please send it once more."),
        "once": marked("This page is too old. Please send it once more."),
    }

    def role_of(self, request: Request, among: Collection[Role]) -> Role:
        """Raises NotYoursError."""
        own = self.guard.roles_of(session_of(request)) & frozenset(among)
        for role in BEFORE_OTHERS:
            if role in own:
                return role
        raise NotYoursError

    async def done(self, doing: Awaitable[T]) -> T:
        """Says why not, if not. Raises SaidError."""
        try:
            return await doing
        except DomainError as error:
            if (why := WHY_NOT.get(type(error))) is None:
                raise
            raise SaidError(HTTPStatus.CONFLICT, marked("Not like this"), why) from None


def id_in(request: Request, name: str) -> str:
    """What is no id at all is asked of no log."""
    found: str = request.path_params[name]
    if not fullmatch(ID_PATTERN, found):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found
