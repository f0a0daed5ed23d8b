"""Forms that only our own pages can send: what is posted carries a token that is signed for the
browser's name, which lies in a cookie."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from itsdangerous import BadData
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from shared.web.answers import SaidError
from shared.web.cookies import Cookies
from shared.web.language import Marked, marked
from shared.web.strict_fields import fields_of
from shared.web.visitors import known_visitor

M = TypeVar("M", bound=BaseModel)

TOKEN = "token"  # noqa: S105  the name of the field
GOOD_FOR_S = 12 * 60 * 60
MOST_FIELDS = 100
URL_ENCODED = "application/x-www-form-urlencoded"
_LOCAL = re.compile(r"/(?!/)[!-\[\]-~]*")


class NotOursError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("Not taken"),
            marked(
                "This form is too old, or it was not sent from a page of ours, or your browser"
                " keeps no cookies. Nothing was changed. Please open the page again and send it"
                " once more."
            ),
        )


class NoFormError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            marked("Not like this"),
            marked("This address takes what a form sends."),
        )


class NotFilledInError(Exception):
    """`errors` say by field what to mend."""

    def __init__(self, errors: Mapping[str, Marked]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Forms:
    """`origins` are those of our sites whose address is known."""

    cookies: Cookies
    origins: frozenset[str] = frozenset()

    def token(self, visitor: str) -> str:
        """Another one each time, so that compression gives nothing of it away."""
        return self.cookies.signer(f"form of {visitor}").dumps(secrets.token_hex(8))

    async def posted(self, request: Request) -> dict[str, str]:
        """The fields of a form of ours. Raises SaidError."""
        self._require_from_here(request)
        if kind_of_body(request) != URL_ENCODED:
            raise NoFormError
        try:
            fields = fields_of((await request.body()).decode(), MOST_FIELDS)
        except ValueError:
            raise NotOursError from None
        return self.ours(request, fields)

    def ours(self, request: Request, fields: dict[str, str]) -> dict[str, str]:
        """Without the token, which has to be good. Raises SaidError."""
        self._require_from_here(request)
        visitor = known_visitor(request)
        if not visitor:
            raise NotOursError
        signer = self.cookies.signer(f"form of {visitor}")
        try:
            signer.loads(fields.pop(TOKEN, ""), max_age=GOOD_FOR_S)
        except (BadData, ValueError):
            raise NotOursError from None
        return fields

    def _require_from_here(self, request: Request) -> None:
        if not self._is_from_here(request):
            raise NotOursError

    def _is_from_here(self, request: Request) -> bool:
        """As far as the browser tells. Our own pages never say `null`: they let it tell ourselves
        where a reader comes from."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        here = request.headers.get("Host", "").lower()
        return origin.lower().partition("://")[2] == here or origin.lower() in self.origins


def kind_of_body(request: Request) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def filled_in(model: type[M], fields: Mapping[str, str], words: Mapping[str, Marked]) -> M:
    """What was filled in; `words` say by field what it takes. Raises NotFilledInError."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        wrong = [str(each["loc"][0]) for each in error.errors()]
        raise NotFilledInError({field: words[field] for field in wrong}) from None


def local(address: str, otherwise: str) -> str:
    """The address if it is one of this host, as `/overdue?place=us`: a form leads nowhere else."""
    return address if _LOCAL.fullmatch(address) else otherwise
