"""The whole proof: each part looks at everything, whatever the others have found."""

from deploy.programs import SERVICES
from deploy.suite import categories, flows
from deploy.verify.beside import BESIDE, beside
from deploy.verify.case import Case, Moved, Say, nobody_looks
from deploy.verify.dead import read_dead
from deploy.verify.expectations import expectations
from deploy.verify.files import check_files
from deploy.verify.findings import Verdict
from deploy.verify.flows import check_flows
from deploy.verify.inboxes import check_answers
from deploy.verify.logs import check_causes, check_ids, prove_log
from deploy.verify.marks import take_marks
from deploy.verify.releases import note_releases
from deploy.verify.scratch import scratch
from deploy.verify.states import States
from deploy.verify.streams import check_streams
from deploy.verify.waiting import let_it_finish, runs
from shared.contracts.routing import logs
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.charter import read_charter
from shared.runtime.settings import Settings


async def verify(
    client: Client,
    settings: Settings,
    say: Say,
    codec: Codec = PLAIN,
    moved: Moved = nobody_looks,
) -> Verdict:
    """Reads every stream and every row, and changes nothing."""
    with scratch(lambda: moved("", 0, 0)) as notes:
        states = States(notes, [each for service in SERVICES for each in categories(service)])
        case = Case(client, settings, say, notes, states, codec, moved)
        ways, expected = flows(), expectations(settings)
        case.services_run = await runs(case)
        if case.services_run:
            await let_it_finish(case)
        say("streams against their declaration")
        await take_marks(case, ways)
        await check_streams(case, read_charter(settings.charter_dir).sources)
        await read_dead(case)
        await check_files(case)
        async with beside(case, expected) as others:
            for stream in logs():
                if stream not in BESIDE:
                    await prove_log(case, stream, expected)
            marks = await others.proven()
            say("ids and causes")
            check_ids(case)
            await note_releases(case)
            check_causes(case)
            check_answers(case, marks)
            await check_flows(case, ways, expected)
        case.verdict.wrong = case.findings.lines()
        return case.verdict
