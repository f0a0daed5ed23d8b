"""Files of reports and findings: whether what the log says is there and whole, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from re import fullmatch

from nats.js.errors import NotFoundError

from deploy.looking.reading import messages
from deploy.verify.case import Case
from services.intake.files.named import NAMING, named_in
from services.intake.files.showing import TAKES
from services.intake.files.shown import Shown
from services.intake.files.sweeping import TERM
from shared.contracts.event import Event
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportErased
from shared.contracts.routing import log_of
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, PUBLIC_FILES, Objects, Stored
from shared.web.now import utc_now

INTAKE = log_of("intake")
OURS = "[0-9a-f]{32}/[0-9a-f]{32}/(whole|preview)"
WAITS = TERM + timedelta(days=1)
"""For a report that names it, until somebody has to wonder."""

LOOKS, LOOKS_AGAIN_S = 20, 0.25
"""How often at pictures that are just now being shown, or taken back."""


async def check_files(case: Case) -> None:
    """Nobody here can open one: that it has the bytes that were put there is what can be told."""
    for bucket, check in ((ATTACHMENTS, _check_attached), (PUBLIC_FILES, _check_shown)):
        objects = Objects(case.client, bucket)
        try:
            await case.client.jetstream().stream_info(objects.stream)
        except NotFoundError:
            continue  # that of the streams tells it
        await check(case, objects)


async def _check_attached(case: Case, objects: Objects) -> None:
    there = {each.name: each async for each in objects.every()}
    named, count = set[str](), 0
    missing = dict[str, list[int]]()
    async for sequence, event in _events(case, *NAMING):
        if sequence > case.ends.get(INTAKE, 0):
            continue
        count += 1
        first = named_in(event)
        found = {f"{first}/{which}" for which in ("whole", "preview")} & there.keys()
        named |= found
        is_whole = [await objects.get(name) is not None for name in found]
        if f"{first}/whole" not in found or not all(is_whole):
            missing.setdefault(first.partition("/")[0], []).append(sequence)
    left = set[str]()
    if missing or there:
        async for _, event in _events(case, ReportErased, PersonErased):
            missing.pop(event.aggregate_id, None)
            left |= {name for name in there if name.startswith(f"{event.aggregate_id}/")}
    for sequence in sorted(each for found in missing.values() for each in found):
        line = f"{INTAKE}/{sequence}: its file is gone, or not whole"
        case.wrong("files that are not whole", line)
    if left:
        case.verdict.behind.append(
            f"{objects.stream}: {len(left):,} files of what was erased, which nobody can open, are"
            " still to be deleted"
        )
    waiting = _unnamed(case, objects, [there[name] for name in there.keys() - named - left])
    if count or waiting:
        more = f", and {waiting:,} that wait for one" if waiting else ""
        line = f"{objects.stream}: {count:,} files that reports and findings name{more}"
        case.verdict.looked_at.append(line)


def _unnamed(case: Case, objects: Objects, found: list[Stored]) -> int:
    """How many were uploaded for what is still to come."""
    waiting = 0
    for each in found:
        if not fullmatch(OURS, each.name):
            what = "is nothing that intake puts there"
        elif utc_now() - each.at > WAITS:
            what = f"goes with nothing, since {each.at:%Y-%m-%d}"
        else:
            waiting += each.name.endswith("/whole")
            continue
        where = f"{objects.stream}/{each.sequence}"
        case.wrong("files of nothing", f"{where}: {each.name} {what}")
    return waiting


async def _check_shown(case: Case, objects: Objects) -> None:
    """What somebody passes or takes back just now comes and goes a moment later."""
    for _ in range(LOOKS if case.services_run else 1):
        there = {each.name: each.sequence async for each in objects.every()}
        shown, said_in = Shown(), dict[str, int]()
        async for sequence, event in _events(case, *TAKES):
            shown.take(event)
            said_in[getattr(event, "picture", "")] = sequence
        passed = {name: said_in[name] for name in shown.passed}
        whole = {name for name in there if await objects.get(name) is not None}
        gone, foreign = passed.keys() - whole, there.keys() - passed.keys()
        if not gone and not foreign:
            break
        await asyncio.sleep(LOOKS_AGAIN_S)
    for name in sorted(gone, key=passed.__getitem__):
        line = f"{INTAKE}/{passed[name]}: the picture that it shows to all is gone, or not whole"
        case.wrong("pictures that are not shown", line)
    for name in sorted(foreign, key=there.__getitem__):
        line = f"{objects.stream}/{there[name]}: {name} was passed by nobody, or taken back"
        case.wrong("pictures that nobody passed", line)
    if passed:
        line = f"{objects.stream}: {len(passed):,} pictures that are shown to all"
        case.verdict.looked_at.append(line)


async def _events(case: Case, *kinds: type[Event]) -> AsyncIterator[tuple[int, Event]]:
    """What can't be read the proof of the log tells."""
    filters = tuple(kind.filter() for kind in kinds)
    async for message in messages(case.client, INTAKE, filters):
        try:
            recorded = case.codec.decode(message.headers, message.body, message.sequence)
        except UnreadableEventError:
            continue
        yield message.sequence, recorded.event
