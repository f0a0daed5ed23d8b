"""A chart as it stands in a page, and as a file of its own: with its name and what it says."""

from markupsafe import Markup, escape

BEGINS = "<svg "
OPENING = (
    '<svg{more} class="chart {look}" role="img" direction="ltr"'
    ' aria-labelledby="{id}-name {id}-says" '
)
NAMED = '<title id="{id}-name">{name}</title><desc id="{id}-says">{says}</desc>'
ALONE = ' xmlns="http://www.w3.org/2000/svg"'
GROUND = '<rect width="100%" height="100%" fill="#faf8f3"/>'


def in_page(drawn: str, look: str, its_id: str, name: str, says: str) -> Markup:
    """`look` is for which width. Left stays left in it: it was made for whoever reads it."""
    return _told(drawn, "", look, its_id, name, says)


def as_file(drawn: str, name: str, says: str) -> str:
    """On a ground of its own, in the colours of paper: no style leads it."""
    told = str(_told(drawn, ALONE, "wide", "chart", name, says))
    return str.replace(told, "</desc>", f"</desc>{GROUND}", 1)


def _told(drawn: str, more: str, look: str, its_id: str, name: str, says: str) -> Markup:
    opening = OPENING.format(more=more, look=look, id=its_id)
    head, _, rest = drawn.removeprefix(BEGINS).partition(">")
    named = NAMED.format(id=its_id, name=escape(name), says=escape(says))
    return Markup(f"{opening}{head}>{named}{rest}")  # noqa: S704  # nosec B704  tame, or escaped
