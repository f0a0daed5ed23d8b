"""What is typed into the form on which anybody reports something, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, StringConstraints

from services.intake.trail.typed import TypedWords
from shared.contracts.attachment import MOST_FILES, NAME_PATTERN
from shared.contracts.values import Id
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

_NAME = NAME_PATTERN.strip("^$")
ATTACHED = f"^({_NAME}( {_NAME}){{0,{MOST_FILES - 1}}})?$"


class Typed(BaseModel):
    once: Id
    place: Annotated[str, StringConstraints(min_length=1)]
    sector: Annotated[str, StringConstraints(min_length=1)]
    text: TypedWords
    known_to: Literal["body", "all"]
    point: Annotated[str, StringConstraints(max_length=32)] = ""
    same: Annotated[str, StringConstraints(max_length=32)] = ""
    member: Literal["", "yes"] = ""
    nameless: Literal["", "yes"] = ""
    attached: Annotated[str, StringConstraints(pattern=ATTACHED)] = ""

    @property
    def is_named(self) -> bool:
        """Only who was told so on the form itself: it was asked for as nobody by who signs in in
        between, and said then that nobody asks who they are."""
        return bool(self.member) and not self.nameless


@dataclass(frozen=True)
class ReportForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "once": marked("This page is too old. Please send it once more."),
        "place": marked("Choose the place that it is about."),
        "sector": marked("Choose what it is about."),
        "text": marked("Say in your words what you saw; at most 4,000 characters."),
        "known_to": marked("Choose who may know of it."),
        "point": marked("Press the map once more."),
        "member": marked("This page is too old. Please send it once more."),
        "nameless": marked("Tick it or leave it."),
        "attached": marked("This page is too old. Please send it once more."),
    }
