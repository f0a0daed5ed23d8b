"""A page's form with files: what was typed, and what came with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request

from services.intake.files.uploading import Uploads
from shared.web.answers import NOT_SO, SaidError
from shared.web.fair_share import address_of
from shared.web.forms import MOST_FIELDS, Forms, NotOursError, kind_of_body
from shared.web.language import marked
from shared.web.parts import InParts, Parts, WrongPartsError

PARTS = "multipart/form-data"


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
