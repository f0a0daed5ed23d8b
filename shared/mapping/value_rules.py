"""What may stand for a value in a mapping: a text with columns in it, a constant, or a rule."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from shared.contracts.values import Place
from shared.mapping.template import Template

RULES = ("text", "place", "slug", "list", "day", "instant", "after", "words", "truth", "made_up")
"""The first key of each rule, by which it is known."""

CHOICE = "choice:"
"""Begins the names of choices in the ways to errors; no key begins so."""


def _template(text: str) -> str:
    Template(text)
    return text


def as_list(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _choice(given: Any) -> str | None:
    match given:
        case str():
            return f"{CHOICE}template"
        case bool() | int() | float():
            return f"{CHOICE}constant"
        case dict():
            return next((f"{CHOICE}{key}" for key in RULES if key in given), None)
    return None


_CHOSEN = Discriminator(_choice)
Column = Annotated[str, StringConstraints(min_length=1)]
Columns = Annotated[list[Column], BeforeValidator(as_list), Field(min_length=1)]
Text = Annotated[str, AfterValidator(_template)]
AtLeastOne = Annotated[int, Field(ge=1, le=1_000_000)]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TextRule(Strict):
    """`otherwise` stands for what is not in the table of aliases, `empty` for nothing."""

    text: Text
    aliases: str | None = None
    otherwise: str | None = None
    empty: str = ""


class PlaceRule(Strict):
    """A code under a region, a part for each column; the region itself for `same_as_whole`."""

    place: Columns
    under: Place = "everywhere"
    same_as_whole: list[str] = []
    aliases: str | None = None
    empty: str = ""


class SlugRule(Strict):
    slug: Column
    aliases: str | None = None
    empty: str = ""


class ListRule(Strict):
    """What is in several columns, each with any number of entries between the separators, each
    once. With `under` they are codes of places under a region, with `codes` those of sectors;
    `otherwise` stands for what is not in the table of aliases."""

    list: Columns
    separator: Annotated[str, StringConstraints(min_length=1, max_length=10)] = ";"
    under: Place | None = None
    codes: bool = False
    aliases: str | None = None
    otherwise: str | None = None
    empty: str = ""


class DayRule(Strict):
    """The day alone of a time, however long ago."""

    day: Columns


Number = Annotated[
    Annotated[AtLeastOne, Tag(f"{CHOICE}constant")]
    | Annotated[Text, Tag(f"{CHOICE}template")]
    | Annotated[TextRule, Tag(f"{CHOICE}text")],
    _CHOSEN,
]
"""A whole number, or a text that becomes one."""


class AfterRule(Strict):
    """So many days after: the end of that day; so many hours after: that very moment."""

    after: Columns
    days: Number | None = None
    hours: Number | None = None


class InstantRule(Strict):
    """Of several columns, as a day and a time, what is in them with spaces between."""

    instant: Columns
    day_means: Literal["start", "end"] | None = None
    empty: "Moment | None" = None


Moment = Annotated[
    Annotated[InstantRule, Tag(f"{CHOICE}instant")] | Annotated[AfterRule, Tag(f"{CHOICE}after")],
    _CHOSEN,
]


class WordsRule(Strict):
    """Any other key is an outcome, with the words that mean it."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, list[str]] = Field(init=False)

    words: Column
    otherwise: str
    empty: str


class TruthRule(Strict):
    truth: Column
    yes: list[str]
    no: list[str]
    empty: bool | None = None


class MadeUpRule(Strict):
    made_up: Columns
    turn: Column
    in_each: AtLeastOne
    covering: AtLeastOne


MODELS: dict[str, type[Strict]] = {
    "text": TextRule,
    "place": PlaceRule,
    "slug": SlugRule,
    "list": ListRule,
    "day": DayRule,
    "instant": InstantRule,
    "after": AfterRule,
    "words": WordsRule,
    "truth": TruthRule,
    "made_up": MadeUpRule,
}

Value = Annotated[
    Annotated[Text, Tag(f"{CHOICE}template")]
    | Annotated[bool | int | float, Tag(f"{CHOICE}constant")]
    | Annotated[TextRule, Tag(f"{CHOICE}text")]
    | Annotated[PlaceRule, Tag(f"{CHOICE}place")]
    | Annotated[SlugRule, Tag(f"{CHOICE}slug")]
    | Annotated[ListRule, Tag(f"{CHOICE}list")]
    | Annotated[DayRule, Tag(f"{CHOICE}day")]
    | Annotated[InstantRule, Tag(f"{CHOICE}instant")]
    | Annotated[AfterRule, Tag(f"{CHOICE}after")]
    | Annotated[WordsRule, Tag(f"{CHOICE}words")]
    | Annotated[TruthRule, Tag(f"{CHOICE}truth")]
    | Annotated[MadeUpRule, Tag(f"{CHOICE}made_up")],
    _CHOSEN,
]
