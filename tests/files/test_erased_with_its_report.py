"""An erasure destroys the key of a report's files, too, also where its words are open, and deletes
them; retention knows that there is something to erase."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from files_made import photograph
from intake_site import IntakeSite
from own_vault import vault_in
from signed_in import knowing
from sqlalchemy import Engine

from services.intake.domain.report import FileWithFiles
from services.intake.projections import kept
from services.intake.protection import Erase, InTheClearError
from shared.contracts.attachment import files_of
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.errors import LogUnavailableError
from shared.testing.examples import FILE_ATTACHED, REPORT_FILED, REPORT_ID, recorded, varied


class EmptyInbox:
    async def clear_at_once(self, _: str, __: object) -> bool:
        return True


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    found = IntakeSite(database, knowing(), vault=vault)
    at_hand = found.protection._at_hand
    found.protection._at_hand = replace(at_hand, clearing_of=lambda _: EmptyInbox())
    yield found
    vault.close()


async def test_files_of_an_open_report_are_erased(site: IntakeSite) -> None:
    """Its words can't be, and it says so."""
    name = await site.files.take(REPORT_ID, photograph())
    (file,) = site.files.named(REPORT_ID, [name]) or []
    said = varied(FILE_ATTACHED, digest=file.digest, media_type=CLOSED)
    await site.do(FileWithFiles(varied(REPORT_FILED, confidential=False), (said,)))
    for _ in range(2):
        told = await site.protection.erase(
            Erase(report_id=REPORT_ID, reason="Asked for", who="ana")
        )
        assert len(told["in_the_clear"]) == 1
        assert site.vault.key_of(files_of(REPORT_ID)) is None
        assert await site.files.whole(REPORT_ID, file.digest) is None
        assert site.files.store.there == {}  # type: ignore[attr-defined]


class Away:
    async def delete_under(self, _: str) -> int:
        raise LogUnavailableError


async def test_an_erasure_does_not_wait_for_the_object_store(site: IntakeSite) -> None:
    """What is left there is noise: all else is done, and told."""
    at_hand, away = site.protection._at_hand, replace(site.files, store=Away())  # type: ignore[arg-type]
    site.protection._at_hand = replace(at_hand, files=away)
    await site.do(FileWithFiles(REPORT_FILED, (varied(FILE_ATTACHED, media_type=CLOSED),)))
    told = await site.protection.erase(Erase(report_id=REPORT_ID, reason="Asked for", who="ana"))
    assert told["kept"] == []


async def test_without_files_nothing_of_an_open_report_is_erased(site: IntakeSite) -> None:
    await site.do(FileWithFiles(varied(REPORT_FILED, confidential=False), ()))
    with pytest.raises(InTheClearError):
        await site.protection.erase(Erase(report_id=REPORT_ID, reason="Asked for", who="ana"))


def test_of_a_protected_report_with_a_file_there_is_something_to_erase() -> None:
    rows: dict[str, dict[str, object]] = {}
    filed = varied(REPORT_FILED, confidential=False, protected=True, correspondent=None)
    kept.read_model.apply(rows, recorded(filed, 1))  # type: ignore[arg-type]
    assert rows[REPORT_ID]["state"] == kept.CLEAR
    file = varied(FILE_ATTACHED, media_type=CLOSED, protected=True)
    kept.read_model.apply(rows, recorded(file, 2))  # type: ignore[arg-type]
    assert rows[REPORT_ID]["state"] == kept.KEPT
