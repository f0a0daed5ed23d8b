"""Markdown of the newsroom can do no harm to who reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.newsroom.prose import as_html, as_plain, size_of

HARMFUL = [
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a](data:text/html,x)",
    '<img src=x onerror="alert(1)">',
    "![seen](https://elsewhere.test/pixel.png)",
    '<a href="https://x.test" onclick="x()">a</a>',
    "<iframe src='https://x.test'></iframe>",
    "<style>*{display:none}</style>",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_what_could_harm_is_text(text: str) -> None:
    html = as_html(text)
    for sign in ("<script", "<img", "<iframe", "<style", 'href="javascript', 'href="data', "<a on"):
        assert sign not in html


@given(st.text(alphabet=st.sampled_from(list("<>\"'=/()[]!#*_`a:j\n ")), max_size=80))
def test_no_tag_that_is_not_ours(text: str) -> None:
    html = as_html(text)
    known = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr"}
    known |= {f"h{number}" for number in range(2, 7)} | {"s", "table", "thead", "tbody", "tr"}
    known |= {"th", "td"}
    for part in html.split("<")[1:]:
        assert part.split(">")[0].strip("/").split()[0].rstrip("/") in known


def test_headings_stand_below_the_title_and_links_lead_away_unseen() -> None:
    assert "<h2>One</h2>" in as_html("# One")
    assert "<h6>Six</h6>" in as_html("###### Six")
    link = as_html("[a](https://tribune.test)")
    assert 'rel="nofollow noopener noreferrer"' in link


def test_words_are_counted_as_they_are_read() -> None:
    assert size_of("One *two* [three](https://tribune.test/four)\n\n- five") == 4
    assert as_plain("*a* < b & c").strip() == "a < b & c"
