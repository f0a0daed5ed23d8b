"""The map on the form: what was pressed on it, and what it shows then."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log10
from typing import TYPE_CHECKING, Any

from shared.contracts.place import is_within, regions
from shared.contracts.point import OutsideError, Point, read, written
from shared.runtime.map_window import Window
from shared.web.language import Marked, marked

if TYPE_CHECKING:
    from shared.runtime.geography import Geography, Outline

SIDE = 288
"""Units of the picture in each direction: what fits the narrowest phone."""

SIDES = {"narrow": 288, "wide": 432}
"""One picture shows, as the screen is wide; what is pressed tells which."""

NEARER = 3.0
CLOSEST_M = 200
MOST_DECIMALS = 5
STEP = 1 / 8
WAYS = {"north": (0, -STEP), "south": (0, STEP), "west": (-STEP, 0), "east": (STEP, 0)}
DO, POINT, ZOOM = "do", "point", "zoom"
OUTSIDE = marked("No place of this map lies there. Press somewhere else.")
ELSEWHERE = marked(
    "The point on the map lies in another place. Choose that place, or take the point away."
)
KILOMETRE = 1_000
SIGN, LETTER, SPILLS = 11, 0.55, 1.4
"""How high a name is, how wide a letter of it, and how far it may reach beyond its place."""

KEPT = 64

Changed = tuple[dict[str, str], dict[str, Marked]]
"""What the form holds then, and what is wrong with it."""


@dataclass(frozen=True)
class Sign:
    """A place's name, where there is room for it."""

    text: str
    across: float
    down: float


@dataclass(frozen=True)
class Scale:
    length: float
    text: str


class ReportMap:
    """All of it is in what the form sends and is answered with, so that no address tells which part
    of the map somebody looked at."""

    def __init__(self, geography: "Geography") -> None:
        self._geography = geography
        self._closest = self._levels()
        self._outlines = lru_cache(KEPT)(geography.outlines)

    def pressed(self, fields: Mapping[str, str]) -> bool:
        wanted = {*WAYS, "nearer", "farther", "off"}
        return fields.get(DO) in wanted or any(f"{name}.x" in fields for name in SIDES)

    def changed(self, fields: Mapping[str, str]) -> Changed:
        """By what was pressed. A key that presses the picture tells no spot of it: that is its
        middle, from where the point is moved."""
        kept = {name: text for name, text in fields.items() if "." not in name and name != DO}
        window, do = self._window(fields), fields.get(DO, "")
        point, zoom = read(fields.get(POINT, "")), self._zoom(fields)
        if do == "off":
            return kept | {POINT: "", ZOOM: "0"}, {}
        if do in WAYS:
            (aside, down), at = WAYS[do], point or window.middle
            across, along = window.of(at.longitude, at.latitude)
            return self._put(kept, window.at(across + aside, along + down), zoom)
        if do in ("nearer", "farther"):
            zoom = zoom + 1 if do == "nearer" else zoom - 1
            return kept | {ZOOM: str(min(self._closest, max(0, zoom)))}, {}
        across, along = self._spot(fields)
        return self._put(kept, window.at(across, along), min(self._closest, zoom + 1))

    def wrong(self, place: str, point: Point | None) -> dict[str, Marked]:
        """Of what is sent in the end."""
        if point is None:
            return {}
        try:
            return {} if is_within(self._geography.place_of(point), place) else {POINT: ELSEWHERE}
        except OutsideError:
            return {POINT: OUTSIDE}

    def drawn(self, fields: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
        """What the page draws of it; in units of the picture."""
        window, point = self._window(fields), read(fields.get(POINT, ""))
        cached = point is None or not self._zoom(fields)
        outlines = (self._outlines if cached else self._geography.outlines)(window)
        spot = window.of(point.longitude, point.latitude) if point else None
        return {
            "side": SIDE,
            "sides": SIDES,
            "shapes": [(each.place, _path(each)) for each in outlines],
            "signs": list(_signs(outlines, names)),
            "spot": (round(spot[0] * SIDE, 1), round(spot[1] * SIDE, 1)) if spot else None,
            "scale": _scale(window),
            "zoom": self._zoom(fields),
            "closest": self._closest,
            "where": self._named(point, names),
        }

    def _put(self, kept: dict[str, str], point: Point, zoom: int) -> Changed:
        point = point.rounded(MOST_DECIMALS)
        try:
            place = self._geography.place_of(point)
        except OutsideError:
            return kept, {POINT: OUTSIDE}
        return kept | {POINT: written(point), ZOOM: str(zoom), "place": place, "find": ""}, {}

    def _window(self, fields: Mapping[str, str]) -> Window:
        whole, zoom = self._geography.whole, self._zoom(fields)
        if not zoom:
            return whole
        middle = read(fields.get(POINT, ""))
        if middle is None:
            place = self._geography.window_of(fields.get("place", ""))
            middle = place.middle if place else whole.middle
        return Window(middle, whole.height / NEARER**zoom)

    def _zoom(self, fields: Mapping[str, str]) -> int:
        said = fields.get(ZOOM, "")
        known = len(said) <= 2 and said.isascii() and said.isdigit()  # noqa: PLR2004
        return min(self._closest, int(said)) if known else 0

    def _spot(self, fields: Mapping[str, str]) -> tuple[float, float]:
        for name, side in SIDES.items():
            try:
                across, down = (float(fields[f"{name}.{each}"]) / side for each in "xy")
            except (KeyError, ValueError):
                continue
            if (across, down) != (0, 0) and 0 <= across <= 1 and 0 <= down <= 1:
                return across, down
        return 0.5, 0.5

    def _levels(self) -> int:
        levels, metres = 0, self._geography.whole.metres / NEARER
        while metres >= CLOSEST_M:
            levels, metres = levels + 1, metres / NEARER
        return levels

    def _named(self, point: Point | None, names: Mapping[str, str]) -> str:
        try:
            place = self._geography.place_of(point) if point else ""
        except OutsideError:
            return ""
        return names.get(place, place)


def _path(outline: "Outline") -> str:
    rings = (
        "L".join(f"{across * SIDE:.1f} {down * SIDE:.1f}" for across, down in ring)
        for ring in outline.rings
    )
    return "".join(f"M{ring}Z" for ring in rings)


def _signs(outlines: "list[Outline]", names: Mapping[str, str]) -> list[Sign]:
    """The narrowest places first, each where nothing stands yet, and only where it fits; none on
    what others that show lie in."""
    found: list[tuple[Sign, float]] = []
    shown = {each.place for each in outlines}
    above = {region for place in shown for region in regions(place) if region != place}
    for each in reversed([each for each in outlines if each.place not in above]):
        text = names.get(each.place, each.place)
        wide = len(text) * SIGN * LETTER
        across, down = each.middle[0] * SIDE, each.middle[1] * SIDE
        inside = wide / 2 <= across <= SIDE - wide / 2 and SIGN <= down <= SIDE - SIGN
        fits = inside and wide <= each.room * SIDE * SPILLS
        free = all(
            abs(down - other.down) > SIGN or abs(across - other.across) > (wide + width) / 2
            for other, width in found
        )
        if fits and free:
            found.append((Sign(text, round(across, 1), round(down, 1)), wide))
    return [sign for sign, _ in found]


def _scale(window: Window) -> Scale:
    """A round length, some quarter of the picture."""
    most = window.metres / 3
    power = 10 ** int(log10(most)) if most >= 1 else 1
    metres = max(power * times for times in (1, 2, 5) if power * times <= max(most, 1))
    text = f"{metres} m" if metres < KILOMETRE else f"{metres // KILOMETRE} km"
    return Scale(round(metres / window.metres * SIDE, 1), text)
