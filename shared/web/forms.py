"""Forms that only our own pages can send: what is posted carries a token that is bound to a cookie.

There is no session: the cookie is a random name for a browser, the token is signed for that name.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

from itsdangerous import BadData
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from shared.web.answers import SaidError
from shared.web.cookies import Cookies

M = TypeVar("M", bound=BaseModel)

COOKIE = "tribune_visitor"
TOKEN = "token"  # noqa: S105  the name of the field
GOOD_FOR_S = 12 * 60 * 60
MOST_FIELDS = 100
URL_ENCODED = "application/x-www-form-urlencoded"
_VISITOR = re.compile("[0-9a-f]{32}")
_LOCAL = re.compile(r"/(?!/)[!-\[\]-~]*")


class NotOursError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            "Not taken",
            "This form is too old, or it was not sent from a page of ours, or your browser keeps no"
            " cookies. Nothing was changed. Please open the page again and send it once more.",
        )


class NotFilledInError(Exception):
    """`errors` say by field what to mend."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Forms:
    """`origins` are those of our sites whose address is known."""

    cookies: Cookies
    origins: frozenset[str] = frozenset()

    def visitor(self, request: Request) -> str:
        """The browser's name, a fresh one if it has none."""
        known = request.cookies.get(COOKIE, "")
        return known if _VISITOR.fullmatch(known) else secrets.token_hex(16)

    def token(self, visitor: str) -> str:
        """Another one each time, so that compression gives nothing of it away."""
        return self.cookies.signer(f"form of {visitor}").dumps(secrets.token_hex(8))

    def know(self, request: Request, response: Response, visitor: str) -> None:
        self.cookies.put(request, response, COOKIE, visitor, None)

    async def posted(self, request: Request) -> dict[str, str]:
        """The fields of a form of ours. Raises SaidError."""
        if not self._is_from_here(request):
            raise NotOursError
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != URL_ENCODED:
            raise SaidError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "Not like this",
                "This address takes what a form sends.",
            )
        try:
            text = (await request.body()).decode()
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
            visitor = request.cookies.get(COOKIE, "")
            if not _VISITOR.fullmatch(visitor):
                raise NotOursError
            signer = self.cookies.signer(f"form of {visitor}")
            signer.loads(fields.pop(TOKEN, ""), max_age=GOOD_FOR_S)
        except (BadData, ValueError):
            raise NotOursError from None
        return fields

    def _is_from_here(self, request: Request) -> bool:
        """As far as the browser tells; the headers of our own pages make it say `null`."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = request.headers.get("Origin", "null").lower()
        here = request.headers.get("Host", "").lower()
        return origin == "null" or origin.partition("://")[2] == here or origin in self.origins


def filled_in(model: type[M], fields: Mapping[str, str], words: Mapping[str, str]) -> M:
    """What was filled in; `words` say by field what it takes. Raises NotFilledInError."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        wrong = [str(each["loc"][0]) for each in error.errors()]
        raise NotFilledInError({field: words[field] for field in wrong}) from None


def local(address: str, otherwise: str) -> str:
    """The address if it is one of this host, as `/overdue?place=us`: a form leads nowhere else."""
    return address if _LOCAL.fullmatch(address) else otherwise
