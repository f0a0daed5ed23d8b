"""Charts are drawn by a process of their own, kept, and let nothing through that could act."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hostile import REFUSED, TAKEN

from shared.web.charts import drawer as drawing
from shared.web.charts.drawer import Drawer
from shared.web.charts.frame import Canvas, Spec, shown
from shared.web.charts.kinds import Cell, Share, Spread, matrix, rows, shares, spreads, steps
from shared.web.charts.tame import ATTRIBUTES, ELEMENTS, UntameError, tamed

WIDE, NARROW = Canvas(720), Canvas(340)
FROM_THE_RIGHT = Canvas(720, is_rtl=True)
TICKS = {0.0: "0 %", 0.5: "50 %", 1.0: "100 %"}
OF_EIGHT = [Share(f"Office {number}", number / 8, f"{number} of 8", 0.1) for number in range(8)]
SPREADS = [Spread("Jan", 1, 3, 9, "3"), Spread("Feb", 2, 2, 2, "2")]
CELLS = [Cell(f"Place {n % 3}", f"Sector {n // 3}", 10 * n, str(10 * n)) for n in range(9)]


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    drawer = Drawer(patience_s=60)
    yield drawer
    drawer.stop()


def parsed(chart: str) -> ET.Element:
    return ET.fromstring(chart)  # noqa: S314  of our own program


def drawn(drawer: Drawer, *specs: Spec) -> list[str]:
    found = drawer.draw(specs)
    assert None not in found
    return [each or "" for each in found]


def texts(chart: str) -> list[str]:
    return [each.text or "" for each in parsed(chart).iter("text")]


def lefts(chart: str, words: str) -> list[float]:
    """How far from the left they begin, as far as their own place says."""
    return [
        float(each.attrib["transform"].removeprefix("translate(").split(",")[0])
        for each in parsed(chart).iter("text")
        if words in (each.text or "")
    ]


def test_every_kind_is_drawn_for_every_screen(drawer: Drawer) -> None:
    ticks = {float(each): str(each) for each in steps(9)}
    for canvas in (WIDE, NARROW):
        kinds = (
            shares(OF_EIGHT, canvas, TICKS),
            spreads(SPREADS, canvas, ticks),
            rows(OF_EIGHT, canvas, TICKS),
            matrix(CELLS, canvas),
        )
        for chart in drawn(drawer, *kinds):
            assert parsed(chart).attrib["viewBox"].startswith(f"0 0 {canvas.width} ")
            assert {each.tag for each in parsed(chart).iter()} <= ELEMENTS
    _, _, of_rows, of_cells = drawn(drawer, *kinds)
    assert "3 of 8" in texts(of_rows)
    assert "80" in texts(of_cells)


def test_who_reads_from_the_right_begins_there(drawer: Drawer) -> None:
    left, right = drawn(drawer, *(shares(OF_EIGHT, each, TICKS) for each in (WIDE, FROM_THE_RIGHT)))
    for chart, is_first in ((left, True), (right, False)):
        (first,), (last,) = lefts(chart, "Office 0"), lefts(chart, "Office 7")
        assert (first < last) == is_first


def test_the_same_figures_are_drawn_once(drawer: Drawer) -> None:
    before = drawn(drawer, rows(OF_EIGHT, WIDE, TICKS))
    process = drawer.process
    assert process
    os.kill(process, signal.SIGSTOP)
    try:
        assert drawn(drawer, rows(OF_EIGHT, WIDE, TICKS)) == before
    finally:
        os.kill(process, signal.SIGCONT)


def test_no_name_acts_and_none_ends_the_process(drawer: Drawer) -> None:
    """What the log refuses is no end of it either."""
    names = {**TAKEN, **REFUSED, "no character": "a\ufffe\uffffb", "alone": "a\ud800b"}
    long = [Share(f"{each} {text}"[:60], 0.5, text[:60]) for each, text in names.items()]
    (chart,) = drawn(drawer, rows(long, WIDE, TICKS))
    assert any("<script>alert(1)</script>" in each for each in texts(chart))
    for each in parsed(chart).iter():
        assert each.tag in ELEMENTS
        assert set(each.attrib) <= ATTRIBUTES | {"unicode-bidi"}
    assert "&lt;script&gt;" in chart
    assert "<script" not in chart


def test_a_process_that_ends_is_begun_anew(drawer: Drawer) -> None:
    drawn(drawer, rows(OF_EIGHT, WIDE, TICKS))
    process = drawer.process
    assert process
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    drawn(drawer, rows(OF_EIGHT[1:], WIDE, TICKS))
    assert drawer.process != process


def test_nobody_waits_for_long_and_who_went_without_is_told() -> None:
    drawer = Drawer(patience_s=0)
    try:
        spec = rows(OF_EIGHT, WIDE, TICKS)
        assert drawer.draw([spec]) == [None]
        drawer.settle()
        assert drawer.turn == 1
        assert drawer.draw([spec]) != [None]
    finally:
        drawer.stop()


def test_so_many_wait_and_who_found_no_room_is_told_once_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that was kept without its charts is made anew."""
    monkeypatch.setattr(drawing, "MOST_WAIT", 2)
    drawer = Drawer(patience_s=60)
    try:
        specs = [rows(OF_EIGHT[:1], Canvas(700 + each), TICKS) for each in range(4)]
        found = drawer.draw(specs)
        assert found.count(None) == 2
        drawer.settle()
        assert (drawer.waiting, drawer.turn) == (0, 1)
        assert None not in drawer.draw(specs[2:])
    finally:
        drawer.give_up()


def test_a_process_that_reads_nothing_is_begun_anew(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe takes so much of a large chart and no more: nobody waits for the rest for ever."""
    drawn(drawer, rows(OF_EIGHT, WIDE, TICKS))
    process = drawer.process
    assert process
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(drawing, "WITHIN_S", 0.2)
    large = [Cell(f"Place {n}", 400 * "a", n, str(n)) for n in range(500)]
    assert drawer.draw([matrix(large, WIDE)]) == [None]
    monkeypatch.undo()
    drawn(drawer, rows(OF_EIGHT[2:], WIDE, TICKS))
    assert drawer.process != process


def test_patience_runs_from_when_the_page_was_begun() -> None:
    """Or else reading for long and drawing for long together were a database that is away."""
    drawer = Drawer(patience_s=60)
    try:
        spec = rows(OF_EIGHT, WIDE, TICKS)
        assert drawer.draw([spec], time.monotonic() - 60) == [None]
        drawer.settle()
        assert drawer.draw([spec], time.monotonic() - 60) != [None], "it is there, so nobody waits"
    finally:
        drawer.stop()


def test_names_that_look_the_same_have_bars_of_their_own(drawer: Drawer) -> None:
    """The log takes marks that nobody sees; a bar of theirs was once drawn onto another's."""
    names = ["City", "City\u200e", "City\u200f", "City\u2060"]
    (chart,) = drawn(drawer, rows([Share(each, 0.9, "9 of 10") for each in names], WIDE, TICKS))
    of_city = [each for each in texts(chart) if "City" in each]
    assert len(of_city) == len(names)


def test_numbers_stay_as_readers_write_them() -> None:
    assert shown("12\u202f345") == "12\u202f345"
    assert shown("a\u202eb\x00") == "a\ufffdb\ufffd"


def test_charts_that_are_kept_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of large ones fewer are kept."""
    monkeypatch.setattr(drawing, "MOST_SIGNS", 100)
    drawer = Drawer()
    for number in range(9):
        drawer._keep(bytes([number]), 30 * "x")
    assert [each[0] for each in drawer._kept] == [6, 7, 8]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<image href='//evil.example/x.png'/>",
        "<foreignObject/>",
        "<style>*{fill:red}</style>",
        "<a href='javascript:alert(1)'/>",
        "<use href='#x'/>",
    ],
)
def test_what_no_chart_has_is_not_shown(inside: str) -> None:
    with pytest.raises(UntameError):
        tamed(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>')


def test_attributes_that_act_are_left_out() -> None:
    acting = 'onload="x()" style="fill:red" href="//x" fill="url(#a)" class="masthead" id="main"'
    told = tamed(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g {acting}/></svg>')
    assert told == '<svg viewBox="0 0 1 1"><g /></svg>'


@pytest.mark.parametrize(
    ("most", "found"),
    [(0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (9, [0, 5, 10]), (130, [0, 50, 100, 150])],
)
def test_axes_have_round_numbers(most: int, found: list[int]) -> None:
    assert steps(most) == found


def test_words_from_elsewhere_are_in_no_expression() -> None:
    spec = rows([Share("NAME", 0.5, "SAID")], WIDE, TICKS)
    rest = json.dumps({name: part for name, part in spec.items() if name != "data"})
    assert "NAME" not in rest
    assert "SAID" not in rest


def test_what_draws_opens_nothing(drawer: Drawer) -> None:
    drawn(drawer, rows(OF_EIGHT, WIDE, TICKS))
    limits = Path(f"/proc/{drawer.process}/limits")
    if not limits.exists():
        pytest.skip("there is no /proc here")
    assert re.search(r"Max open files\s+0\s+0", limits.read_text())
    assert Path(f"/proc/{drawer.process}/environ").read_text().count("=") <= 2
