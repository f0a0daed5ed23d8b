"""An issue as plain text, to be read aloud: each piece is announced. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from services.publishing.site.bulletin_items import Shown
from shared.eventsourcing.projections.read_model import Row
from shared.web.language import Language


def aloud(
    row: Row, shown: Sequence[Shown], house: str, places: Mapping[str, str], language: Language
) -> str:
    """A blank line between paragraphs, which is where a voice rests."""
    return "\n\n".join(_paragraphs(row, shown, house, places, language)) + "\n"


def _paragraphs(
    row: Row, shown: Sequence[Shown], house: str, places: Mapping[str, str], language: Language
) -> Iterator[str]:
    number = language.number
    yield language.gettext(
        "%(house)s, bulletin number %(number)s, of %(day)s.",
        house=house,
        number=number(row["number"]),
        day=language.day(row["on"]),
    )
    if row["withdrawn_on"]:
        day = language.day(row["withdrawn_on"])
        yield language.gettext(
            "This bulletin was withdrawn on %(day)s: %(reason)s",
            day=day,
            reason=row["withdrawn_for"],
        )
        return
    if row["corrected_on"]:
        day = language.day(row["corrected_on"])
        yield language.gettext("It was corrected on %(day)s: %(why)s", day=day, why=row["why"])
    if row["reason"]:
        yield language.gettext(
            "The regions have less of it than the charter says: %(reason)s", reason=row["reason"]
        )
    for at, each in enumerate(shown, 1):
        yield language.gettext(
            "%(number)s of %(all)s. From %(place)s.",
            number=number(at),
            all=number(len(shown)),
            place=places.get(each.item.place, each.item.place),
        )
        yield from _told(each, language)
    yield language.gettext("That was bulletin number %(number)s.", number=number(row["number"]))


def _told(each: Shown, language: Language) -> Iterator[str]:
    if each.now == "withdrawn" and each.withdrawn_on:
        yield language.gettext(
            "What stood here was withdrawn on %(day)s: %(reason)s",
            day=language.day(each.withdrawn_on),
            reason=each.reason,
        )
    elif each.now == "gone":
        yield language.gettext("Its words are not here.")
    elif each.line:
        yield each.line
    else:
        yield each.title
        yield each.plain
