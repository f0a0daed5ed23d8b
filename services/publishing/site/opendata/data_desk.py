"""Answers whoever takes the open data: its page, catalogue, dictionary, checksums and files."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.publishing.site.handing import Handing
from services.publishing.site.opendata import telling
from services.publishing.site.opendata.all_formats import formats_of
from services.publishing.site.opendata.datasets import DATASETS
from services.publishing.site.opendata.edition import Edition
from services.publishing.site.opendata.editions import Editions
from services.publishing.site.opendata.formats import as_json
from services.publishing.site.opendata.sink import Made
from services.publishing.site.pages import DATA, Pages
from services.publishing.site.sorry import NotFoundError
from shared.runtime.charter import Charter
from shared.web.answers import ASK_AGAIN, Kept, answer, unpacks

FILES = frozenset(
    f"{dataset.name}.{each.ending}" for dataset in DATASETS for each in formats_of(dataset)
)


class DataDesk:
    """`base` is the site's address with a slash at its end."""

    def __init__(
        self, handing: Handing, pages: Pages, editions: Editions, charter: Charter, base: str
    ) -> None:
        self._handing, self._pages, self._editions = handing, pages, editions
        self._charter, self._base = charter, base
        self._dictionary = _json(telling.dictionary(charter), "application/json")

    def routes(self) -> list[BaseRoute]:
        return [
            Route(DATA, self.page),
            Route(f"{DATA}/catalog.jsonld", self.catalogue),
            Route(f"{DATA}/dictionary.json", self.dictionary),
            Route(f"{DATA}/SHA256SUMS", self.checksums),
            Route(DATA + "/{file}", self.file),
        ]

    async def page(self, request: Request) -> Response:
        handed = await self._handing.handed(DATA, self._pages.open_data)
        return self._handing.page(request, handed)

    async def dictionary(self, request: Request) -> Response:
        return answer(request, self._dictionary)

    async def catalogue(self, request: Request) -> Response:
        edition = await self._editions.newest()
        told = telling.catalogue(edition, self._charter, self._base)
        return self._with_version(edition, answer(request, _json(told, "application/ld+json")))

    async def checksums(self, request: Request) -> Response:
        edition = await self._editions.newest()
        kept = Kept(telling.checksums(edition).encode(), "text/plain")
        return self._with_version(edition, answer(request, kept))

    async def file(self, request: Request) -> Response:
        """Its header says of which edition it is, and what its checksum is."""
        name = request.path_params["file"]
        if name not in FILES:
            raise NotFoundError
        edition = await self._editions.newest()
        return self._with_version(edition, _sent(request, edition.files[name]))

    def _with_version(self, edition: Edition, response: Response) -> Response:
        response.headers["Tribune-Version"] = str(edition.version)
        response.headers["Tribune-Position"] = str(edition.version.position)
        return response


def _json(told: dict[str, Any], media_type: str) -> Kept:
    return Kept(as_json(told).encode(), media_type)


def _sent(request: Request, made: Made) -> Response:
    """Never more of it in memory than a part."""
    is_packed = unpacks(request.headers.get("Accept-Encoding", ""))
    etag = f'W/"{made.sha256[:20]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": ASK_AGAIN,
        "Vary": "Accept-Encoding",
        "Tribune-Sha256": made.sha256,
    }
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    headers["Content-Length"] = str(made.packed_size if is_packed else made.size)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        return Response(headers=headers, media_type=made.media_type)
    parts = made.kept.packed() if is_packed else made.kept.unpacked()
    return StreamingResponse(_streamed(parts), headers=headers, media_type=_whole(made.media_type))


def _whole(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


async def _streamed(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    async for part in iterate_in_threadpool(parts):
        if part:
            yield part
