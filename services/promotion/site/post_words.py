"""How a candidate's rank is said in words, and how things stand."""

from collections.abc import Iterator

from services.promotion.domain.ranking import FIGURES, of
from shared.contracts.post import Ranked
from shared.web.language import Language, Marked, marked

FITTING: dict[str, Marked] = {
    "fits": marked("days of confirmed work at the place, about the sector"),
    "here": marked("days of confirmed work at the place"),
    "elsewhere": marked("days of confirmed work about the sector, anywhere"),
    "confirmers": marked("others who confirmed it"),
    "sectors": marked("sectors"),
    "lot": marked("the lot, for nothing else told the two apart"),
}
BY: dict[str, Marked] = {
    "rule": marked("qualified"),
    "nomination": marked("named by another member"),
    "themselves": marked("came forward"),
}
STANDS: dict[str, Marked] = {
    "placed": marked("You have a seat."),
    "asked": marked("You are asked whether you take a seat."),
    "chosen": marked("The body has chosen you; a second person has to allow it."),
    "out": marked("You stood back, declined or did not answer. You can come forward again."),
    "before": marked("You had a seat last, so it is somebody else's turn first."),
    "ranked": marked("You are among the candidates."),
    "unranked": marked("You are not among the candidates who were ranked last."),
}


def reasons(language: Language, one: Ranked) -> list[str]:
    """Each figure that is there, in the order in which they count."""
    return list(_reasons(language, one)) or [language.gettext(marked("nothing that fits yet"))]


def _reasons(language: Language, one: Ranked) -> Iterator[str]:
    say = language.gettext
    for name, figure in zip(FIGURES, of(one), strict=True):
        if figure:
            text = marked("%(what)s: at least %(num)s")
            yield say(text, what=say(FITTING[name]), num=language.number(figure))
