"""The addresses below `/open311/v2/` at intake; what is public publishing tells."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.intake.api.open311.filing import Filing
from services.intake.api.open311.services import Services
from services.intake.api.open311.tokens import Tokens, is_public
from services.intake.api.open311.updating import Updating
from services.intake.api.open311.whereabouts import jurisdiction_of
from services.intake.api.open311.wrong import WrongRequestError
from shared.web import open311
from shared.web.answers import NOT_KEPT
from shared.web.programs import OPEN311
from shared.web.sites import Sites

HERE = f"{OPEN311}v2"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = tuple(open311.MEDIA_TYPES)
PUBLISHING = "publishing"
FILTERS = frozenset(
    (
        *("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date"),
        *("status", "page", "page_size", "extensions", "about"),
    )
)


def _answering(endpoint: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """In a format that there is, and what is wrong as a list."""

    @wraps(endpoint)
    async def answer(self: "Addresses", request: Request) -> Response:
        if request.path_params["format"] not in FORMATS:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There are .xml and .json.")
        try:
            return await endpoint(self, request)
        except WrongRequestError as error:
            return open311.errors(request, error.status, error.words)

    return answer


@dataclass(frozen=True)
class Addresses:
    """`name` is that of the instance, `changed` when what it tells of itself was changed last."""

    filing: Filing
    updating: Updating
    services: Services
    places: Mapping[str, str]
    tokens: Tokens
    sites: Sites
    name: str
    changed: str

    def routes(self) -> list[BaseRoute]:
        return [
            Route(HERE + "/discovery.{format}", self.discovery),
            Route(HERE + "/services.{format}", self.listed),
            Route(HERE + "/services/{code}.{format}", self.defined),
            Route(HERE + "/requests.{format}", self.file, methods=["POST"]),
            Route(HERE + "/servicerequestupdates.{format}", self.update, methods=["POST"]),
            Route(HERE + "/servicerequestupdates.{format}", self.requests),
            Route(HERE + "/tokens/{token}.{format}", self.token),
            Route(HERE + "/requests.{format}", self.requests),
            Route(HERE + "/requests/{id}.{format}", self.requests),
        ]

    @_answering
    async def discovery(self, request: Request) -> Response:
        endpoint = {
            "specification": SPECIFICATION,
            "url": f"{self.sites.base.rstrip('/')}{HERE}",
            "changeset": self.changed,
            "type": "production",
            "formats": list(open311.MEDIA_TYPES.values()),
        }
        told = {
            "changeset": self.changed,
            "contact": f"Ask those who run {self.name}: {self.sites.base}",
            "key_service": f"The operators of {self.name} give each source a key of its own.",
            "endpoints": [endpoint],
        }
        return open311.told(request, "discovery", told)

    @_answering
    async def listed(self, request: Request) -> Response:
        self._check_jurisdiction(request)
        return open311.told(request, "services", self.services.listed())

    @_answering
    async def defined(self, request: Request) -> Response:
        self._check_jurisdiction(request)
        told = self.services.defined(request.path_params["code"])
        return open311.told(request, "service_definition", told)

    @_answering
    async def file(self, request: Request) -> Response:
        return await self.filing.answer(request)

    @_answering
    async def update(self, request: Request) -> Response:
        return await self.updating.answer(request)

    @_answering
    async def token(self, request: Request) -> Response:
        """Of what is not public its token is all there is: no id that others know."""
        self._check_jurisdiction(request)
        token = request.path_params["token"]
        filed = await self.tokens.filed(token)
        if filed is None:
            words = "There is no such token, or what it is for was not taken in yet."
            raise HTTPException(HTTPStatus.NOT_FOUND, words)
        if is_public(filed) and self._public_address(request):
            return self._to_publishing(request)
        told: dict[str, Any] = {"service_request_id": None, "token": token}
        return open311.told(request, "service_requests", [told])

    @_answering
    async def requests(self, request: Request) -> Response:
        if not self._public_address(request):
            words = "What is public is told by publishing, whose address is not known here."
            raise HTTPException(HTTPStatus.NOT_FOUND, words)
        return self._to_publishing(request)

    def _to_publishing(self, request: Request) -> Response:
        """Whatever else was asked, a key for one, does not go along."""
        asked = {name: said for name, said in request.query_params.items() if name in FILTERS}
        address = self._public_address(request) + (f"?{urlencode(asked)}" if asked else "")
        return RedirectResponse(address, HTTPStatus.TEMPORARY_REDIRECT, NOT_KEPT)

    def _public_address(self, request: Request) -> str:
        path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
        return self.sites.page_of(PUBLISHING, path)

    def _check_jurisdiction(self, request: Request) -> None:
        """Raises WrongRequestError."""
        jurisdiction_of(request.query_params.get("jurisdiction_id", ""), self.places)
