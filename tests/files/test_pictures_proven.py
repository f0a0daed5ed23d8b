"""The proof counts pictures of findings, and tells what is gone without an erasure."""

from files_made import photograph
from kept_files import Kept
from nats.aio.client import Client

from deploy.verify.case import Case
from deploy.verify.files import check_files
from deploy.verify.scratch import scratch
from deploy.verify.states import States
from shared.contracts.event import Event
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.settings import Settings
from shared.testing.examples import (
    CHECKING_ID,
    FINDING_PICTURED,
    MEMBER_ID,
    PERSON_ERASED,
    new_event,
    varied,
)


async def written(nats: Client, aggregate: str, known_as: str, event: Event) -> None:
    key = AggregateKey("intake", aggregate, known_as)
    await JetStreamEventStore(nats).append([Append(key, 0, [new_event(event)])])


async def proven(nats: Client) -> Case:
    with scratch() as notes:
        states = States(notes, [])
        case = Case(nats, Settings(_env_file=None), lambda _: None, notes, states)
        case.ends["INTAKE"] = 10
        await check_files(case)
    return case


async def test_a_picture_is_there_and_whole_or_its_checker_was_erased(
    kept: Kept, nats: Client
) -> None:
    name = await kept.files.take(MEMBER_ID, photograph())
    (file,) = kept.files.named(MEMBER_ID, [name]) or []
    await written(nats, "checking", CHECKING_ID, varied(FINDING_PICTURED, digest=file.digest))
    case = await proven(nats)
    assert case.verdict.looked_at == ["OBJ_attachments: 1 files that reports and findings name"]
    assert case.findings.by_kind() == []
    (whole, *_) = [each async for each in kept.objects.every() if each.name.endswith("/whole")]
    await kept.objects.delete(whole.name, whole.sequence)
    (wrong,) = (await proven(nats)).findings.by_kind()
    assert wrong[0] == "files that are not whole"
    await written(nats, "person", MEMBER_ID, PERSON_ERASED)
    erased = await proven(nats)
    assert erased.findings.by_kind() == []
    assert len(erased.verdict.behind) == 1, "its preview is still to be deleted"
