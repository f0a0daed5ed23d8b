"""Style, script and icon of the site, under addresses that change with their content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web.answers import ASK_AGAIN, FOR_EVER, Kept, answer

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    name: str
    body: bytes
    media_type: str

    @cached_property
    def kept(self) -> Kept:
        return Kept(self.body, self.media_type)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]

    @property
    def address(self) -> str:
        return f"/static/{self.digest}/{self.name}"


def read_assets(folder: Path) -> dict[str, Asset]:
    """By name; none where there is no such folder."""
    return {
        path.name: Asset(path.name, path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.suffix in MEDIA_TYPES
    }


def assets_route(assets: Mapping[str, Asset]) -> Route:
    async def static(request: Request) -> Response:
        asset = assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        current = request.path_params["digest"] == asset.digest
        return answer(request, asset.kept, FOR_EVER if current else ASK_AGAIN)

    return Route("/static/{digest}/{name}", static)
