"""Sealed words are shown on a page to who asked, once somebody else has said yes."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.report import FileReport
from services.intake.protection import NotHereError, Unseal
from shared.contracts.login import LoginOpened
from shared.contracts.opening import OpeningUsed
from shared.contracts.report import ReportUnsealed
from shared.testing.examples import REPORT_FILED, REPORT_ID, varied
from shared.web.sessions import Sessions

WORDS = "The overseer <script>alert(1)</script>\nhits people & takes their pay"
WHY = "The house is to be found"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
OPENING = re.compile(r'id="opening-([0-9a-f]{32})"')
LOGINS = {"ina": "1" * 32, "eva": "2" * 32, "ana": "3" * 32, "aud": "4" * 32, "pla": "5" * 32}


def sessions() -> Sessions:
    known = knowing()
    for login in LOGINS.values():
        known.learn(LoginOpened(login_id=login, holder="staff"))
    return known


@asynccontextmanager
async def opened(engine: Engine, *, second_person: bool = True) -> AsyncIterator[IntakeSite]:
    site = IntakeSite(engine, sessions(), lambda: NOW, second_person=second_person)
    await site.do(FileReport(varied(REPORT_FILED, confidential=True, text=WORDS)))
    yield site


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[IntakeSite]:
    async with opened(database) as found:
        yield found


class People:
    """Each with a session and a browser of their own."""

    def __init__(self, site: IntakeSite, ends: AsyncExitStack) -> None:
        self._site, self._ends = site, ends
        self._known: dict[str, httpx.AsyncClient] = {}

    async def __call__(self, who: str) -> httpx.AsyncClient:
        if who not in self._known:
            token = SIGNER.token(session(who=who, login=LOGINS[who]))
            visitor = await self._ends.enter_async_context(self._site.visitor(token))
            self._known[who] = visitor
        return self._known[who]

    async def page(self, who: str, path: str = "/openings") -> str:
        return (await (await self(who)).get(path)).text

    async def sends(self, who: str, path: str, **fields: str) -> httpx.Response:
        visitor = await self(who)
        # a form that is there for whoever may say anything, whatever else their page offers
        found = TOKEN.search((await visitor.get(f"/openings/{'0' * 32}/decline")).text)
        token = found[1] if found else "none"
        return await visitor.post(path, data={"token": token} | fields)

    async def asks(self, who: str = "ina", report: str = REPORT_ID, why: str = WHY) -> str:
        answer = await self.sends(who, "/openings/ask", report=report, reason=why)
        assert answer.status_code == 303, answer.text
        found = OPENING.search(await self.page(who))
        assert found
        return found[1]


@pytest.fixture
async def people(site: IntakeSite) -> AsyncIterator[People]:
    async with AsyncExitStack() as ends:
        yield People(site, ends)


def kinds(site: IntakeSite) -> list[str]:
    return [type(each.event).__name__ for each in site.events()][1:]


async def test_two_persons_open_a_report_and_it_is_written_down(
    site: IntakeSite, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    opening = await people.asks()
    waits = await people.page("ina")
    assert "waits for a second person" in waits
    assert "/allow" not in waits
    assert (await people.sends("ina", f"/openings/{opening}/words")).status_code == 409
    assert "/allow" in await people.page("eva")
    assert (await people.sends("eva", f"/openings/{opening}/allow")).status_code == 303
    assert "/words" not in await people.page("eva")
    answer = await people.sends("ina", f"/openings/{opening}/words")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>alert" not in answer.text
    assert "hits people &amp; takes their pay" in answer.text
    assert kinds(site) == ["OpeningAsked", "OpeningAllowed", "OpeningUsed", "ReportUnsealed"]
    *_, used, unsealed = site.events()
    assert isinstance(used.event, OpeningUsed)
    assert isinstance(unsealed.event, ReportUnsealed)
    assert (unsealed.event.role, unsealed.event.reason) == ("inspector", WHY)
    assert re.fullmatch("staff:inspector:[0-9a-f]{32}", unsealed.actor)
    assert "hits people" not in "".join([await people.page(who) for who in ("ina", "eva", "aud")])
    assert site.roles_told(REPORT_ID) == {"inspector": 1}
    assert "hits people" not in "".join(capsys.readouterr()), "nor in a log line"


async def test_they_are_shown_once_and_an_approval_is_given_once(
    site: IntakeSite, people: People
) -> None:
    opening = await people.asks()
    assert (await people.sends("eva", f"/openings/{opening}/allow")).status_code == 303
    assert (await people.sends("eva", f"/openings/{opening}/allow")).status_code == 409, "replayed"
    assert (await people.sends("ina", f"/openings/{opening}/words")).status_code == 200
    for who, what in (("ina", "words"), ("eva", "allow"), ("ina", "words")):
        answer = await people.sends(who, f"/openings/{opening}/{what}")
        assert answer.status_code == 409, what
        assert "hits people" not in answer.text
    assert len(kinds(site)) == 4
    await people.asks()
    again = await people.page("ina")
    assert again.count("waits for a second person") == 1, "one yes is for one opening"


async def test_one_person_is_not_two(site: IntakeSite, people: People) -> None:
    """Not in another role of theirs either, nor after they were invited again."""
    opening = await people.asks("eva")
    for login in (LOGINS["eva"], LOGINS["ina"]):
        token = SIGNER.token(session(who="eva", login=login))
        async with site.visitor(token) as again:
            page = await again.get("/openings/ask")
            found = TOKEN.search(page.text)
            assert found
            answer = await again.post(f"/openings/{opening}/allow", data={"token": found[1]})
            assert answer.status_code == 409
            assert "somebody else has to allow it" in answer.text
    assert kinds(site) == ["OpeningAsked"]


async def test_who_said_yes_is_shown_nothing(site: IntakeSite, people: People) -> None:
    opening = await people.asks()
    await people.sends("eva", f"/openings/{opening}/allow")
    answer = await people.sends("eva", f"/openings/{opening}/words")
    assert answer.status_code == 409
    assert "hits people" not in answer.text
    assert "ReportUnsealed" not in kinds(site)


@pytest.mark.parametrize(
    ("who", "status"), [("ana", 403), ("aud", 403), ("pla", 403), ("member", 403), ("", 401)]
)
async def test_the_wrong_role_opens_nothing(
    site: IntakeSite, people: People, who: str, status: int
) -> None:
    """Operators may say yes, and see no word."""
    opening = await people.asks()
    assert (await people.sends("eva", f"/openings/{opening}/allow")).status_code == 303
    own = session("member", "") if who == "member" else session(who=who, login=LOGINS.get(who, ""))
    async with site.visitor(SIGNER.token(own) if who else "") as other:
        for path in ("/openings/ask", f"/openings/{opening}/words"):
            assert (await other.post(path, data={"token": "x"})).status_code == status
        if who != "ana":
            allow = await other.post(f"/openings/{opening}/allow", data={"token": "x"})
            assert allow.status_code == status
    assert len(kinds(site)) == 2


async def test_an_operator_may_be_the_second_person(people: People) -> None:
    opening = await people.asks()
    answer = await people.sends("ana", f"/openings/{opening}/allow")
    assert answer.status_code == 303
    assert "/words" not in await people.page("ana")


async def test_a_form_from_elsewhere_does_nothing(site: IntakeSite, people: People) -> None:
    opening = await people.asks()
    await people.sends("eva", f"/openings/{opening}/allow")
    ina = await people("ina")
    found = TOKEN.search(await people.page("ina"))
    assert found
    for path in (f"/openings/{opening}/words", f"/openings/{opening}/allow", "/openings/ask"):
        for headers, token in (
            ({}, ""),
            ({}, "made-up"),
            ({"Sec-Fetch-Site": "cross-site"}, found[1]),
            ({"Origin": "https://evil.example"}, found[1]),
        ):
            answer = await ina.post(path, data={"token": token}, headers=headers)
            assert answer.status_code == 403
        assert (await ina.get(path)).status_code in (200, 405), "reading it changes nothing"
    assert len(kinds(site)) == 2


async def test_a_session_that_is_over_opens_nothing(site: IntakeSite, people: People) -> None:
    opening = await people.asks()
    await people.sends("eva", f"/openings/{opening}/allow")
    found = TOKEN.search(await people.page("ina"))
    assert found
    ina = await people("ina")
    later = IntakeSite(site.engine, site.sessions, lambda: NOW + timedelta(minutes=31), site.opened)
    async with later.visitor() as expired:
        expired.cookies.update(ina.cookies)
        fields = {"token": found[1]}
        answer = await expired.post(f"/openings/{opening}/words", data=fields)
        assert answer.status_code == 401
        assert (await expired.get("/openings")).status_code in (303, 401)
    assert len(kinds(site)) == 2


async def test_what_is_typed_is_mended_and_a_report_may_be_named_as_its_source_does(
    site: IntakeSite, people: People
) -> None:
    for report, why in (("", WHY), (REPORT_ID, ""), ("0" * 32, WHY), ("boston/999", WHY)):
        answer = await people.sends("ina", "/openings/ask", report=report, reason=why)
        assert answer.status_code == 422
        assert "There is something to mend" in answer.text
    assert kinds(site) == []
    await people.asks(report="boston/101")
    assert (site.events()[-1]).event.report_id == REPORT_ID


async def test_it_is_declined_with_a_reason(site: IntakeSite, people: People) -> None:
    opening = await people.asks()
    path = f"/openings/{opening}/decline"
    assert (await people.sends("eva", path, reason="")).status_code == 422
    assert (await people.sends("eva", path, reason="It can be found without")).status_code == 303
    assert "It can be found without" in await people.page("ina")
    for who, what in (("ina", "words"), ("ana", "allow")):
        assert (await people.sends(who, f"/openings/{opening}/{what}")).status_code == 409
    assert kinds(site) == ["OpeningAsked", "OpeningDeclined"]


async def test_where_the_charter_wants_nobody_else_one_is_enough(database: Engine) -> None:
    async with opened(database, second_person=False) as site, AsyncExitStack() as ends:
        people = People(site, ends)
        opening = await people.asks()
        assert (await people.sends("ina", f"/openings/{opening}/words")).status_code == 200
        assert kinds(site) == ["OpeningAsked", "OpeningUsed", "ReportUnsealed"]


async def test_the_command_line_is_no_way_round_the_second_person(site: IntakeSite) -> None:
    asked = Unseal(report_id=REPORT_ID, who="ina", role="inspector", reason=WHY)
    with pytest.raises(NotHereError):
        await site.protection.unseal(asked)
    assert kinds(site) == []
