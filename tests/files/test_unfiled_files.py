"""What was uploaded and never filed keeps nobody from uploading."""

from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta

import pytest
from files_made import photograph
from kept_files import Kept
from nats.aio.client import Client

from services.intake.domain import report
from services.intake.domain.report import FileWithFiles
from services.intake.files.keeping import Files
from services.intake.files.named import NamedFiles
from services.intake.files.waiting import OF_ONE, Waiting
from services.intake.files.yielding import Yielding
from shared.contracts.attachment import files_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import LogFullError
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import FILE_ATTACHED, REPORT_FILED, REPORT_ID, report_id, varied
from shared.web.fair_share import ASKING
from shared.web.now import utc_now

OLDER, OLD, NEW = report_id(7), report_id(8), report_id(9)
HOURS = 1 / 24


async def is_there(kept: Kept, report: str) -> bool:
    return any([each.name.startswith(report) async for each in kept.objects.every()])


async def full(kept: Kept, nats: Client) -> Files:
    """People's, with no room for one more."""
    yielding = Yielding(kept.objects, NamedFiles(nats, "INTAKE"), kept.files.now)
    held = await kept.objects.held()
    return replace(kept.files.of_people(), most_bytes=held + 1, yielding=yielding)


async def test_what_nobody_filed_makes_room_after_an_hour_the_oldest_first(
    kept: Kept, nats: Client
) -> None:
    people = kept.files.of_people()
    for each in (OLDER, OLD):
        await people.take(each, photograph())
    for hours in (0.0, 0.9):
        kept.days_on = hours * HOURS
        with pytest.raises(LogFullError):
            await (await full(kept, nats)).take(NEW, photograph())
    assert await is_there(kept, OLDER)
    kept.days_on = 1.1 * HOURS
    await (await full(kept, nats)).take(NEW, photograph())
    assert [await is_there(kept, each) for each in (OLDER, OLD, NEW)] == [False, True, True]


async def test_what_a_report_names_or_a_source_sent_makes_none(kept: Kept, nats: Client) -> None:
    name = await kept.files.of_people().take(REPORT_ID, photograph())
    (file,) = kept.files.named(REPORT_ID, [name]) or []
    said = varied(FILE_ATTACHED, digest=file.digest, files=files_of(REPORT_ID))
    handler = CommandHandler(JetStreamEventStore(nats), (report.category,), utc_now)
    await handler.handle([Envelope(FileWithFiles(REPORT_FILED, (said,)), id="1")])
    await kept.files.take(OLD, photograph())
    kept.days_on = 6
    with pytest.raises(LogFullError):
        await (await full(kept, nats)).take(NEW, photograph())
    assert await is_there(kept, REPORT_ID)
    assert await is_there(kept, OLD)


async def test_what_is_just_filed_stays(kept: Kept, nats: Client) -> None:
    people = kept.files.of_people()
    names = {each: await people.take(each, photograph()) for each in (OLDER, OLD)}
    kept.days_on = 2 * HOURS
    assert await people.keep(OLDER, [names[OLDER]])
    await (await full(kept, nats)).take(NEW, photograph())
    assert await is_there(kept, OLDER)
    assert not await people.keep(OLD, [names[OLD]]), "and who files it is told so"


async def test_a_picture_without_its_preview_is_not_there(kept: Kept, nats: Client) -> None:
    """What makes room goes one by one, and the preview lies before its picture."""
    photo, people = photograph(), kept.files.of_people()
    name = await people.take(OLD, photo)
    (file,) = kept.files.named(OLD, [name]) or []
    kept.days_on = 2 * HOURS
    yielding = Yielding(kept.objects, NamedFiles(nats, "INTAKE"), kept.files.now)
    assert await yielding.make_room(1)
    assert await is_there(kept, OLD)
    assert not await people.keep(OLD, [name])
    await people.take(OLD, photo)
    assert await people.keep(OLD, [name])
    assert await people.preview(OLD, file.digest)


async def test_who_keeps_a_file_that_goes_is_told_so_or_has_all_of_it(kept: Kept) -> None:
    """Another process has seen it, and takes it away in the moment in which it is filed."""
    photo, people = photograph(), kept.files.of_people()
    name = await people.take(OLD, photo)
    for each in [each async for each in kept.objects.every()]:
        assert await people.keep(OLD, [name])
        assert not await kept.objects.take_away(each), "it is another message since"
    (file,) = kept.files.named(OLD, [name]) or []
    assert await people.whole(OLD, file.digest)
    for each in [each async for each in kept.objects.every()]:
        assert await kept.objects._instead(each, replace(each, going=True))
    assert not await people.keep(OLD, [name]), "its pieces are on their way"
    await people.take(OLD, photo)
    assert await people.keep(OLD, [name])
    assert await people.whole(OLD, file.digest)
    assert not [each async for each in kept.objects.every() if each.going]


async def test_what_a_source_uploads_as_well_makes_no_room(kept: Kept) -> None:
    photo, people = photograph(), kept.files.of_people()
    name = await people.take(OLD, photo)
    assert await people.keep(OLD, [name])
    assert all([each.yields async for each in kept.objects.every()])
    assert (await kept.files.take(OLD, photo)).split(".")[:3] == name.split(".")[:3]
    assert not any([each.yields async for each in kept.objects.every()])


async def test_who_uploads_the_same_once_more_has_it_waiting_all_the_same(kept: Kept) -> None:
    photo, people = photograph(), kept.files.of_people()
    assert people.waiting
    asking = ASKING.set("198.51.100.1")
    try:
        await people.take(OLD, photo)
        of_one = people.waiting.of("198.51.100.1")
        for _ in range(2):
            kept.days_on += 1.1 * HOURS
            await people.take(OLD, photo)
            assert 0 < people.waiting.of("198.51.100.1") <= of_one
        people.waiting._most_of_one = 1
        kept.days_on += 1.1 * HOURS
        with pytest.raises(LogFullError):
            await people.take(OLD, photo)
    finally:
        ASKING.reset(asking)


def test_one_address_has_a_part_of_the_room_until_it_files() -> None:
    now, count = [utc_now()], iter(range(99))
    waiting = Waiting(100 * OF_ONE, lambda: now[0])

    def takes(address: str, report: str, size: int) -> bool:
        asking = copy_context()
        asking.run(ASKING.set, address)
        return asking.run(waiting.takes, report, f"file {next(count)}", size)

    one, other = "198.51.100.1", "198.51.100.2"
    assert [takes(one, each, 40) for each in (OLDER, OLDER, OLD)] == [True, True, False]
    assert takes(other, NEW, 100)
    waiting.filed(OLDER)
    assert takes(one, OLD, 100)
    assert not takes(one, OLDER, 1)
    now[0] += timedelta(hours=1)
    assert takes(one, OLDER, 1), "for longer than an hour it yields anyway"
