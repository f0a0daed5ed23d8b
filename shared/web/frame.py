"""The frame that all pages of an instance stand in, and what a service puts into it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.web.answers import NOT_KEPT
from shared.web.assets import Asset, read_assets
from shared.web.cookies import Cookies
from shared.web.flash import ROOM, Flash
from shared.web.forms import Forms
from shared.web.language import Language, machine_time
from shared.web.service_names import name_of
from shared.web.sites import Sites
from shared.web.spoken import spoken
from shared.web.visitors import know, visitor_of

OURS = Path(__file__).parent


@dataclass(frozen=True)
class House:
    """Whose instance it is; `notice` stands on every page, if there is one. `has_form`: people
    report on the site."""

    name: str
    notice: str = ""
    has_form: bool = False


@dataclass
class Frame:
    """`key` signs what readers carry for us, and is the same for all services of an instance.
    `templates` of the service come before those of the frame: its `base.html` is what its error
    pages stand in, too. `security_contact` is who is told of holes, as mailto:… or https://…;
    `sitemap` its path below the site's address, if there is one."""

    house: House
    service: str
    sites: Sites = field(default_factory=Sites)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    assets: dict[str, Asset] = field(default_factory=lambda: read_assets(OURS / "static"))
    language: Language = field(default_factory=Language)
    security_contact: str = ""
    sitemap: str = ""

    def __post_init__(self) -> None:
        self.cookies = Cookies(self.key, self.sites.is_secure)
        self.forms = Forms(self.cookies, self.sites.origins)
        self.flash = Flash(self.cookies)
        self.templates = _environment()
        self.templates.filters |= {show.__name__: show for show in self._filters()}
        self.templates.globals |= spoken(self.language) | {
            "house": self.house,
            "language": self.language,
            "service": self.service,
            "service_name": lambda service: self.language.gettext(name_of(service)),
            "sites": self.sites,
            "root": self.sites.root,
            "asset": lambda name: self.sites.root + self.assets[name].address,
            "site_style": lambda: "site.css" in self.assets,
        }

    def _filters(self) -> tuple[Callable[[Any], str], ...]:
        language = self.language
        return (
            language.number,
            language.percent,
            language.day,
            language.time_of_day,
            machine_time,
        )

    def take_in(self, folder: Path) -> None:
        """The service's own `templates` and `static`."""
        ours = FileSystemLoader(OURS / "templates")
        self.templates.loader = ChoiceLoader([FileSystemLoader(folder / "templates"), ours])
        self.assets |= read_assets(folder / "static")

    def rendered(self, template: str, **facts: Any) -> str:
        return self.templates.get_template(template).render(facts)

    def page(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """One that is made for this request alone."""
        return self.shown(request, self.rendered(template, **facts), status)

    def form(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """A page with a form in it, which gets a `token`."""
        name = visitor_of(request)
        page = self.page(request, template, status, token=self.forms.token(name), **facts)
        know(self.cookies, request, page, name)
        return page

    def shown(self, request: Request, text: str, status: int = 200) -> Response:
        """With the message that waits for this visitor, who sees it once."""
        waiting = self.flash.waiting(request)
        page = HTMLResponse(self.with_message(text, waiting), status, NOT_KEPT)
        if waiting:
            self.flash.shown(request, page)
        return page

    def with_message(self, text: str, message: str = "") -> str:
        said = self.rendered("message.html", message=message) if message else ""
        return text.replace(ROOM, said, 1)

    def sorry(
        self, status: int, title: str, text: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page that says why there is no other one; title and text are English that is said in
        the reader's language."""
        say = self.language.gettext
        body = self.rendered("error.html", title=say(title), text=say(text))
        return HTMLResponse(self.with_message(body), status, NOT_KEPT | dict(headers or {}))


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(OURS / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
