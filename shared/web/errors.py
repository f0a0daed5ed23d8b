"""What is answered when there is no answer: a page for people, a problem for programs."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.web import open311
from shared.web.answers import FAILED, words_of
from shared.web.faults import Faults
from shared.web.frame import Frame
from shared.web.problems import names_of, problem, wrong_values
from shared.web.programs import for_programs

NOTED = "A fault of ours; it was noted."


class Errors:
    """By the address, not by what a client says it accepts: that may be anything."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._faults = Faults()

    async def refused(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        title, text = words_of(error)
        if open311.is_asked(request):
            return open311.errors(request, error.status_code, [text], error.headers)
        if for_programs(request):
            return problem(error.status_code, text, error.headers)
        return self._frame.sorry(error.status_code, title, text, error.headers)

    async def invalid(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        found = wrong_values(error.errors(), names_of(request.app.openapi()))
        text = "; ".join(f"{each.where}: {each.detail}" for each in found)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, text, errors=found)

    async def left(self, _: Request, __: Exception) -> Response:
        """Nobody is there to be answered, and it is no fault of ours."""
        return Response(status_code=HTTPStatus.BAD_REQUEST)

    async def failed(self, request: Request, error: Exception) -> Response:
        self._faults.met(request.url.path, error)
        if open311.is_asked(request):
            return open311.errors(request, HTTPStatus.INTERNAL_SERVER_ERROR, [NOTED])
        if for_programs(request):
            return problem(HTTPStatus.INTERNAL_SERVER_ERROR, NOTED)
        return self._frame.sorry(HTTPStatus.INTERNAL_SERVER_ERROR, *FAILED)
