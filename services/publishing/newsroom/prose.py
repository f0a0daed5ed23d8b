"""Markdown of the newsroom as HTML that can do no harm, and how many words it has."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    [
        "p",
        "br",
        "em",
        "strong",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "s",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
SCHEMES = {"http", "https", "mailto"}
LOWEST = 6

_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_markdown.disable("image")


def as_html(text: str, below: int = 1) -> str:
    """Headings begin so far below the page's first. Pictures from elsewhere are not shown: they
    would tell others who reads."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _lowered(token, below)
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    cleaned: str = nh3.clean(
        rendered,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return cleaned


def as_plain(text: str) -> str:
    """For reading aloud: words and lines, and nothing between pointed brackets."""
    return _unescaped(nh3.clean(as_html(text), tags=set()))


def size_of(text: str) -> int:
    """How many words."""
    return len(as_plain(text).split())


def _lowered(token: Token, below: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1:]) + below, LOWEST)}"


def _unescaped(text: str) -> str:
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text
