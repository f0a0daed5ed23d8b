"""The staff inquire of who filed a report on the site; what was replied is read by an opening."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, session
from sqlalchemy import Engine
from test_openings_page import LOGINS, TOKEN, sessions

from services.intake.domain.exchange import Reply
from services.intake.domain.report import FileReport
from services.intake.protection import Unseal
from shared.contracts.exchange import InquiryMade
from shared.testing.examples import MONDAY, REPORT_FILED, REPORT_ID, varied

ASKED, REPLIED = "On which floor?", "The third, behind the lift."


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    site = IntakeSite(database, sessions(), lambda: NOW, second_person=False)
    await site.do(FileReport(varied(REPORT_FILED, confidential=True)))
    other = varied(REPORT_FILED, report_id="e" * 32, source="elsewhere")
    await site.do(FileReport(other))
    return site


@pytest.fixture
async def ends() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as ends:
        yield ends


async def visitor(site: IntakeSite, ends: AsyncExitStack, who: str) -> httpx.AsyncClient:
    token = SIGNER.token(session(who=who, login=LOGINS[who]))
    return await ends.enter_async_context(site.visitor(token))


async def asks(
    site: IntakeSite, ends: AsyncExitStack, report: str = REPORT_ID, words: str = ASKED
) -> httpx.Response:
    ina = await visitor(site, ends, "ina")
    found = TOKEN.search((await ina.get("/inquiries/ask")).text)
    assert found
    fields = {"token": found[1], "report": report, "words": words}
    return await ina.post("/inquiries/ask", data=fields)


async def test_what_is_asked_stands_in_the_log_and_the_list_says_no_words(
    site: IntakeSite, ends: AsyncExitStack
) -> None:
    assert (await asks(site, ends, report="boston/101")).status_code == 303
    (made,) = [each.event for each in site.events() if isinstance(each.event, InquiryMade)]
    assert (made.report_id, made.role, made.words) == (REPORT_ID, "inspector", ASKED)
    page = (await (await visitor(site, ends, "aud")).get("/inquiries")).text
    assert "waits for a reply" in page
    assert "1 inquiry, 0 replies" in page
    await site.do(Reply(REPORT_ID, REPLIED, MONDAY))
    page = (await (await visitor(site, ends, "ina")).get("/inquiries")).text
    assert "was replied to" in page
    assert REPLIED not in page
    assert ASKED not in page


async def test_a_reply_is_read_by_an_opening_of_the_report(site: IntakeSite) -> None:
    await site.do(Reply(REPORT_ID, REPLIED, MONDAY))
    asked = Unseal(report_id=REPORT_ID, who="ina", role="inspector", reason="To look for it")
    shown = await site.protection.unseal(asked)
    assert [each["words"] for each in shown["words"] if each["event"] == "ReplyGiven"] == [REPLIED]


@pytest.mark.parametrize(
    ("report", "words", "said"),
    [
        ("boston/404", ASKED, "No such report was filed."),
        ("e" * 32, ASKED, "nobody has a code for it"),
        (REPORT_ID, " ", "There is something to mend"),
        ("", ASKED, "There is something to mend"),
    ],
)
async def test_what_nobody_would_read_is_not_asked(
    site: IntakeSite, ends: AsyncExitStack, report: str, words: str, said: str
) -> None:
    answer = await asks(site, ends, report, words)
    assert answer.status_code == 422
    assert said in answer.text
    assert not [each for each in site.events() if isinstance(each.event, InquiryMade)]


@pytest.mark.parametrize(
    ("who", "sees", "asks"),
    [
        ("", 401, 401),
        ("ana", 403, 403),
        ("pla", 403, 403),
        ("aud", 200, 403),
        ("ina", 200, 200),
        ("eva", 200, 200),
    ],
)
async def test_who_may_look_and_who_may_ask(
    site: IntakeSite, ends: AsyncExitStack, who: str, sees: int, asks: int
) -> None:
    one = await (visitor(site, ends, who) if who else ends.enter_async_context(site.visitor()))
    assert (await one.get("/inquiries")).status_code == sees
    assert (await one.get("/inquiries/ask")).status_code == asks
