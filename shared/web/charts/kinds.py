"""The kinds of charts, as Vega-Lite takes them. Pure; what is said in them comes as it is shown.

Words from elsewhere stand in data alone, never in an expression.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from shared.web.charts.frame import (
    FILL,
    INK,
    LATE,
    LINE,
    SIZE,
    Canvas,
    Spec,
    along,
    down,
    height,
    labels,
    whole,
)

FAINT, STRONG = 0.3, 0.45
HIGH, ROW, CELL = 240, 24, 26
FEW, MANY_ON_A_PHONE = 6, 8
BAR, STROKE = 0.62, 0.8
ABOUT_TICKS = 4


@dataclass(frozen=True)
class Share:
    """`part` and `other` are of 1; `said` is what stands beside."""

    of: str
    part: float
    said: str
    other: float | None = None


@dataclass(frozen=True)
class Spread:
    of: str
    low: int
    middle: int
    high: int
    said: str


@dataclass(frozen=True)
class Cell:
    row: str
    column: str
    number: int
    said: str


def shares(of: Sequence[Share], canvas: Canvas, ticks: Mapping[float, str]) -> Spec:
    """A column for each, with a stroke across it at `other`."""
    x, y = along("of", canvas), height(1, ticks, canvas)
    layers: list[Spec] = [
        {"mark": _bar(FILL, "width", len(of)), "encoding": {"x": x, "y": {"field": "part", **y}}},
        {
            "mark": _stroke(len(of)),
            "transform": [{"filter": "isValid(datum.other)"}],
            "encoding": {"x": x, "y": {"field": "other", **y}},
        },
        *_numbers("part", x, y, canvas, len(of)),
    ]
    return whole([asdict(each) for each in of], layers, canvas, HIGH)


def spreads(of: Sequence[Spread], canvas: Canvas, ticks: Mapping[float, str]) -> Spec:
    """A column from `low` to `high` for each, with a stroke across it in the middle."""
    top = max([*ticks, *(each.high for each in of)])
    x, y = along("of", canvas), height(top, ticks, canvas)
    ends = {"y": {"field": "low", **y}, "y2": {"field": "high"}}
    layers: list[Spec] = [
        {"mark": _bar(FILL, "width", len(of)), "encoding": {"x": x, **ends}},
        {"mark": _stroke(len(of)), "encoding": {"x": x, "y": {"field": "middle", **y}}},
        *_numbers("middle", x, y, canvas, len(of)),
    ]
    return whole([asdict(each) for each in of], layers, canvas, HIGH)


def rows(of: Sequence[Share], canvas: Canvas, ticks: Mapping[float, str]) -> Spec:
    """A bar for each from where one begins to read, and behind it, or on a long one, `said`."""
    scale = {"domain": [0, 1], "reverse": canvas.is_rtl}
    x = {"field": "part", "type": "quantitative", "scale": scale, "axis": labels(ticks)}
    y = down("of", canvas)
    align, ahead = ("right", -4) if canvas.is_rtl else ("left", 4)
    layers: list[Spec] = [
        {"mark": _bar(LATE, "height", FEW), "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "text", "align": align, "dx": ahead},
            "transform": [{"calculate": "datum.part > 0.6 ? 0 : datum.part", "as": "at"}],
            "encoding": {"x": x | {"field": "at"}, "y": y, "text": {"field": "said"}},
        },
    ]
    return whole([asdict(each) for each in of], layers, canvas, ROW * len(of))


def matrix(cells: Sequence[Cell], canvas: Canvas) -> Spec:
    """The more, the stronger; the number stands in each."""
    most = max((each.number for each in cells), default=0)
    data = [asdict(each) | {"shade": _shade(each.number, most)} for each in cells]
    turn, align = (60, "right") if canvas.is_rtl else (-60, "left")
    x, y = along("column", canvas), down("row", canvas)
    x["axis"] |= {"labelAngle": turn, "orient": "top", "labelOverlap": False}
    x["axis"] |= {"labelLimit": 110, "labelAlign": align}
    shade = {"field": "shade", "type": "quantitative", "scale": None}
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "color": FILL, "stroke": LINE},
            "encoding": {"x": x, "y": y, "fillOpacity": shade},
        },
        {
            "mark": {"type": "text", "fontSize": SIZE - 1},
            "encoding": {"x": x, "y": y, "text": {"field": "said"}},
        },
    ]
    return whole(data, layers, canvas, CELL * len({each.row for each in cells}))


def steps(most: float) -> list[int]:
    """From nothing to so much, at round numbers."""
    rough = max(most, 1) / ABOUT_TICKS
    power = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    return [step * each for each in range(math.ceil(max(most, 1) / step) + 1)]


def _bar(colour: str, side: str, number: int) -> Spec:
    size = {"band": BAR if number >= FEW else BAR * number / FEW}
    return {"type": "bar", "color": colour, "fillOpacity": FAINT, "stroke": colour, side: size}


def _stroke(number: int) -> Spec:
    size = {"band": STROKE if number >= FEW else STROKE * number / FEW}
    return {"type": "tick", "color": INK, "opacity": 1, "thickness": 3, "width": size}


def _numbers(field: str, x: Spec, y: Spec, canvas: Canvas, number: int) -> list[Spec]:
    """Where there is room for them."""
    if canvas.is_narrow and number > MANY_ON_A_PHONE:
        return []
    text = {"type": "text", "baseline": "bottom", "dy": -4}
    return [
        {"mark": text, "encoding": {"x": x, "y": {"field": field, **y}, "text": {"field": "said"}}}
    ]


def _shade(number: int, most: int) -> float:
    """By magnitude: one place has a hundred times what another has."""
    return round(STRONG * math.log1p(number) / math.log1p(most), 2) if number else 0.0
