"""What was heard of places and sectors in a month, from what is public alone. Pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from services.publishing.projections.heard import Heard
from services.publishing.site.chart import Chart, canvases
from services.publishing.site.places import Register
from shared.contracts.place import EVERYWHERE, is_within, way_to
from shared.web.charts.frame import Canvas, Spec
from shared.web.charts.kinds import Cell, matrix
from shared.web.language import Language

MOST_SECTORS, MOST_ON_A_PHONE, MOST_PLACES = 12, 7, 40
OTHERS = ""


def heard(
    found: Heard,
    region: str,
    month: date,
    register: Register,
    sectors: Mapping[str, str],
    language: Language,
) -> Chart:
    """A row for each place right below the region that the register has, also where nothing was
    heard; `rest` of the region is what named no closer place."""
    gettext, number = language.gettext, language.number
    cells = _cells(found, region)
    places = _places(cells, region, register)
    of_place, of_sector = Counter[str](), Counter[str]()
    for (place, sector), many in cells.items():
        of_place[place] += many
        of_sector[sector] += many
    named = {place: register.name(place) for place in places}
    if region in named and len(places) > 1:
        named[region] = gettext("%(place)s, no closer place", place=register.name(region))
    titles = {sector: sectors.get(sector, sector) for sector in of_sector} | {
        OTHERS: gettext("all others")
    }
    wide, narrow = (
        _drawn(cells, named, titles, of_sector, most, canvas, language) if cells else None
        for most, canvas in zip((MOST_SECTORS, MOST_ON_A_PHONE), canvases(language), strict=True)
    )
    lines = [
        (place, sector, cells[place, sector])
        for place in places
        for sector in sorted(of_sector)
        if cells[place, sector]
    ]
    silent = [(place, "", 0) for place in places if not of_place[place]]
    total = of_place.total()
    return Chart(
        "heard",
        gettext("What was heard, by place and sector, in %(month)s", month=language.month(month)),
        language.ngettext(
            "%(num)s report of %(month)s is public, from %(some)s of %(all)s places.",
            "%(num)s reports of %(month)s are public, from %(some)s of %(all)s places.",
            total,
            month=language.month(month),
            some=number(sum(1 for place in places if of_place[place])),
            all=number(len(places)),
        ),
        gettext(
            "The number is how many reports; the stronger the field, the more. From whom something"
            " was expected is not public, for it would tell who reports: what is not here may be"
            " held, or may be nothing."
        ),
        (gettext("Place"), gettext("Sector"), gettext("Reports")),
        [
            (named[place], titles[sector] if sector else "–", number(many))
            for place, sector, many in [*lines, *silent]
        ],
        ("month", "place", "sector", "reports"),
        [(f"{month:%Y-%m}", *line) for line in [*lines, *silent]],
        wide,
        narrow,
    )


def _cells(found: Heard, region: str) -> Counter[tuple[str, str]]:
    depth = len(way_to(region)) + 1
    cells = Counter[tuple[str, str]]()
    for (place, sector), many in found.items():
        cells[".".join(place.split(".")[:depth]), sector] += many
    return cells


def _places(cells: Counter[tuple[str, str]], region: str, register: Register) -> list[str]:
    """By name; the region itself comes last."""
    depth = len(way_to(region)) + 1
    known = {
        ".".join(code.split(".")[:depth])
        for code in register.names
        if code not in (region, EVERYWHERE) and is_within(code, region)
    }
    seen = {place for place, _ in cells} | known
    return sorted(seen or {region}, key=lambda place: (place == region, register.name(place)))


def _drawn(
    cells: Counter[tuple[str, str]],
    named: Mapping[str, str],
    titles: Mapping[str, str],
    of_sector: Counter[str],
    most: int,
    canvas: Canvas,
    language: Language,
) -> Spec:
    """Sectors with little are one column, and places beyond some are left to the table."""
    first = [
        sector for sector, _ in sorted(of_sector.items(), key=lambda each: (-each[1], each[0]))
    ]
    columns = sorted(first[:most], key=lambda sector: titles[sector])
    fields = list[Cell]()
    for place in list(named)[:MOST_PLACES]:
        for sector in columns:
            many = cells[place, sector]
            fields.append(Cell(named[place], titles[sector], many, language.number(many)))
        if rest := first[most:]:
            many = sum(cells[place, sector] for sector in rest)
            fields.append(Cell(named[place], titles[OTHERS], many, language.number(many)))
    return matrix(fields, canvas)
