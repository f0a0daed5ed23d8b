"""Whatever societies refuse is told in words of its own, and not that it is not possible."""

import inspect

from services.promotion.domain import society_rules
from services.promotion.site.society_forms import SocietyForms
from shared.eventsourcing.errors import DomainError


def test_each_refusal_has_words() -> None:
    refusals = {
        each
        for _, each in inspect.getmembers(society_rules, inspect.isclass)
        if issubclass(each, DomainError) and each is not DomainError
    }
    assert len(refusals) > 10
    assert refusals <= SocietyForms.why_not.keys()
