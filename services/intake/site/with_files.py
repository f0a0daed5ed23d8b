"""A page's form with files: what was typed, what came with it, and why it can't be taken."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request

from services.intake.domain.files_added import EndedError, TooManyFilesError
from services.intake.domain.protection import ErasedError
from services.intake.files.keeping import ErasedFilesError
from services.intake.files.reasons import REASONS
from services.intake.files.uploading import TOO_MANY as TOO_MANY_FILES
from services.intake.files.uploading import BusyError, Taken, Uploads
from shared.eventsourcing.errors import DomainError, LogFullError, RefusedAppendError, TryLaterError
from shared.web.answers import NOT_SO, SaidError
from shared.web.fair_share import address_of
from shared.web.forms import MOST_FIELDS, Forms, NotOursError, kind_of_body
from shared.web.language import Marked, marked
from shared.web.parts import InParts, Parts, WrongPartsError
from shared.web.turns import NoTurnError

PARTS = "multipart/form-data"
ATTACHED = "attached"
NOT_JUST_NOW = marked(
    "It cannot be taken in at this moment. Nothing is lost: send it once more in a minute."
)
TOO_MANY = marked("Many are sending something at this moment. Send it once more in a minute.")
GONE = marked("Your files waited for too long, and are gone. Choose them once more.")
NO_ROOM = marked("There is no room for files just now. Leave them out, so that your words arrive.")
NOTHING_KEPT = marked("The report was erased: nothing more is kept of it.")
WHY_NOT_ADDED: dict[type[DomainError], Marked] = {
    EndedError: marked("The report has ended: no file is added to it any more."),
    ErasedError: NOTHING_KEPT,
    ErasedFilesError: NOTHING_KEPT,
    TooManyFilesError: REASONS[TOO_MANY_FILES],
}
NOT_TAKEN = (BusyError, TryLaterError, RefusedAppendError, NoTurnError, OSError, TimeoutError)
"""Whoever sends it once more loses nothing."""


def why_not_taken(error: Exception) -> Marked:
    """Of one that is `NOT_TAKEN`."""
    if isinstance(error, LogFullError):
        return NO_ROOM
    return TOO_MANY if isinstance(error, BusyError | NoTurnError) else NOT_JUST_NOW


def why_left_out(
    found: InParts, wrong: Mapping[int, str], many: str = TOO_MANY_FILES
) -> dict[str, Marked]:
    """What is wrong with the first of those that were not taken; `many` where too much was sent."""
    reasons = [*wrong.values(), *([many] if found.left_out else [])]
    return {"files": REASONS[reasons[0]]} if reasons else {}


def keep_named(fields: dict[str, str], taken: Taken) -> None:
    """What was uploaded stands in the form from then on, each file by its newest name."""
    names = [*fields.get(ATTACHED, "").split(), *taken.names]
    fields[ATTACHED] = " ".join({name.partition(".")[0]: name for name in names}.values())


@dataclass(frozen=True)
class FormsWithFiles:
    """`uploads` is none where files are not taken."""

    forms: Forms
    uploads: Uploads | None

    @asynccontextmanager
    async def posted(self, request: Request) -> AsyncIterator[tuple[dict[str, str], InParts]]:
        """The fields of a form of ours, and its files, which have a place as long as this lasts.
        No file is read of who does not come from our page. Raises SaidError, BusyError."""
        if self.uploads is None or kind_of_body(request) != PARTS:
            yield await self.forms.posted(request), InParts()
            return

        def is_ours(texts: Parts) -> str | None:
            self.forms.ours(request, _fields(texts))
            return address_of(request)

        try:
            async with self.uploads.read(request, MOST_FIELDS, is_ours) as found:
                yield self.forms.ours(request, _fields(found.texts)), found
        except WrongPartsError:
            raise NotOursError from None


def _fields(texts: Parts) -> dict[str, str]:
    """Raises SaidError if one is named twice."""
    fields = dict(texts)
    if len(fields) != len(texts):
        raise SaidError(HTTPStatus.BAD_REQUEST, NOT_SO[0], marked("A field is named twice here."))
    return fields
