"""Questions in a real browser: those that wait, the oldest first, and one with its answers."""

import pytest
from chromium import Tab
from looks import FOCUS, ORDER
from node_parts import axe
from public_site import PublicSite
from test_page import STICKING_OUT, WEAK_CONTRAST, WIDE_TEXT

from services.publishing.newsroom.question_words import OF_THE_BODY, QuestionText
from shared.testing.examples import (
    MONDAY,
    PUBLIC_ANSWER_CORRECTED,
    PUBLIC_CHECK_OPENED,
    PUBLIC_QUESTION_ANSWERED,
    PUBLIC_QUESTION_ASKED,
    PUBLIC_QUESTION_COUNTED,
    PUBLIC_QUESTION_HIDDEN,
    PUBLIC_RATINGS_COUNTED,
    ROXBURY,
    varied,
)

AXE = "axe.run().then(found => found.violations.map(v => v.id + ': ' + v.nodes[0].html))"
ANSWERED, WIDE, GONE = (each * 32 for each in "abc")


def worded(site: PublicSite, title: str, text: str, number: int) -> QuestionText:
    words = QuestionText(f"{number:032x}", "d" * 32, OF_THE_BODY, title, text, "salt", MONDAY)
    site.words[words.words_id] = words
    return words


async def told(site: PublicSite) -> None:
    """One that is answered and corrected, one that waits, one whose words are gone."""
    events = []
    for number, (page, title) in enumerate(((ANSWERED, "When?"), (WIDE, WIDE_TEXT), (GONE, ""))):
        words = worded(site, title, "Since *Monday*.\n\n> it is dark", number)
        named = {"question": f"{number + 9:032x}", "page": page, "check": f"{number + 50:032x}"}
        said = {"words": words.words_id, "digest": words.digest}
        events += [varied(PUBLIC_QUESTION_ASKED, **named, **said)]
    first, gone = events[0].question, events[2].question
    answer, better = worded(site, "", "In **May**.", 7), worded(site, "", "In June.", 8)
    events += [
        varied(PUBLIC_CHECK_OPENED, check=events[0].check),
        varied(PUBLIC_QUESTION_COUNTED, question=first),
        varied(
            PUBLIC_QUESTION_ANSWERED,
            question=first,
            words=answer.words_id,
            digest=answer.digest,
        ),
        varied(PUBLIC_RATINGS_COUNTED, question=first),
        varied(
            PUBLIC_ANSWER_CORRECTED,
            question=first,
            words=better.words_id,
            digest=better.digest,
            why=WIDE_TEXT,
        ),
        varied(PUBLIC_QUESTION_HIDDEN, question=gone, reason=WIDE_TEXT),
    ]
    await site.hears(*events)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_pages_of_questions_are_orderly(
    site: PublicSite, address: str, tab: Tab, width: int, *, dark: bool
) -> None:
    await told(site)
    await tab.look_as(width, dark=dark)
    looks = axe()
    questions = ["/questions", "/questions?answered=yes", f"/place/{ROXBURY}"]
    for path in (*questions, *(f"/questions/{page}" for page in (ANSWERED, WIDE, GONE))):
        await tab.open(f"{address}{path}")
        await tab.evaluate(looks)
        assert await tab.evaluate(AXE) == [], path
        for query in (ORDER, FOCUS, WEAK_CONTRAST, STICKING_OUT):
            assert await tab.evaluate(query) == [], (path, query)
    assert [line for line in tab.console if "axe" not in line] == []


async def test_what_waits_leads_to_its_page_and_old_answers_stay(
    site: PublicSite, address: str, tab: Tab
) -> None:
    await told(site)
    text = "document.querySelector('main').innerText"
    await tab.open(f"{address}/questions")
    assert "waits for 40 days" in await tab.evaluate(text)
    await tab.act("document.querySelector('.entries h2 a').click()")
    assert await tab.evaluate("location.pathname") == f"/questions/{WIDE}"
    await tab.open(f"{address}/questions/{ANSWERED}")
    shown = await tab.evaluate(text)
    assert shown.index("In June.") < shown.index("In May.")
    assert "It is answered: at least 20" in shown
    assert "It is not answered: too few to tell" in shown
    await tab.open(f"{address}/questions/{GONE}")
    assert "Its words were taken away" in await tab.evaluate(text)
