"""What intake's pages for the staff have in common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel
from starlette.requests import Request

from services.intake.site.why_not import OF_OWNERS, WHY_NOT
from shared.contracts.roles import Role
from shared.contracts.values import Line
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.guard import NotYoursError, session_of
from shared.web.language import Marked, marked

AT_DESK: tuple[Role, ...] = ("inspector", "editor", "auditor")
"""Who sees the desk; only inspectors decide there, and editors about pictures."""

BEFORE_OTHERS: tuple[Role, ...] = ("inspector", "editor", "operator")
"""As whom somebody acts who has several roles: the one that says most about why."""


class WithReason(BaseModel):
    reason: Line


@dataclass(frozen=True)
class StaffDesk(FormPages):
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = WHY_NOT | OF_OWNERS
    words: ClassVar[Mapping[str, Marked]] = {
        "report": marked("Type the report's id, or its source and number with a slash between."),
        "reason": marked("Say in one line why, without names."),
        "words": marked("Say it in your words; at most 4,000 characters."),
        "original": marked("Type the report's id, or its source and number with a slash between."),
        "answer": marked("Type the answer; at most 4,000 characters."),
        "owner": marked("Say in one line who is to do it."),
        "task": marked("Say in one line what is to be done."),
        "due": marked("Choose the day by which it is to be done."),
        "place": marked("Choose a place from the list."),
        "sector": marked("Choose what it is about."),
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
