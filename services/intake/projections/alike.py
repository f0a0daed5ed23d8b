"""Reports that another one may repeat: of its sector and time, and of its place or near its point,
in like words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process, utils
from sqlalchemy import ColumnElement, Connection, and_, select

from services.intake.projections import points
from services.intake.projections.reports import read_model
from shared.contracts.point import Point
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import Columns, row_of, rows_of, version

MOST = 5
LOOKED_AT = 100
"""Of one place and sector, the newest: so an answer takes as long in a large log as in a small."""

LIKE_ENOUGH = 55
"""Of 100, by the words that two reports share, in whatever order."""

FEW_WORDS = 3
"""Fewer say too little: "lamp" is in all that is said of lamps."""

NEAR_M = 250
"""Points so near are of one thing, also across a border of places."""

REPEATS = ("duplicate", "claimed")


@dataclass(frozen=True)
class Sought:
    """A report at a place and time, in `words` as far as they are known; `apart_from` itself.
    `public` ones only, for who is not of the staff; these with points to so many `decimals`."""

    place: str
    sector: str
    at: datetime
    within: timedelta
    words: str = ""
    apart_from: str = ""
    public: bool = False
    point: Point | None = None
    decimals: int | None = None


def alike(connection: Connection, sought: Sought) -> list[Row]:
    """At most five, the likeliest first, each with `likeness` of 100, or none where words are not
    known of both, or too few, and `metres`, or none where no points are."""
    if version(connection, read_model) is not read_model:
        return []  # an older version knows no words
    own = rows_of(connection, read_model).c
    away = _away(connection, sought)
    of_place = _read(connection, own, sought, _same_place(own, sought))
    rows = {row["report_id"]: row for row in of_place}
    if others := away.keys() - rows.keys():
        by_point = own.report_id.in_(others)
        rows |= {row["report_id"]: row for row in _read(connection, own, sought, by_point)}
    found = [row | {"metres": away.get(known_as)} for known_as, row in rows.items()]
    return _ranked(sorted(found, key=_nearest), sought.words)


def _read(
    connection: Connection, own: Columns, sought: Sought, where: ColumnElement[bool]
) -> list[Row]:
    chosen = (
        select(
            own.report_id,
            own.place,
            own.sector,
            own.filed_at,
            own.state,
            own.corroborated,
            own.words,
        )
        .where(where, own.filed_at.between(*_span(sought)))
        .where(own.report_id != sought.apart_from)
        .order_by(own.filed_at.desc())
        .limit(LOOKED_AT)
    )
    # an outsider must not see one go that was merged with what is hidden
    chosen = chosen.where(own.is_public if sought.public else own.state.not_in(REPEATS))
    return [dict(row) for row in connection.execute(chosen).mappings()]


def neighbours(connection: Connection, report_id: str, within: timedelta) -> list[Row]:
    """What a report may repeat, or be repeated by; none of one that nobody filed."""
    row = row_of(connection, read_model, report_id)
    if row is None or "words" not in row:
        return []
    where = row["place"], row["sector"], row["filed_at"]
    point = points.point_of(connection, report_id)
    sought = Sought(*where, within, row["words"], apart_from=report_id, point=point)
    return alike(connection, sought)


def _same_place(own: Columns, sought: Sought) -> ColumnElement[bool]:
    return and_(own.sector == sought.sector, own.place == sought.place)


def _away(connection: Connection, sought: Sought) -> Mapping[str, float]:
    if sought.point is None:
        return {}
    near = sought.sector, sought.point, NEAR_M, _span(sought), LOOKED_AT
    return points.near(connection, *near, sought.decimals if sought.public else None)


def _says(words: str) -> bool:
    return len(utils.default_process(words).split()) >= FEW_WORDS


def _nearest(row: Row) -> tuple[bool, float, float]:
    """What has a point near by comes first, and then the newest."""
    metres = row["metres"]
    return metres is None, metres or 0.0, -row["filed_at"].timestamp()


def _span(sought: Sought) -> tuple[datetime, datetime]:
    return sought.at - sought.within, sought.at + sought.within


def _ranked(found: Sequence[Row], words: str) -> list[Row]:
    """By their words, then those of which none are known, each in the order that they are in."""
    said = {
        at: row["words"] for at, row in enumerate(found) if _says(words) and _says(row["words"])
    }
    scored = process.extract(
        words,
        said,
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=LIKE_ENOUGH,
        limit=MOST,
    )
    like = [found[at] | {"likeness": round(score)} for _, score, at in scored]
    unknown = [row | {"likeness": None} for at, row in enumerate(found) if at not in said]
    return [*like, *unknown][:MOST]
