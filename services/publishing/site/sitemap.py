"""The sitemap: which pages a search engine should know. Pure."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

MOST = 50_000
"""The format takes no more."""
PAGES = ("", "overdue", "qualified", "checks", "owners", "patterns", "data")


def sitemap(base: str, places: Iterable[str]) -> str:
    """`base` is the site's address with a slash at its end. Pages of checks are found from these;
    they come and go."""
    paths = [*PAGES, *(f"place/{place}" for place in places)][:MOST]
    lines = [f"<url><loc>{escape(base + path)}</loc></url>" for path in paths]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>\n",
        ]
    )
