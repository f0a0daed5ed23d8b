"""Societies as they are listed: with their names, where, about what, and how they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.promotion.site.society_desk import SocietyDesk, named
from shared.eventsourcing.projections.read_model import Row
from shared.web.language import Marked, marked

LIVES: dict[str, Marked] = {
    "active": marked("active"),
    "dormant": marked("dormant"),
    "suspended": marked("suspended"),
    "dissolved": marked("dissolved"),
    "merged": marked("merged into another"),
}


async def told(desk: SocietyDesk, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """As they are listed."""
    say = desk.forms.frame.language.gettext
    said = await desk.societies.said([row["words"] for row in rows])
    return [
        dict(row)
        | {
            "name": said[row["words"]].name if row["words"] in said else "",
            "tags": said[row["words"]].tags if row["words"] in said else (),
            "where": named(row["places"].split(), desk.places),
            "about": named(row["sectors"].split(), desk.sectors),
            "state": say(LIVES[row["life"]]),
            "at_least": desk.figure(row["at_least"]),
            "registry": row["registry"] and desk.registry(row["registry"]),
        }
        for row in rows
    ]
