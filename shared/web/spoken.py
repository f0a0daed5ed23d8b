"""What a language says, as templates have it: text, whatever stands in it, with values put in."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from shared.web.language import Language, filled


def spoken(language: Language) -> dict[str, Callable[..., Any]]:
    """By the names that gettext's tools know. No catalogue has markup in it: it comes by values."""

    def _(text: str, **values: object) -> Markup:
        return _with(language.words.one(text), values)

    def pgettext(context: str, text: str, **values: object) -> Markup:
        return _with(language.words.one(text, context), values)

    def ngettext(one: str, many: str, number: int, **values: object) -> Markup:
        said = language.words.several(one, many, number)
        return _with(said, {"num": language.number(number), **values})

    return {"_": _, "pgettext": pgettext, "ngettext": ngettext}


def _with(text: str, values: Mapping[str, object]) -> Markup:
    return Markup(filled(escape(text), lambda name: escape(values[name])))  # noqa: S704  escaped  # nosec B704
