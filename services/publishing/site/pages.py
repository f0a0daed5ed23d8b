"""The pages and feeds as text; each reads the database and the charter, and nothing else."""

import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection, Engine

from services.publishing.projections import board, overdue, qualified
from services.publishing.site import words
from services.publishing.site.assets import Asset
from services.publishing.site.places import Register, lines, region_of
from shared.runtime.charter import Charter

ON_FRONT, ON_PLACE, ON_LIST, IN_FEED = 8, 12, 50, 50
LISTS = {"overdue": overdue.newest, "qualified": qualified.newest}


class Pages:
    """`tracks` are titles by name, `now` is the service's clock. Methods block: use a thread."""

    def __init__(
        self,
        engine: Engine,
        charter: Charter,
        tracks: Mapping[str, str],
        now: Callable[[], datetime],
        assets: Mapping[str, Asset],
    ) -> None:
        self.register = Register(charter.places)
        self._engine = engine
        self._charter = charter
        self._tracks = tracks
        self._now = now
        self._templates = _environment()
        self._templates.globals |= {
            "charter": charter,
            "register": self.register,
            "asset": lambda name: assets[name].address,
            "sector_name": lambda sector: charter.sectors.get(sector, sector),
            "track_title": lambda track: tracks.get(track, track),
            "reasons": lambda member: words.reasons(
                member, tracks.get(member["track"], member["track"])
            ),
        }

    def front(self) -> str:
        with self._reading() as connection:
            rows = board.all_places(connection)
            region = region_of(rows)
            return self._rendered(
                "front.html",
                figures=board.totals(rows),
                qualifications=qualified.count(connection),
                members=qualified.members(connection),
                place=None,
                lines=lines(rows, region) if region else [],
                overdue=overdue.newest(connection, ON_FRONT),
                qualified=qualified.newest(connection, ON_FRONT),
            )

    def place(self, place: str) -> str:
        within = self.register.within(place)
        with self._reading() as connection:
            rows = board.all_places(connection, within)
            return self._rendered(
                "place.html",
                place=place,
                figures=board.totals(rows),
                qualifications=qualified.count(connection, within),
                members=qualified.members(connection, within),
                lines=lines(rows, place) if len(within) > 1 else [],
                overdue=overdue.newest(connection, ON_PLACE, within),
                qualified=qualified.newest(connection, ON_PLACE, within),
            )

    def listing(self, kind: str, place: str | None, before: int | None) -> str:
        """All overdue checks or qualified members, a page at a time."""
        within: Collection[str] | None = self.register.within(place) if place else None
        with self._reading() as connection:
            found = LISTS[kind](connection, ON_LIST + 1, within, before)
        return self._rendered(
            "list.html",
            kind=kind,
            place=place,
            before=before,
            rows=found[:ON_LIST],
            older=found[ON_LIST - 1]["sequence"] if len(found) > ON_LIST else None,
        )

    def feed(self, kind: str, base: str) -> str:
        """Atom 1.0 of the newest; `base` is the site's address with a slash at its end."""
        with self._reading() as connection:
            rows = LISTS[kind](connection, IN_FEED)
        changed = "changed_at" if kind == "overdue" else "recorded_at"
        return self._rendered(
            f"{kind}.atom",
            rows=rows,
            base=base,
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"tribune:{self._charter.name}:{kind}").urn,
            updated=max((row[changed] for row in rows), default=self._now()),
        )

    def error(self, title: str, text: str) -> str:
        return self._rendered("error.html", title=title, text=text)

    def _rendered(self, template: str, **facts: Any) -> str:
        return self._templates.get_template(template).render(facts, now=self._now())

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._engine.connect().execution_options(reads_only=True)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for show in (
        words.number,
        words.count,
        words.day,
        words.machine_time,
        words.days_late,
        words.pseudonym,
        words.xml_text,
    ):
        environment.filters[show.__name__] = show
    return environment
