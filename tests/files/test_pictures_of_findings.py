"""Pictures that go with findings: cleaned, sealed under the checker's key, shown to the body's own
people alone, and gone with the checker."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from checkers_drawn import ANN, BEN, TOKEN, Here
from files_made import MARK, document, photograph
from signed_in import SIGNER, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from services.intake.protection import ErasePerson
from services.intake.site import findings_page
from shared.contracts.attachment import files_of
from shared.contracts.checking import (
    FindingConflicted,
    FindingGiven,
    FindingPictured,
    FindingPointed,
)
from shared.contracts.finding_shown import PicturePassed, PictureTakenBack
from shared.testing.examples import CHECK_OPENED, CHECKING_ID, ROXBURY, varied

PICTURE, OTHER = photograph(), photograph(kind="PNG")
FOUND = {
    "checking": CHECKING_ID,
    "verdict": "done",
    "words": "It shines",
    "place": ROXBURY,
    "seen_on": "2030-01-07",
    "rests_on": "1",
}
MARKED = re.compile(r'data-mark="(\w+)" data-rests-on="1"')
SHOWN = re.compile(rf'src="(/findings/{CHECKING_ID}/files/\w+/preview)"')
LIST, ONE = "/findings", f"/findings/{CHECKING_ID}"


class NoInbox:
    async def clear_at_once(self, *_: object) -> bool:
        return True


@pytest.fixture
async def here(database: Engine, tmp_path: Path) -> AsyncIterator[Here]:
    here = Here(database, tmp_path)
    at_hand = here.site.protection._at_hand
    here.site.protection._at_hand = replace(at_hand, clearing_of=lambda _: NoInbox())
    await here.draws(ANN, agree=1)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    yield here
    here.vault.close()


async def sends(
    here: Here, login: str, *pictures: bytes, act: str = "finding", **more: str
) -> httpx.Response:
    """As a browser sends the form: its fields, and then its files."""
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        found = TOKEN.search((await visitor.get("/checking")).text)
        data = {"token": found[1] if found else ""} | FOUND | more
        parts = [("files", (f"{MARK.decode()}.jpg", each, "image/jpeg")) for each in pictures]
        files = parts or [("files", ("", b"", "application/octet-stream"))]
        return await visitor.post(f"/checking/{act}", data=data, files=files)


async def reads(here: Here, address: str, role: str = "ina") -> httpx.Response:
    who = session("staff", role) if role else session("member", "", ANN)
    async with here.site.visitor(SIGNER.token(who)) as visitor:
        return await visitor.get(address)


def held(here: Here) -> dict[str, bytes]:
    there: dict[str, bytes] = here.site.files.store.there  # type: ignore[attr-defined]
    return there


async def test_pictures_and_point_go_with_a_finding_and_the_desk_alone_is_shown_them(
    here: Here,
) -> None:
    said = {"point": "42.325123, -71.0951"}
    for _ in range(2):
        assert (await sends(here, ANN, PICTURE, OTHER, PICTURE, **said)).status_code == 303
    assert len(here.told(FindingGiven)) == 1
    pictures = here.told(FindingPictured)
    assert [each.media_type for each in pictures] == ["image/jpeg", "image/png"]
    assert {each.files for each in pictures} == {files_of(here.person(ANN))}
    assert [each.point for each in here.told(FindingPointed)] == ["42.325,-71.095"]
    assert not any(MARK in content for content in held(here).values()), "sealed"
    assert "1 finding," in (await reads(here, LIST)).text
    page = (await reads(here, ONE)).text
    assert "42.325,-71.095" in page
    assert here.person(ANN) not in page
    for role in ("ina", "eva", "aud"):
        for address in (found := SHOWN.findall(page)):
            shown = await reads(here, address, role)
            assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
            assert MARK not in shown.content
    whole = [each.replace("/preview", "/whole") for each in found]
    kinds = [(await reads(here, each)).headers["Content-Type"] for each in whole]
    assert kinds == ["image/jpeg", "image/png"]
    for role in ("ana", "pla", ""):
        for address in (LIST, ONE, *found):
            assert (await reads(here, address, role)).status_code == 403
    strange = found[0].replace(CHECKING_ID, "0" * 32), found[0].replace("/files/", "/files/0")
    unnamed = await here.site.files.take(here.person(ANN), photograph((8, 8)))
    unsaid = f"{ONE}/files/{unnamed.partition('.')[0]}/whole"
    for address in (*strange, unsaid):
        assert (await reads(here, address)).status_code == 404


async def test_what_a_browser_kept_comes_with_its_pictures_and_meets_no_other_rules(
    here: Here,
) -> None:
    marked = MARKED.search(await here.page(ANN))
    assert marked
    own: dict[str, Any] = {"act": "finding/kept", "mark": marked[1], "confirmed": ""}
    here.person(BEN)
    assert (await sends(here, BEN, PICTURE, **own)).status_code == 404
    assert held(here) == {}, "nothing is kept of whoever was not drawn"
    wrong = await sends(here, ANN, document(), **own)
    assert (wrong.status_code, "Only pictures" in wrong.json()["told"]) == (422, True)
    many = await sends(here, ANN, *(photograph((8, n)) for n in range(8, 12)), **own)
    assert (many.status_code, "No more than 3" in many.json()["told"]) == (422, True)
    assert here.told(FindingGiven) == []
    await here.settles()
    for _ in range(2):
        assert (await sends(here, ANN, PICTURE, **own)).status_code == 409
    assert here.told(FindingPictured) == [], "nothing was written down"
    for _ in range(2):
        again = await sends(here, ANN, PICTURE, **own | {"confirmed": "yes"})
        assert again.status_code == 200, again.text
    assert [each.words for each in here.told(FindingConflicted)] == ["It shines"]
    assert len(here.told(FindingPictured)) == 1
    assert "counts for nothing" in (await reads(here, ONE)).text


async def test_pictures_stay_in_the_form_while_something_else_is_wrong(here: Here) -> None:
    wrong = await sends(here, ANN, PICTURE, words="", point="here")
    assert (wrong.status_code, "1 picture is kept with it." in wrong.text) == (422, True)
    assert "Type two numbers" in wrong.text
    named = re.search(r'name="attached" value="([^"]+)"', wrong.text)
    assert named
    for foreign in (named[1].replace(".jpeg.", ".png."), f"{'0' * 32}.jpeg.1.1.{'0' * 32}"):
        await sends(here, ANN, attached=foreign)
        assert here.told(FindingGiven) == [], "nobody names what they did not upload"
    assert (await sends(here, ANN, attached=named[1])).status_code == 303
    (picture,) = here.told(FindingPictured)
    assert picture.digest == named[1].partition(".")[0]
    assert here.told(FindingPointed) == []


async def test_who_is_erased_takes_their_pictures_along(here: Here) -> None:
    await sends(here, ANN, PICTURE, point="42.325, -71.095")
    who, files = here.person(ANN), here.site.files
    (picture,) = here.told(FindingPictured)
    assert await files.whole(who, picture.digest)
    assert here.vault.key_of(files_of(who))
    for _ in range(2):
        asked = ErasePerson(person_id=who, reason="Asked for", who="ana")
        assert (await here.site.protection.erase_person(asked))["kept"] == []
        assert here.vault.is_destroyed(files_of(who))
        assert here.vault.is_destroyed(who), "the key of the point"
        assert held(here) == {}
    assert (await reads(here, ONE)).status_code == 200
    gone = await reads(here, f"{ONE}/files/{picture.digest}/whole")
    assert gone.status_code == 404


async def test_pictures_that_made_room_meanwhile_are_asked_for_again(here: Here) -> None:
    """The form lay open, and others needed the room: no finding names what is gone."""
    asked = await sends(here, ANN, PICTURE, words="")
    attached = re.search(r'name="attached" value="([^"]+)"', asked.text)
    assert attached
    held(here).clear()
    answer = await sends(here, ANN, attached=attached[1])
    assert answer.status_code == 303
    assert [*here.told(FindingGiven), *here.told(FindingPictured)] == []
    assert (await sends(here, ANN, PICTURE, attached=attached[1])).status_code == 303
    assert len(here.told(FindingPictured)) == 1


PASS = re.compile(rf'href="({ONE}/files/\w+/(?:show|take-back)/ask)"')


async def acts(here: Here, address: str, role: str = "eva", **fields: str) -> httpx.Response:
    async with here.site.visitor(SIGNER.token(session("staff", role))) as visitor:
        found = TOKEN.search((await visitor.get(address)).text)
        return await visitor.post(address, data={"token": found[1] if found else ""} | fields)


async def test_an_editor_shows_one_to_all_if_who_took_it_said_so_and_takes_it_back(
    here: Here,
) -> None:
    await here.site.do(OpenCheck(varied(CHECK_OPENED, passed=True)))
    assert (await sends(here, ANN, PICTURE, OTHER, pictures_for="all")).status_code == 303
    assert [each.may_be_shown for each in here.told(FindingPictured)] == [True, True]
    assert PASS.findall((await reads(here, ONE, "ina")).text) == []
    first, second = PASS.findall((await reads(here, ONE, "eva")).text)
    assert "what others have copied" in (await reads(here, first, "eva")).text
    assert (await acts(here, first, "ina", reason="Look")).status_code == 403
    assert (await acts(here, first)).status_code == 422
    for _ in range(2):
        assert (await acts(here, first, reason="It shows the lamp")).status_code == 303
    (passed,) = here.told(PicturePassed)
    assert (passed.member_id, passed.checking_id) == (here.person(ANN), CHECKING_ID)
    assert passed.picture not in {passed.digest, passed.member_id}
    back = first.replace("/show/", "/take-back/")
    assert PASS.findall((await reads(here, ONE, "eva")).text) == [back, second]
    for _ in range(2):
        assert (await acts(here, back, reason="A face")).status_code == 303
    assert len(here.told(PictureTakenBack)) == 1
    assert PASS.findall((await reads(here, ONE, "eva")).text) == [second]
    again = await acts(here, first, reason="It shows the lamp")
    assert (again.status_code, "not shown again" in again.text) == (409, True)


async def test_what_nobody_allowed_no_editor_shows(here: Here) -> None:
    """Also what was given by a form that did not ask."""
    await here.site.do(OpenCheck(varied(CHECK_OPENED, passed=True)))
    await sends(here, ANN, PICTURE)
    (picture,) = here.told(FindingPictured)
    assert not picture.may_be_shown
    assert PASS.findall((await reads(here, ONE, "eva")).text) == []
    refused = await acts(here, f"{ONE}/files/{picture.digest}/show/ask", reason="Look")
    assert (refused.status_code, "has not allowed" in refused.text) == (409, True)
    assert here.told(PicturePassed) == []


async def test_the_list_goes_on_page_by_page(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_page, "SHOWN", 1)
    await sends(here, ANN, PICTURE)
    another = "e" * 32
    await here.draws(BEN, agree=1, checking_id=another)
    await here.posts(BEN, "accept", checking=another)
    await here.finds(BEN, checking=another)
    first = (await reads(here, LIST)).text
    assert another in first
    assert CHECKING_ID not in first
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = (await reads(here, onward[1])).text
    assert CHECKING_ID in second
    assert another not in second
    assert 'rel="next"' not in second
    assert another in (await reads(here, f"{LIST}?before=none")).text, "what is none is none"
