"""What is late and not done, by owner, with what it is of. Pure."""

from collections.abc import Sequence

from services.publishing.projections.kept import Kept
from services.publishing.site.chart import Chart, canvases
from services.publishing.site.chart_months import PARTS
from shared.web.charts.kinds import Share, rows
from shared.web.language import Language

MOST_OWNERS = 25


def overdue(kept: Sequence[Kept], in_all: Sequence[Kept], language: Language) -> Chart:
    """By name. What several owners had counts for each; `in_all` counts it once."""
    gettext, number, percent = language.gettext, language.number, language.percent
    settled = [each for each in kept if each.settled]
    most = sorted(settled, key=lambda each: -each.settled)[:MOST_OWNERS]
    shown = [each for each in settled if each in most]
    named = {each: each.of or gettext("waits for an editor") for each in shown}
    parts = {each: each.not_done / each.settled for each in shown}
    of = {
        each: gettext("%(part)s of %(all)s", part=number(each.not_done), all=number(each.settled))
        for each in shown
    }
    points = [Share(named[each], parts[each], of[each]) for each in shown]
    ticks = {part: percent(part) for part in PARTS}
    wide, narrow = (rows(points, each, ticks) if points else None for each in canvases(language))
    all_settled = sum(each.settled for each in in_all)
    late = sum(each.not_done for each in in_all)
    says = gettext("There is nothing here yet.")
    if all_settled:
        says = gettext(
            "Of %(all)s checks that are done or whose day is over, %(late)s are not done"
            " (%(share)s).",
            all=number(all_settled),
            late=number(late),
            share=percent(late / all_settled),
        )
    if len(settled) > len(shown):
        says += " " + language.ngettext(
            "Shown is the %(num)s owner who has most checks.",
            "Shown are the %(num)s owners who have most checks.",
            len(shown),
        )
    return Chart(
        "overdue",
        gettext("Late and not done, by owner"),
        says,
        gettext(
            "A bar is the share of an owner's checks; beside it stands how many of how many. By"
            " name, and without a rank: who is asked for little or hard things is not worse than"
            " others."
        ),
        (gettext("Owner"), gettext("Not done, late"), gettext("Done or over"), gettext("Share")),
        [
            (named[each], number(each.not_done), number(each.settled), percent(parts[each]))
            for each in shown
        ],
        ("owner", "not_done", "settled", "share_not_done"),
        [(each.of, each.not_done, each.settled, each.not_done / each.settled) for each in settled],
        wide,
        narrow,
    )
