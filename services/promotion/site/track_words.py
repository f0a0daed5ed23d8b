"""How a part of a track's rule is said, and whether a report counts for it."""

from math import ceil
from typing import Any

from services.promotion.domain.track import Figure
from shared.web.language import Language, Marked, marked

FIGURES: dict[str, Marked] = {
    "confirmed": marked("confirmed reports"),
    "sectors": marked("sectors"),
    "days": marked("days with confirmed reports"),
    "refuted_share": marked("share of reports that were refuted"),
    "places": marked("places"),
    "confirmers": marked("others who confirmed"),
    "findings": marked("findings that the verdict agreed with"),
}
COUNTS: dict[str, Marked] = {
    "counts": marked("counts"),
    "counts against": marked("counts against you"),
    "before the window": marked("is too old to count"),
    "is not asked for": marked("is not asked for on this track"),
    "one too many of its day": marked("is one too many of its day"),
    "one too many of its confirmer": marked("is one too many of who confirmed it"),
    "taken back": marked("was taken back"),
}
WHAT: dict[str, Marked] = {
    "ReportCredited": marked("confirmed report"),
    "FindingCredited": marked("finding"),
    "RefutationNoted": marked("refuted report"),
}


def told(language: Language, figure: Figure) -> dict[str, Any]:
    """What is wanted, what there is, and what is missing, if anything."""
    say = language.gettext
    return {
        "what": say(FIGURES[figure.what]),
        "wanted": say(
            marked("at most %(limit)s") if figure.most else marked("at least %(limit)s"),
            limit=_number(language, figure.wanted, is_share=figure.most),
        ),
        "has": _number(language, figure.has, is_share=figure.most),
        "missing": _missing(language, figure),
    }


def _number(language: Language, value: float, *, is_share: bool) -> str:
    """What fades with time is told in whole ones, never more than there is."""
    return language.percent(value) if is_share else language.number(int(value))


def _missing(language: Language, figure: Figure) -> str:
    if figure.met:
        return ""
    if figure.most:
        return language.gettext(marked("too many were refuted"))
    lacks = ceil(figure.wanted) - int(figure.has)
    return language.ngettext("%(num)s is missing", "%(num)s are missing", lacks)
