"""What was done, and how long it took, by month. Pure."""

from collections.abc import Mapping, Sequence

from services.publishing.projections.elapsed import Days, within
from services.publishing.projections.kept import Kept
from services.publishing.site.chart import MONTHS, Chart, canvases, day_of
from shared.web.charts.kinds import Share, Spread, shares, spreads, steps
from shared.web.language import Language

QUARTERS = (0.25, 0.5, 0.75)
PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_MONTHS = 3 * MONTHS

Three = tuple[str, int, int, int, int]
"""Of a month how many were done, and the days of a quarter, of half and of three quarters."""


def done(kept: Sequence[Kept], language: Language) -> Chart:
    """By the month in which it was due, of what is settled."""
    gettext, number, percent = language.gettext, language.number, language.percent
    months = [each for each in kept if each.of and each.settled][-MOST_MONTHS:]
    named = {each: language.month(day_of(each.of or "")) for each in months}
    points = [
        Share(named[each], each.fixed or 0.0, percent(each.fixed or 0.0), each.share)
        for each in months
    ]
    wide, narrow = (
        shares(points, each, {part: percent(part) for part in PARTS}) if points else None
        for each in canvases(language)
    )
    return Chart(
        "done",
        gettext("What was done, by the month in which it was due"),
        _done_said(months, named, language),
        gettext(
            "A column is the share that is done by now; the stroke across it is the share that was"
            " done in time. What is neither done nor late is not counted."
        ),
        (gettext("Month"), gettext("Done or over"), gettext("Done"), gettext("Done in time")),
        [
            (
                named[each],
                number(each.settled),
                f"{number(each.done)} ({percent(each.fixed or 0.0)})",
                f"{number(each.in_time)} ({percent(each.share or 0.0)})",
            )
            for each in months
        ],
        ("month", "settled", "done", "share_done", "in_time", "share_in_time"),
        [(m.of, m.settled, m.done, m.fixed, m.in_time, m.share) for m in months],
        wide,
        narrow,
    )


def _done_said(months: Sequence[Kept], named: Mapping[Kept, str], language: Language) -> str:
    gettext, number, percent = language.gettext, language.number, language.percent
    if not months:
        return gettext("There is nothing here yet.")
    settled = sum(each.settled for each in months)
    done, in_time = sum(each.done for each in months), sum(each.in_time for each in months)
    figures = {
        "all": number(settled),
        "done": number(done),
        "share": percent(done / settled),
        "timely": number(in_time),
        "timely_share": percent(in_time / settled),
    }
    if len(months) == 1:
        return gettext(
            "Of %(all)s checks that were due in %(month)s, %(done)s were done (%(share)s), and"
            " %(timely)s in time (%(timely_share)s).",
            month=named[months[0]],
            **figures,
        )
    return gettext(
        "Of %(all)s checks that were due from %(first)s to %(last)s, %(done)s were done"
        " (%(share)s), and %(timely)s in time (%(timely_share)s).",
        first=named[months[0]],
        last=named[months[-1]],
        **figures,
    )


def days(found: Mapping[str, Days], language: Language) -> Chart:
    """By the month in which it was done."""
    gettext, number = language.gettext, language.number
    months = list(found.items())[-MOST_MONTHS:]
    three = [_three(of, each) for of, each in months]
    named = {of: language.month(day_of(of)) for of, *_ in three}
    points = [
        Spread(named[of], low, middle, high, number(middle)) for of, _, low, middle, high in three
    ]
    ticks = {float(each): number(each) for each in steps(max((p.high for p in points), default=0))}
    wide, narrow = (spreads(points, each, ticks) if points else None for each in canvases(language))
    return Chart(
        "days",
        gettext("Days until it was done, by the month in which it was done"),
        _days_said(three[-1], named, language) if three else gettext("There is nothing here yet."),
        gettext(
            "A column reaches from the day by which a quarter was done to that by which three"
            " quarters were; the stroke across it, with its number, is that by which half was. Days"
            " count from the one on which a check was public."
        ),
        (
            gettext("Month"),
            gettext("Done"),
            gettext("A quarter within"),
            gettext("Half within"),
            gettext("Three quarters within"),
        ),
        [(named[of], *(number(each) for each in figures)) for of, *figures in three],
        ("month", "done", "days_of_a_quarter", "days_of_half", "days_of_three_quarters"),
        three,
        wide,
        narrow,
    )


def _three(of: str, found: Days) -> Three:
    low, middle, high = (within(found, share) for share in QUARTERS)
    return of, found.total(), low, middle, high


def _days_said(last: Three, named: Mapping[str, str], language: Language) -> str:
    def said(many: int) -> str:
        return language.ngettext("%(num)s day", "%(num)s days", many)

    of, number, low, middle, high = last
    return language.ngettext(
        "Of %(num)s check that was done in %(month)s, half was done within %(middle)s, a quarter"
        " within %(low)s, and three quarters within %(high)s.",
        "Of %(num)s checks that were done in %(month)s, half were done within %(middle)s, a quarter"
        " within %(low)s, and three quarters within %(high)s.",
        number,
        month=named[of],
        low=said(low),
        middle=said(middle),
        high=said(high),
    )
