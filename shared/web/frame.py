"""The frame that all pages of an instance stand in, and what a service puts into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.web import words
from shared.web.answers import NOT_KEPT
from shared.web.assets import Asset, read_assets
from shared.web.sites import Sites

OURS = Path(__file__).parent
FILTERS = (
    words.number,
    words.count,
    words.day,
    words.time_of_day,
    words.machine_time,
)


@dataclass(frozen=True)
class House:
    """Whose instance it is; `notice` stands on every page, if there is one."""

    name: str
    notice: str = ""


@dataclass
class Frame:
    """`templates` of the service come before those of the frame: its `base.html` is what its error
    pages stand in, too."""

    house: House
    service: str
    sites: Sites = field(default_factory=Sites)
    assets: dict[str, Asset] = field(default_factory=lambda: read_assets(OURS / "static"))

    def __post_init__(self) -> None:
        self.templates = _environment()
        self.templates.globals |= {
            "house": self.house,
            "service": self.service,
            "sites": self.sites,
            "root": self.sites.root,
            "asset": lambda name: self.sites.root + self.assets[name].address,
            "site_style": lambda: "site.css" in self.assets,
        }

    def take_in(self, folder: Path) -> None:
        """The service's own `templates` and `static`."""
        ours = FileSystemLoader(OURS / "templates")
        self.templates.loader = ChoiceLoader([FileSystemLoader(folder / "templates"), ours])
        self.assets |= read_assets(folder / "static")

    def rendered(self, template: str, **facts: Any) -> str:
        return self.templates.get_template(template).render(facts)

    def page(self, _: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """One that is made for this request alone."""
        return HTMLResponse(self.rendered(template, **facts), status, NOT_KEPT)

    def sorry(
        self, status: int, title: str, text: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page that says why there is no other one."""
        body = self.rendered("error.html", title=title, text=text)
        return HTMLResponse(body, status, NOT_KEPT | dict(headers or {}))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(OURS / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {show.__name__: show for show in FILTERS}
    return environment
