"""The columns that a value is made of."""

from collections.abc import Iterable
from typing import Any

from shared.mapping.template import Template
from shared.mapping.value_rules import (
    AfterRule,
    DayRule,
    InstantRule,
    ListRule,
    MadeUpRule,
    PlaceRule,
    SlugRule,
    TextRule,
    TruthRule,
    WordsRule,
)


def columns_of(rule: Any) -> Iterable[str]:
    """All that a value is made of."""
    match rule:
        case str():
            return Template(rule).columns
        case TextRule():
            return Template(rule.text).columns
        case PlaceRule():
            return rule.place
        case SlugRule():
            return [rule.slug]
        case ListRule():
            return rule.list
        case DayRule():
            return rule.day
        case InstantRule():
            return [*rule.instant, *columns_of(rule.empty)]
        case AfterRule():
            return [*rule.after, *columns_of(rule.days), *columns_of(rule.hours)]
        case WordsRule():
            return [rule.words]
        case TruthRule():
            return [rule.truth]
        case MadeUpRule():
            return [*rule.made_up, rule.turn]
    return []
