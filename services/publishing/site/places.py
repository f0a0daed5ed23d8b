"""The register of places as the pages walk it, and the board by the places of one region."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.publishing.projections.board import FIGURES
from shared.contracts.place import EVERYWHERE, common_region, is_within, way_to
from shared.eventsourcing.projections.read_model import Row


@dataclass(frozen=True)
class Line:
    """The figures of one place and all below it; `rest` is what named no closer place."""

    place: str
    figures: dict[str, int]
    rest: bool = False


@dataclass(frozen=True)
class Register:
    """Place codes and their names, from the charter."""

    names: Mapping[str, str]

    def name(self, place: str) -> str:
        return self.names.get(place, place)

    def path(self, place: str) -> list[str]:
        """The registered places that hold this one, the largest first."""
        way = way_to(place)
        above = [".".join(way[:depth]) for depth in range(1, len(way))]
        return [code for code in above if code in self.names]

    def within(self, region: str) -> list[str] | None:
        """A place and all below it; None is all there are, also what is not registered."""
        if region == EVERYWHERE:
            return None
        return [code for code in self.names if is_within(code, region)]


def region_of(rows: Sequence[Row]) -> str | None:
    """The smallest place that holds all rows of the board; None when it is empty."""
    return common_region(row["place"] for row in rows) if rows else None


def lines(rows: Iterable[Row], region: str) -> list[Line]:
    """One line for each place right below the region, most reports first, the rest last."""
    depth = len(way_to(region)) + 1
    grouped: dict[str, dict[str, int]] = {}
    for row in rows:
        place = ".".join(row["place"].split(".")[:depth])
        figures = grouped.setdefault(place, dict.fromkeys(FIGURES, 0))
        for figure in FIGURES:
            figures[figure] += row[figure]
    found = [Line(place, figures, place == region) for place, figures in grouped.items()]
    return sorted(found, key=lambda line: (line.rest, -line.figures["reports"], line.place))
