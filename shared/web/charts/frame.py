"""What all charts have in common: axes, colours, sizes of letters, and for whom they are. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

INK, QUIET = "var(--ink, #1c2127)", "var(--quiet, #545c66)"
LINE, FILL = "var(--line, #d9d3c6)", "var(--chart, #1b4b6b)"
LATE = "var(--late, #98232a)"
"""As the page has them, and as on paper where there is no page."""

FONT, SIZE = "sans-serif", 12
WIDE_FROM = 500
WIDER = {"left": 18, "right": 18, "top": 18, "bottom": 4}
"""Readers' letters may be wider than those that are measured here."""

_UNSEEN = re.compile("[^\u0020-\u007e\u00a0-\u2027\u202f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has not, at which the library ends; controls, and what turns the order of letters."""


@dataclass(frozen=True)
class Canvas:
    """For a screen of some width, read from the left or from the right."""

    width: int
    is_rtl: bool = False

    @property
    def is_narrow(self) -> bool:
        return self.width < WIDE_FROM


def along(field: str, canvas: Canvas) -> Spec:
    axis = {
        "title": None,
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 8,
    }
    turned = {"reverse": canvas.is_rtl}
    return {"field": field, "type": "ordinal", "sort": None, "scale": turned, "axis": axis}


def down(field: str, canvas: Canvas) -> Spec:
    axis = {
        "title": None,
        "labelLimit": 110 if canvas.is_narrow else 220,
        "labelOverlap": False,
        "orient": _side(canvas),
    }
    return {"field": field, "type": "ordinal", "sort": None, "axis": axis}


def height(top: float, said: Mapping[float, str], canvas: Canvas) -> Spec:
    axis = labels(said) | {"orient": _side(canvas)}
    return {"type": "quantitative", "scale": {"domain": [0, top]}, "axis": axis}


def labels(said: Mapping[float, str]) -> Spec:
    """Numbers as readers write them."""
    words = json.dumps({f"{value:g}": text for value, text in said.items()})
    told = {"values": list(said), "labelExpr": f"({words})[datum.value]"}
    return told | {"grid": True, "title": None}


def whole(data: Iterable[Spec], layers: list[Spec], canvas: Canvas, high: int) -> Spec:
    axis = {"labelColor": INK, "domainColor": QUIET, "tickColor": QUIET, "gridColor": LINE}
    sizes = {"labelFontSize": SIZE, "labelFont": FONT, "labelPadding": 6}
    return {
        "data": {"values": [{name: _said(value) for name, value in row.items()} for row in data]},
        "width": canvas.width,
        "height": high,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": WIDER,
        "layer": layers,
        "config": {
            "background": None,
            "view": {"stroke": None},
            "axis": axis | sizes,
            "text": {"font": FONT, "fontSize": SIZE, "color": INK},
        },
    }


def shown(text: str) -> str:
    """As it may stand in a chart. What may not leaves a mark: else a name with something unseen in
    it would be that of another, and its bar would be drawn onto theirs."""
    return _UNSEEN.sub("\ufffd", text)


def _said(value: Any) -> Any:
    return shown(value) if isinstance(value, str) else value


def _side(canvas: Canvas) -> str:
    return "right" if canvas.is_rtl else "left"
