"""A question from who asks it to its answer, and what is left of it when people go."""

import asyncio
import re
from collections.abc import Callable, Iterator
from html import unescape
from uuid import uuid4

import httpx
import pytest
from house import House

from services.publishing.newsroom import closed_logins
from shared.contracts.check import CheckOpened, DoneClaimed
from shared.contracts.identity import aggregate_id
from shared.contracts.login import LoginClosed
from shared.contracts.question import SOURCE, QuestionPassed
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.testing.examples import new_event
from shared.web.now import utc_now
from shared.web.sessions import begun

pytestmark = pytest.mark.asyncio(loop_scope="module")
SITE = ("publishing", "public")
WITHIN_S = 60.0
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
PLACE, SECTOR = "us.ma.boston.roxbury", "street-lights"


@pytest.fixture(scope="module", autouse=True)
def _often() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed_logins, "EVERY_S", 0.2)
        yield


def login(name: str) -> str:
    return aggregate_id("login", "questions", name)


def token_of(home: House, who: str) -> str:
    """Somebody of the staff, or any member."""
    if who in ("eva", "edo", "nobody"):
        return home.token_of(who)
    return home.signer.token(begun(login(who), "member", "", utc_now()))


async def until(home: House, path: str, is_so: Callable[[str], bool], who: str = "nobody") -> str:
    async with asyncio.timeout(WITHIN_S):
        while True:
            answer = await home.ask(SITE, "GET", path, token_of(home, who))
            if answer.status_code == 200 and is_so(answer.text):
                return answer.text
            await asyncio.sleep(0.05)


async def sends(home: House, who: str, path: str, **fields: str) -> httpx.Response:
    """What the first form of a page has, with these fields, from a browser of theirs."""
    form = await home.ask(SITE, "GET", path, token_of(home, who))
    assert form.status_code == 200, (path, form.status_code)
    hidden: dict[str, str] = {}
    for name, value in HIDDEN.findall(form.text):
        hidden.setdefault(name, unescape(value))
    token = token_of(home, who)
    return await home.ask(SITE, "POST", path.partition("?")[0], token, data=hidden | fields)


async def asked(home: House, title: str, who: str = "mia", **more: str) -> str:
    fields = {"title": title, "text": "**Since** when? <script>x</script>", "tongue": "en"}
    where = "/newsroom/questions/ask" if who in ("eva", "edo") else "/questions/ask"
    answer = await sends(home, who, where, place=PLACE, sector=SECTOR, **fields | more)
    assert answer.status_code == 303, answer.text[-900:]
    found = re.search("[0-9a-f]{32}", answer.headers["Location"])
    if found:
        return found[0]
    desk = await until(home, "/newsroom/questions", lambda text: title in text, "eva")
    return re.findall("/newsroom/questions/([0-9a-f]{32})", desk.partition(title)[0])[-1]


async def passed(home: House, question: str, who: str = "eva") -> None:
    assert (await sends(home, who, f"/newsroom/questions/{question}/pass")).status_code == 303
    await until(home, f"/questions/{question}", lambda _: True)


async def test_from_who_asks_to_the_answer_and_what_is_thought_of_it(home: House) -> None:
    title = f"When is the lamp lit, {uuid4().hex[:6]}"
    question = await asked(home, title)
    page = f"/questions/{question}"
    assert (await home.ask(SITE, "GET", page)).status_code == 404, "nobody has read it"
    other = await home.ask(SITE, "GET", f"{page}/mine", token_of(home, "max"))
    assert other.status_code == 404, "others do not learn that it is there"
    assert title in await until(home, "/newsroom/questions", lambda text: title in text, "edo")
    await passed(home, question)
    listed = await until(home, f"/questions?place={PLACE}", lambda text: title in text)
    assert "waits for 0 days" in listed
    assert title in await until(home, f"/place/{PLACE}", lambda text: title in text)
    read = await until(home, page, lambda text: "/checks/" in text)
    assert "<strong>Since</strong>" in read
    assert "<script>x" not in read
    assert "Constituent Services" in read
    assert "so few ask it that their number is not told. <a" in read.lower(), "no small figures"

    for _ in "ab":
        joins = await sends(home, "max", f"{page}/mine", act="join")
        assert joins.status_code == 303
    early = await sends(home, "max", f"{page}/mine", act="rate", rating="not", number="1")
    assert early.status_code == 409
    desk = f"/newsroom/questions/{question}/answer"
    wrong = await sends(home, "edo", desk, office="Edo Example", text="Soon.", tongue="en")
    assert wrong.status_code == 422, "an office answers, and never a person"
    office = "Constituent Services"
    said = await sends(home, "edo", desk, office=office, text="In *May*.", tongue="en")
    assert said.status_code == 303, said.text
    answered = await until(home, page, lambda text: "<em>May</em>" in text)
    assert office in answered
    assert title not in await until(home, "/questions", lambda text: title not in text)
    others = await until(home, "/questions?answered=yes", lambda text: title in text)
    assert "since <time" not in others, "the day on which it was asked is none of an answer"
    rated = await sends(home, "max", f"{page}/mine", act="rate", rating="not", number="1")
    assert rated.status_code == 303, rated.text
    stranger = await home.ask(
        SITE,
        "POST",
        f"{page}/mine",
        token_of(home, "sam"),
        data={"act": "rate", "rating": "answered", "number": "1", "token": home.form_token},
    )
    assert stranger.status_code == 409, "who did not ask it rates nothing"

    fields = {"office": office, "text": "In **June**.", "tongue": "en"}
    corrected = await sends(home, "eva", desk, **fields, why="It was put off")
    assert corrected.status_code == 303, corrected.text
    both = await until(home, page, lambda text: "It was put off" in text)
    assert both.index("<strong>June</strong>") < both.index("<em>May</em>"), "the old one stays"
    own = await until(home, "/questions/own", lambda text: title in text, "max")
    assert "joined by you" in own
    assert "answered" in own
    other = await until(home, "/questions/own", lambda _: True, "sam")
    assert title not in other, "what somebody asked is nobody's business"
    old = await sends(home, "max", f"{page}/mine", act="rate", rating="not", number="1")
    assert old.status_code == 409, "they have to read the new one first"
    await _is_one_check(home, question)
    log = await home.runtimes["gate"].client.jetstream().stream_info("PUBLIC")
    assert log.state.last_seq > 0


async def _is_one_check(home: House, question: str) -> None:
    """In intake, opened once and done once, however often it is told."""
    store = home.runtimes["intake"].store
    async with asyncio.timeout(WITHIN_S):
        while True:
            history = await store.load(AggregateKey("intake", "check", question))
            events = [each.event for each in history]
            if any(isinstance(each, DoneClaimed) for each in events):
                break
            await asyncio.sleep(0.05)
    (opened,) = [each for each in events if isinstance(each, CheckOpened)]
    assert (opened.source, opened.source_id) == (SOURCE, question)
    assert len([each for each in events if isinstance(each, DoneClaimed)]) == 1


async def test_an_editor_looks_at_a_question_in_each_of_its_states(home: House) -> None:
    title, reason = f"Worked {uuid4().hex[:6]}", "It names a neighbour"
    question = await asked(home, title, "kim")
    desk = f"/newsroom/questions/{question}"
    assert "Let it through" in await until(home, desk, lambda text: title in text, "eva")
    await passed(home, question)
    assert "Answer it" in await until(home, desk, lambda text: title in text, "edo")
    assert (await sends(home, "eva", f"{desk}/hide", reason=reason)).status_code == 303
    assert title not in await until(home, desk, lambda text: reason in text, "edo")


async def test_the_same_form_sent_twice_asks_once(home: House) -> None:
    fields = {
        "once": "d" * 32,
        "title": "Twice?",
        "text": "",
        "tongue": "en",
        "place": PLACE,
        "sector": SECTOR,
        "token": home.form_token,
    }
    token = token_of(home, "tia")
    both = [await home.ask(SITE, "POST", "/questions/ask", token, data=fields) for _ in "ab"]
    first, second = (each.headers["Location"] for each in both)
    assert first == second


async def test_a_link_says_what_it_is_about_and_neither_words_nor_which_form_it_is(
    home: House,
) -> None:
    """Else the second question by the same link would be lost, for it is the same form."""
    link = f"/questions/ask?place={PLACE}&sector={SECTOR}&once={'e' * 32}&title=Ours"
    page = (await home.ask(SITE, "GET", link, token_of(home, "lea"))).text
    assert "e" * 32 not in page
    assert "Ours" not in page
    for chosen in (PLACE, SECTOR):
        assert f'<option value="{chosen}" selected>' in page


async def test_so_many_a_day_are_enough(home: House) -> None:
    for number in range(3):
        await asked(home, f"Number {number}?", "una")
    fields = {"title": "One more?", "tongue": "en", "place": PLACE, "sector": SECTOR}
    answer = await sends(home, "una", "/questions/ask", **fields)
    assert answer.status_code == 409
    assert "enough" in answer.text


async def test_who_withdraws_asks_no_more_often_and_the_form_sent_again_brings_nothing_back(
    home: House,
) -> None:
    mark = f"Again{uuid4().hex[:8]}"
    fields = {"title": mark, "text": "", "tongue": "en", "place": PLACE, "sector": SECTOR}
    fields["token"] = home.form_token
    token = token_of(home, "wim")

    async def asks(once: str) -> httpx.Response:
        data = fields | {"once": once * 32}
        return await home.ask(SITE, "POST", "/questions/ask", token, data=data)

    async def withdraws(asked: httpx.Response) -> None:
        found = re.search("[0-9a-f]{32}", asked.headers["Location"])
        assert found
        data = {"act": "withdraw", "token": home.form_token}
        mine = f"/questions/{found[0]}/mine"
        assert (await home.ask(SITE, "POST", mine, token, data=data)).status_code == 303

    for once in "123":
        await withdraws(await asks(once))
    assert (await asks("1")).status_code == 303, "the same form once more"
    assert (await asks("4")).status_code == 409, "so many a day are enough"
    files = [each.read_bytes() for each in home.folder.glob("publishing-secrets.db*")]
    assert not any(mark.encode() in each for each in files)


async def test_what_is_noted_at_a_meeting_somebody_else_lets_through(home: House) -> None:
    title = f"Noted, {uuid4().hex[:6]}"
    question = await asked(home, title, "eva", met_on="2026-01-02")
    own = await sends(home, "edo", f"/newsroom/questions/{question}/pass")
    assert own.status_code == 303
    again = await home.ask(
        SITE,
        "POST",
        f"/newsroom/questions/{question}/decline",
        token_of(home, "edo"),
        data={"why": "asked", "token": home.form_token},
    )
    assert again.status_code == 409, "what is let through stays"
    read = await until(home, f"/questions/{question}", lambda text: title in text)
    assert "asked at a meeting" in read


async def test_what_was_withdrawn_or_declined_is_on_no_disk_and_the_answer_stays_owed(
    home: House,
) -> None:
    marks = [f"Mark{uuid4().hex[:8]}" for _ in range(3)]
    public, before, declined = [await asked(home, mark, f"who{mark}") for mark in marks]
    await passed(home, public)
    for question, mark in ((public, marks[0]), (before, marks[1])):
        gone = await home.ask(
            SITE,
            "POST",
            f"/questions/{question}/mine",
            token_of(home, f"who{mark}"),
            data={"act": "withdraw", "token": home.form_token},
        )
        assert gone.status_code == 303, gone.text
    refused = await sends(home, "eva", f"/newsroom/questions/{declined}/decline", why="names")
    assert refused.status_code == 303
    read = await until(home, f"/questions/{public}", lambda text: "has withdrawn it" in text)
    assert marks[0] not in read
    for question in (before, declined):
        assert (await home.ask(SITE, "GET", f"/questions/{question}")).status_code == 404
    files = [each.read_bytes() for each in home.folder.glob("publishing-secrets.db*")]
    assert not any(mark.encode() in each for each in files for mark in marks)
    history = await home.runtimes["publishing"].store.load(
        AggregateKey("publishing", "question", public)
    )
    assert any(isinstance(each.event, QuestionPassed) for each in history)
    office = "Constituent Services"
    desk = f"/newsroom/questions/{public}/answer"
    said = await sends(home, "edo", desk, office=office, text="All the same.", tongue="en")
    assert said.status_code == 303


async def test_whose_login_is_closed_their_words_go(home: House) -> None:
    """The gate alone knows the login behind the code; the site asks it again and again."""
    mark = f"Leaving{uuid4().hex[:8]}"
    question = await asked(home, mark, "leo")
    await passed(home, question)
    page = f"/questions/{question}"
    assert mark in await until(home, page, lambda text: mark in text)
    history = await home.runtimes["publishing"].store.load(
        AggregateKey("publishing", "question", question)
    )
    assert login("leo") not in str([each.event for each in history]), "no login stands there"
    key = AggregateKey("promotion", "login", login("leo"))
    closed = new_event(LoginClosed(login_id=login("leo")))
    await home.runtimes["promotion"].store.append([Append(key, 0, [closed])])
    read = await until(home, page, lambda text: mark not in text)
    assert "went with whoever wrote them" in read
    files = [each.read_bytes() for each in home.folder.glob("publishing-secrets.db*")]
    assert not any(mark.encode() in each for each in files)


async def test_what_nobody_can_read_any_more_nobody_lets_through(home: House) -> None:
    """Its asker's login was closed before any editor had read it."""
    mark = f"Unread{uuid4().hex[:8]}"
    question = await asked(home, mark, "lia")
    key = AggregateKey("promotion", "login", login("lia"))
    closed = new_event(LoginClosed(login_id=login("lia")))
    await home.runtimes["promotion"].store.append([Append(key, 0, [closed])])
    desk = f"/newsroom/questions/{question}"
    await until(home, desk, lambda text: mark not in text, "eva")
    answer = await sends(home, "eva", f"{desk}/pass")
    assert answer.status_code == 409
    assert "Nobody can read it any more" in answer.text
    assert (await sends(home, "eva", f"{desk}/decline", why="nothing")).status_code == 303
