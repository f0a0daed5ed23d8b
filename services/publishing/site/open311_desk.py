"""Answers clients of Open311 from what is public: requests, one of them, or that of a token."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.publishing.projections import requested
from services.publishing.site.as_requests import Telling, update
from services.publishing.site.asked_for import WrongFilterError, filters, within
from services.publishing.site.desk import AwayError, heeding
from services.publishing.site.requests_as_json import AsJson
from services.publishing.site.sorry import NothingToShowError
from services.publishing.site.source import Source
from shared.contracts.identity import is_ours
from shared.contracts.request_token import digest_of, is_token
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web import open311
from shared.web.programs import OPEN311

T = TypeVar("T")

HERE = f"{OPEN311}v2"
NAME, UPDATES = "service_requests", "service_request_updates"
NO_REQUEST = "There is no such request in public."
NO_TOKEN = "What this token is for is not public, or not yet."  # noqa: S105  no secret


class Open311Desk:
    """`now` is the service's clock."""

    def __init__(
        self, source: Source, charter: Charter, now: Callable[[], datetime], base: str
    ) -> None:
        self._source = source
        self._places = charter.places
        self._telling = Telling(charter.places, charter.sectors, base)
        self._as_json = AsJson(self._telling)
        self._now = now

    def routes(self) -> list[BaseRoute]:
        return [
            Route(HERE + "/requests.{format}", self.listed),
            Route(HERE + "/requests/{id}.{format}", self.one),
            Route(HERE + "/servicerequestupdates.{format}", self.updates),
            Route(HERE + "/tokens/{token}.{format}", self.token),
            Route(OPEN311 + "{path:path}", self.nothing),
        ]

    async def listed(self, request: Request) -> Response:
        _check_format(request)
        given = request.query_params
        try:
            asked = filters(given, self._places, self._now())
        except WrongFilterError as error:
            return open311.errors(request, error.status, [error.words])

        def told(connection: Connection) -> Response:
            if asked.ids:
                return self._told(request, requested.these(connection, asked.ids))
            return self._told(request, requested.found(connection, asked.asked))

        return await self._read(told)

    async def one(self, request: Request) -> Response:
        _check_format(request)
        given = request.path_params["id"]
        try:
            within(request.query_params, self._places)
        except WrongFilterError as error:
            return open311.errors(request, error.status, [error.words])

        def told(connection: Connection) -> Response | None:
            row = requested.one(connection, given)
            return self._told(request, [row]) if row else None

        answer = await self._read(told) if is_ours(given) else None
        if answer is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_REQUEST)
        return answer

    async def updates(self, request: Request) -> Response:
        """For those who pull what came of requests."""
        _check_format(request)
        try:
            asked = filters(request.query_params, self._places, self._now())
        except WrongFilterError as error:
            return open311.errors(request, error.status, [error.words])

        def told(connection: Connection) -> Response:
            if asked.ids:
                rows = [row for row in requested.these(connection, asked.ids) if row["closed_on"]]
            else:
                rows = requested.closed(connection, asked.asked)
            return open311.told(request, UPDATES, [update(row) for row in rows])

        return await self._read(told)

    async def token(self, request: Request) -> Response:
        _check_format(request)
        token = request.path_params["token"]
        digest = digest_of(token) if is_token(token) else ""
        row = await self._read(lambda rows: requested.of_token(rows, digest)) if digest else None
        if row is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_TOKEN)
        told = {"service_request_id": row["id"], "token": token}
        return open311.told(request, NAME, [told])

    async def nothing(self, _: Request) -> Response:
        words = "What is public is told here; requests are filed at intake's address."
        raise HTTPException(HTTPStatus.NOT_FOUND, words)

    def _told(self, request: Request, rows: list[Row]) -> Response:
        """Written and packed in the thread that reads, and not in the loop that all wait for."""
        extended = request.query_params.get("extensions", "").lower() == "true"
        if open311.form_of(request) == open311.JSON:
            return open311.packed(request, self._as_json.listed(rows, extended=extended))
        told = [self._telling.told(row, extended=extended) for row in rows]
        return open311.packed(request, open311.as_xml(NAME, told))

    async def _read(self, question: Callable[[Connection], T]) -> T:
        """Raises NothingToShowError, TooMuchAskedError."""

        def asked() -> T:
            with self._source.snapshot() as connection:
                return question(connection)

        try:
            with heeding(self._source):
                return await self._source.read_shortly(asked)
        except AwayError:
            raise NothingToShowError from None


def _check_format(request: Request) -> None:
    if request.path_params["format"] not in open311.MEDIA_TYPES:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There are .xml and .json.")
