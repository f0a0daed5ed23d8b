"""Ids of what an address names."""

from http import HTTPStatus
from re import fullmatch

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.contracts.values import ID_PATTERN


def id_in(request: Request, name: str) -> str:
    """What is no id at all is asked of no log. Raises HTTPException."""
    found: str = request.path_params[name]
    if not fullmatch(ID_PATTERN, found):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found
