"""Files of a report are shown to who was shown its words, and of an open one on the desk."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from files_made import MARK, document, photograph
from intake_site import IntakeSite
from own_vault import vault_in
from signed_in import NOW
from sqlalchemy import Engine
from test_openings_page import People, sessions

from services.intake.domain.report import FileWithFiles
from shared.contracts.attachment import MEDIA_TYPES, files_of
from shared.testing.examples import FILE_ATTACHED, REPORT_FILED, REPORT_ID, varied

SHOWN = re.compile(r'(?:src|href)="(/openings/files/[^"]+)"')
OPEN = re.compile(rf'(?:src|href)="(/desk/{REPORT_ID}/files/[^"]+)"')


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    yield IntakeSite(database, sessions(), lambda: NOW, second_person=False, vault=vault)
    vault.close()


@pytest.fixture
async def people(site: IntakeSite) -> AsyncIterator[People]:
    async with AsyncExitStack() as ends:
        yield People(site, ends)


async def filed(site: IntakeSite, **changes: object) -> None:
    names = [await site.files.take(REPORT_ID, each) for each in (photograph(), document())]
    attached = tuple(
        varied(
            FILE_ATTACHED,
            files=files_of(REPORT_ID),
            digest=each.digest,
            media_type=MEDIA_TYPES[each.kind],
            size=each.size,
            **changes,
        )
        for each in site.files.named(REPORT_ID, names) or []
    )
    assert len(attached) == 2
    await site.do(FileWithFiles(varied(REPORT_FILED, **changes), attached))


async def test_who_was_shown_the_words_sees_the_files_and_nobody_else(
    site: IntakeSite, people: People
) -> None:
    await filed(site, confidential=True)
    desk = await people.page("ina", f"/desk/{REPORT_ID}")
    assert "2 sealed files went with it." in desk
    assert OPEN.findall(desk) == []
    opening = await people.asks("ina")
    page = await people.sends("ina", f"/openings/{opening}/words")
    whole, preview, paper = dict.fromkeys(SHOWN.findall(page.text))
    ina = await people("ina")
    for address, kind in (
        (whole, "image/jpeg"),
        (preview, "image/jpeg"),
        (paper, "application/pdf"),
    ):
        answer = await ina.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["cache-control"] == "no-store"
        assert MARK not in answer.content
    assert (await ina.get(paper)).headers["content-disposition"].startswith("attachment")
    for who, status in (("eva", 404), ("aud", 403), ("pla", 403)):
        assert (await (await people(who)).get(whole)).status_code == status, who
    assert (await ina.get(whole[:-1] + ("A" if whole[-1] != "A" else "B"))).status_code == 404


async def test_files_of_an_open_report_are_on_the_desk_but_not_of_a_protected_one(
    site: IntakeSite, people: People
) -> None:
    await filed(site, confidential=False, protected=False)
    shown = dict.fromkeys(OPEN.findall(await people.page("aud", f"/desk/{REPORT_ID}")))
    assert len(shown) == 4
    for who, status in (("ina", 200), ("aud", 200), ("pla", 403)):
        address = next(each for each in shown if each.endswith("whole"))
        assert (await (await people(who)).get(address)).status_code == status
    ina = await people("ina")
    for wrong in ("0" * 32 + "/whole", "x/whole", f"{next(iter(shown)).split('/')[-2]}/other"):
        assert (await ina.get(f"/desk/{REPORT_ID}/files/{wrong}")).status_code == 404


@pytest.mark.parametrize("changes", [{"confidential": True}, {"protected": True}])
async def test_of_what_is_sealed_no_address_on_the_desk_leads_to_a_file(
    site: IntakeSite, people: People, changes: dict[str, bool]
) -> None:
    await filed(site, **{"confidential": False, "protected": False} | changes)
    names = [await site.files.take(REPORT_ID, photograph())]
    (file,) = site.files.named(REPORT_ID, names) or []
    ina = await people("ina")
    address = f"/desk/{REPORT_ID}/files/{file.digest}/whole"
    assert (await ina.get(address)).status_code == 404
