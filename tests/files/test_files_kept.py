"""Files lie sealed under a key of their report, once, and are gone with it."""

import asyncio
import hmac
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from files_made import MARK, photograph
from kept_files import Kept
from nats.aio.client import Client
from own_vault import vault_in
from starlette.requests import Request

from services.intake.domain import report
from services.intake.domain.report import FileWithFiles
from services.intake.files import uploading
from services.intake.files.cleaning import Cleaned, Cleaner
from services.intake.files.keeping import ErasedFilesError
from services.intake.files.named import NamedFiles
from services.intake.files.sorts import UncleanError
from services.intake.files.sweeping import Sweeping
from services.intake.files.uploading import BusyError, Uploads
from shared.contracts.attachment import all_of, files_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import LogFullError
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream import objects as of_objects
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.objects import PIECE, Objects
from shared.testing.examples import (
    CHECKING_ID,
    FILE_ATTACHED,
    FINDING_PICTURED,
    MEMBER_ID,
    REPORT_FILED,
    REPORT_ID,
    new_event,
    report_id,
    varied,
)
from shared.web.now import utc_now
from shared.web.parts import InParts

OTHER = report_id(7)
NOISE = bytes(range(256)) * (3 * PIECE // 256 + 7)


async def test_the_same_file_is_kept_once_and_cleaned_once(kept: Kept) -> None:
    sent = photograph()
    first = await kept.files.take(REPORT_ID, sent)
    count = await pieces(kept)
    assert await kept.files.take(REPORT_ID, sent) == first
    assert await pieces(kept) == count
    (found,) = kept.files.named(REPORT_ID, [first]) or []
    assert (found.kind, found.size % 65536) == ("jpeg", 0)
    shown = await kept.files.whole(REPORT_ID, found.digest)
    assert shown is not None
    assert shown.startswith(b"\xff\xd8")
    assert MARK not in shown
    assert await kept.files.preview(REPORT_ID, found.digest)


async def pieces(kept: Kept) -> int:
    return len([each async for each in kept.objects.pieces()])


async def test_nobody_sees_that_two_reports_have_the_same_file(kept: Kept) -> None:
    sent = photograph()
    names = [await kept.files.take(each, sent) for each in (REPORT_ID, OTHER)]
    assert names[0].split(".")[0] != names[1].split(".")[0]
    for digest in (sha256(sent).hexdigest(), sha256(sent).hexdigest()[:32]):
        assert digest not in "".join(names)
    bodies = [each async for each in kept.objects._read("$O.attachments.C.>")]
    assert len({each.body for each in bodies}) == len(bodies)
    assert all(b"JFIF" not in each.body for each in bodies)


async def test_a_name_is_good_for_its_report_alone_and_can_not_be_made_up(kept: Kept) -> None:
    name = await kept.files.take(REPORT_ID, photograph())
    await kept.files.take(OTHER, photograph())
    digest, kind, size, until, proof = name.split(".")
    assert kept.files.named(REPORT_ID, [name])
    for wrong in (
        f"{'0' * 32}.{kind}.{size}.{until}.{proof}",
        f"{digest}.pdf.{size}.{until}.{proof}",
        f"{digest}.{kind}.1.{until}.{proof}",
        f"{digest}.{kind}.{size}.{int(until) + 1}.{proof}",
        f"{digest}.{kind}.{size}.{proof}",
        f"{digest}.{kind}.{size}.{until}.{'0' * 32}",
        name.upper(),
        "",
    ):
        assert kept.files.named(REPORT_ID, [name, wrong]) is None, wrong
    assert kept.files.named(OTHER, [name]) is None
    assert kept.files.named(report_id(8), [name]) is None


async def test_a_name_is_good_for_a_week_and_never_longer_than_its_file_waits(
    kept: Kept, nats: Client
) -> None:
    name = await kept.files.take(REPORT_ID, photograph())

    def in_time(days: float) -> bool:
        later = replace(kept.files, now=lambda: utc_now() + timedelta(days=days))
        (found,) = later.named(REPORT_ID, [name]) or []
        return found.in_time

    assert [in_time(days) for days in (0, 7, 8, 800)] == [True, True, False, False]
    assert await swept(kept, nats, 8).sweep(settled=True) == 0
    again = replace(kept.files, now=lambda: utc_now() + timedelta(days=3))
    assert await again.take(REPORT_ID, photograph()) != name, "it is good for longer"


async def test_a_name_from_before_they_had_a_term_is_known_and_over(kept: Kept) -> None:
    """Its report has it already, where the inbox is taken in again."""
    name = await kept.files.take(REPORT_ID, photograph())
    key = kept.vault.key_of(files_of(REPORT_ID))
    assert key is not None
    said = ".".join(name.split(".")[:3])
    old = f"{said}.{hmac.digest(key, b'name' + bytes([10]) + said.encode(), 'sha256')[:16].hex()}"
    (found,) = kept.files.named(REPORT_ID, [old]) or []
    assert (f"{found.digest}.{found.kind}.{found.size}", found.in_time) == (said, False)


async def test_with_its_report_a_file_is_erased(kept: Kept) -> None:
    name = await kept.files.take(REPORT_ID, photograph())
    other = await kept.files.take(OTHER, photograph())
    (found,) = kept.files.named(REPORT_ID, [name]) or []
    for _ in range(2):
        kept.vault.destroy(all_of(REPORT_ID))
        assert await kept.files.whole(REPORT_ID, found.digest) is None
        await kept.files.forget(REPORT_ID)
    assert [each.name async for each in kept.objects.every() if REPORT_ID in each.name] == []
    assert [each async for each, _ in kept.objects.pieces() if REPORT_ID in each] == []
    assert kept.files.named(REPORT_ID, [name]) is None
    with pytest.raises(ErasedFilesError):
        await kept.files.take(REPORT_ID, photograph())
    (left,) = kept.files.named(OTHER, [other]) or []
    assert await kept.files.whole(OTHER, left.digest)


async def test_what_there_is_no_room_for_is_not_kept(kept: Kept) -> None:
    full = replace(kept.files, most_bytes=1)
    with pytest.raises(LogFullError):
        await full.take(REPORT_ID, photograph())
    assert await pieces(kept) == 0


async def test_what_can_not_be_cleaned_makes_no_key(kept: Kept) -> None:
    with pytest.raises(UncleanError):
        await kept.files.take(OTHER, b"\xff\xd8\xff" + bytes(99))
    assert kept.vault.key_of(files_of(OTHER)) is None


class TakesAllTime(Cleaner):
    looked_at = 0

    async def clean(self, content: bytes) -> Cleaned:
        self.looked_at += 1
        raise UncleanError("damaged", is_slow=content.endswith(b"slow"))


async def test_after_a_file_that_takes_all_time_no_other_of_that_form_is_looked_at(
    kept: Kept,
) -> None:
    cleaner = TakesAllTime()
    uploads = Uploads(replace(kept.files, cleaner=cleaner))
    sent = [b"\xff\xd8\xff" + more for more in (b"quick", b"slow", b"other", b"last")]
    taken = await uploads.take(REPORT_ID, InParts(files=[*sent]))
    assert cleaner.looked_at == 2
    assert taken.wrong == dict.fromkeys(range(4), "damaged")


async def test_one_address_has_one_of_the_places(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it sends: the other one is for all others."""
    monkeypatch.setattr(uploading, "WAITS_S", 0.1)
    uploads, slow = Uploads(kept.files), asyncio.Event()

    async def sends(whose: str, until: asyncio.Event | None = None) -> int:
        async with uploads.read(form_of(until), 9, lambda _: whose) as found:
            return len(found.files)

    async with asyncio.TaskGroup() as group:
        held = group.create_task(sends("one", slow))
        await asyncio.sleep(0.01)
        with pytest.raises(BusyError):
            await sends("one")
        assert await sends("another") == 1
        slow.set()
    assert held.result() == 1
    assert await sends("one") == 1, "and its turn comes again"


def form_of(until: asyncio.Event | None) -> Request:
    """Whose file ends once that has happened."""
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nbegins'
    rest = [head, b" and ends\r\n--x--\r\n"]

    async def receive() -> dict[str, object]:
        if len(rest) == 1 and until:
            await until.wait()
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    kind = (b"content-type", b"multipart/form-data; boundary=x")
    return Request({"type": "http", "method": "POST", "headers": [kind]}, receive)


async def test_an_object_is_whole_or_not_there(kept: Kept) -> None:
    objects = kept.objects
    assert await objects.put("a/b", NOISE, utc_now())
    assert await objects.get("a/b") == NOISE
    assert not await objects.put("a/b", b"other", utc_now())
    assert await objects.get("a/b") == NOISE
    sequences = [sequence async for _, sequence in objects.pieces()]
    assert len(sequences) == 4
    await objects.delete_piece(sequences[1])
    assert await objects.get("a/b") is None, "a part of it is nothing"
    assert await objects.delete("a/b")
    assert not await objects.delete("a/b")
    assert await objects.get("a/b") is None


class DiesOverIt(Objects):
    """The process ends between the pieces and what names them."""

    async def find(self, _: str) -> None:
        return None

    def _meta(self, name: str) -> str:
        raise KeyboardInterrupt(name)


async def test_an_upload_that_was_broken_off_is_done_again_and_its_pieces_go(
    kept: Kept, nats: Client
) -> None:
    with pytest.raises(KeyboardInterrupt):
        await DiesOverIt(nats, kept.objects.bucket).put(f"{REPORT_ID}/x/whole", NOISE, utc_now())
    assert await pieces(kept) == 4
    assert await kept.objects.get(f"{REPORT_ID}/x/whole") is None
    name = await kept.files.take(REPORT_ID, photograph())
    there = await pieces(kept)
    sweeping = swept(kept, nats)
    assert await sweeping.sweep(settled=True) == 0, "it may be under way"
    assert await sweeping.sweep(settled=True) == 4
    assert await pieces(kept) == there - 4
    assert kept.files.named(REPORT_ID, [name])


def swept(kept: Kept, nats: Client, days: float = 0) -> Sweeping:
    return Sweeping(
        nats,
        kept.objects,
        kept.vault,
        NamedFiles(nats, "INTAKE"),
        lambda: utc_now() + timedelta(days=days),
    )


async def test_an_upload_that_no_report_names_goes_once_its_name_is_over(
    kept: Kept, nats: Client
) -> None:
    named, forgotten = [
        await kept.files.take(REPORT_ID, photograph(turned=turned)) for turned in (1, 3)
    ]
    (file,) = kept.files.named(REPORT_ID, [named]) or []
    said = varied(FILE_ATTACHED, digest=file.digest, files=files_of(REPORT_ID))
    handler = CommandHandler(JetStreamEventStore(nats), (report.category,), utc_now)
    (outcome,) = await handler.handle([Envelope(FileWithFiles(REPORT_FILED, (said,)), id="1")])
    assert outcome.new_events == 2
    assert await swept(kept, nats, 8).sweep(settled=True) == 0
    assert await swept(kept, nats, 10).sweep(settled=False) == 0, "an inbox may still name it"
    assert await swept(kept, nats, 10).sweep(settled=True) == 2, "the picture, and its preview"
    assert await kept.files.whole(REPORT_ID, file.digest)
    (gone,) = kept.files.named(REPORT_ID, [forgotten]) or []
    assert await kept.files.whole(REPORT_ID, gone.digest) is None
    kept.vault.destroy(all_of(REPORT_ID))
    assert await swept(kept, nats).sweep(settled=False) == 2, "erased by another process"
    assert [each async for each in kept.objects.every()] == []


async def test_a_picture_that_a_finding_names_stays_until_its_checker_is_erased(
    kept: Kept, nats: Client
) -> None:
    name = await kept.files.take(MEMBER_ID, photograph())
    (file,) = kept.files.named(MEMBER_ID, [name]) or []
    key = AggregateKey("intake", "checking", CHECKING_ID)
    said = varied(FINDING_PICTURED, digest=file.digest)
    await JetStreamEventStore(nats).append([Append(key, 0, [new_event(said)])])
    assert await swept(kept, nats, 10).sweep(settled=True) == 0
    kept.vault.destroy(all_of(MEMBER_ID))
    assert await swept(kept, nats, 10).sweep(settled=False) == 2
    assert [each async for each in kept.objects.every()] == []


async def test_what_has_a_name_and_is_not_whole_gives_way(kept: Kept) -> None:
    """Who dies while it deletes one leaves its name, and not all of its pieces."""
    photo = photograph()
    name = await kept.files.take(REPORT_ID, photo)
    (file,) = kept.files.named(REPORT_ID, [name]) or []
    for sequence in [sequence async for _, sequence in kept.objects.pieces()]:
        await kept.objects.delete_piece(sequence)
    assert await kept.files.whole(REPORT_ID, file.digest) is None
    assert await kept.files.take(REPORT_ID, photo) == name
    assert await kept.files.whole(REPORT_ID, file.digest)
    assert len([each async for each in kept.objects.every()]) == 2


async def test_what_is_uploaded_again_waits_for_another_week(kept: Kept, nats: Client) -> None:
    photo = photograph()
    await kept.files.take(REPORT_ID, photo)
    later = replace(kept.files, now=lambda: utc_now() + timedelta(days=6))
    await later.take(REPORT_ID, photo)
    assert await swept(kept, nats, 10).sweep(settled=True) == 0
    assert len([each async for each in kept.objects.every()]) == 2
    assert await swept(kept, nats, 16).sweep(settled=True) == 2


async def test_a_vault_that_knows_no_key_takes_no_file_away(
    kept: Kept, nats: Client, tmp_path: Path
) -> None:
    """It may be an older copy, and the right one is put back tomorrow."""
    await kept.files.take(REPORT_ID, photograph())
    (tmp_path / "other").mkdir()
    other = vault_in(tmp_path / "other")
    try:
        assert await swept(replace(kept, vault=other), nats).sweep(settled=False) == 0
    finally:
        other.close()
    assert await pieces(kept) == 2


async def test_who_waits_for_a_piece_that_somebody_else_deletes_does_not_wait_for_ever(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept.objects.put("a/b", NOISE, utc_now())
    last = max([sequence async for _, sequence in kept.objects.pieces()])
    monkeypatch.setattr(of_objects, "LOOKS_AGAIN_S", 0.5)
    async with asyncio.timeout(20):
        found = []
        async for _, sequence in DeletedMeanwhile(kept, last).pieces():
            found.append(sequence)
    assert last not in found


class DeletedMeanwhile(Objects):
    """The last piece goes after it was looked up, and before it is read."""

    def __init__(self, kept: Kept, last: int) -> None:
        super().__init__(kept.objects._client, kept.objects.bucket)
        self._last = last

    async def _last_of(self, subject: str) -> int:
        found = await super()._last_of(subject)
        await self.delete_piece(self._last)
        return found
