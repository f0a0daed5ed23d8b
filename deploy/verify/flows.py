"""From stream to stream: each event that asks for something has it, and nothing came of none."""

from collections.abc import AsyncIterator, Sequence

from nats.js.errors import NotFoundError

from deploy.suite import Flow
from deploy.verify.case import Case
from deploy.verify.expectations import Expectation
from shared.contracts.identity import event_id
from shared.contracts.routing import log_of
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.ends import last_under, next_under

MOST_EVENTS = 100
"""Of one command."""


async def check_flows(case: Case, flows: Sequence[Flow], expected: Sequence[Expectation]) -> None:
    case.say("reactions and relays: every event that asks for something has it, once")
    known = {each.flow.name for each in expected}
    for flow in flows:
        if flow.name not in known:
            case.wrong(
                "what could not be proven",
                f"{flow.name}: the release key is not known here (TRIBUNE_RELEASE_KEY, or"
                " release.key in the data folder), so nothing tells what had to be published",
            )
        await check_lag(case, flow)
    for each in expected:
        _check_learned(case, each)
        await _check_answers(case, each)
    for way in sorted({_way(each) for each in expected if each.asked}):
        await _check_asked(case, way, [each for each in expected if _way(each) == way])
    _check_origins(case, expected)


async def check_lag(case: Case, flow: Flow) -> None:
    end, at = case.ends.get(flow.stream, 0), case.positions[flow.name].sequence
    try:
        goal = await last_under(case.client, flow.stream, flow.filters)
        if goal > end:  # and what was there before may be nothing that it reads
            following = await next_under(case.client, flow.stream, flow.filters, at)
            goal = end if 0 < following <= end else at
    except Exception as error:  # noqa: BLE001  a stream that is gone is told elsewhere
        case.wrong(f"the end of {flow.stream}", f"{flow.stream}: {type(error).__name__}")
        return
    case.behind(flow.name, flow.stream, at, goal)


def _check_learned(case: Case, each: Expectation) -> None:
    """Of what a flow did not handle yet nothing is due, and so nothing proven."""
    at = case.positions[each.flow.name]
    if at.sequence and (missing := each.handles - at.handles):
        kinds = ", ".join(sorted(kind.rpartition(".")[2] for kind in missing))
        case.verdict.behind.append(
            f"{each.flow.name}: has not gone back yet for {kinds} in {each.flow.stream}"
        )


async def _check_answers(case: Case, each: Expectation) -> None:
    """What is not there may lie in DEAD, or was so already when the command came."""
    flow = each.flow
    async for sequence in _lost(case, each):
        case.wrong(
            f"events without what {flow.name} makes of them",
            f"{flow.stream}/{sequence}: {flow.target} has nothing of what {flow.name} makes of it",
        )


async def _lost(case: Case, each: Expectation) -> AsyncIterator[int]:
    """Through both indexes in the order of the ids: by chance here and there takes several times as
    long."""
    missing = case.scratch.ask(
        "SELECT DISTINCT sequence FROM expected INDEXED BY expected_by_id"
        " WHERE target = ? AND flow = ? AND is_due AND NOT EXISTS"
        " (SELECT 1 FROM event WHERE event.stream = expected.target AND event.id = expected.id)"
        " AND NOT EXISTS (SELECT 1 FROM dead WHERE service = ? AND dead.stream = expected.stream"
        " AND dead.sequence = expected.sequence) ORDER BY 1",
        each.flow.target,
        each.flow.name,
        each.flow.service,
    )
    for (sequence,) in missing:
        case.moved("", 0, 0)
        if not await _was_so_already(case, each, sequence):
            yield sequence


async def _was_so_already(case: Case, each: Expectation, sequence: int) -> bool:
    """A command that changes nothing leaves no event; whether it would, its aggregate tells."""
    recorded = await _event(case, each.flow.stream, sequence)
    if recorded is None or each.asked is None:
        return False
    return not any(_changes(case, key, to) for key, to in each.asked(recorded))


def _changes(case: Case, key: AggregateKey, envelope: Envelope) -> bool:
    """Also where nobody can tell: what was refused lies in DEAD, and a damaged log says nothing."""
    category = case.states.category(key)
    if category is None or not (standing := case.states.of(key)).is_sound:
        return True
    try:
        return bool(category.decider.decide(envelope.command, standing.state))
    except Exception:  # noqa: BLE001  it was refused
        return True


def _way(each: Expectation) -> tuple[str, str]:
    return each.flow.stream, each.flow.target


async def _check_asked(case: Case, way: tuple[str, str], expected: Sequence[Expectation]) -> None:
    """What names an event as its cause was asked for by it, under the very id that follows; else
    a reaction would count twice. Only a command's first event is noted as expected."""
    stream, target = way
    strangers = case.scratch.ask(
        "SELECT sequence, id, cause_sequence FROM event WHERE stream = ? AND cause_stream = ?"
        " AND NOT EXISTS (SELECT 1 FROM expected WHERE target = ? AND expected.id = event.id)"
        " ORDER BY 1",
        target,
        stream,
        target,
    )
    for sequence, id_, cause in strangers:
        case.moved("", 0, 0)
        if id_ not in await _later_ids(case, stream, cause, expected):
            line = f"{target}/{sequence}: {stream}/{cause} does not ask for it"
            case.wrong(f"events of {target} that nothing asks for", line)


async def _later_ids(
    case: Case, stream: str, cause: int, expected: Sequence[Expectation]
) -> set[str]:
    """Of the events after the first of each command that this cause asks for."""
    recorded = await _event(case, stream, cause)
    if recorded is None:
        return set()
    asked = [pair for each in expected if each.asked for pair in each.asked(recorded)]
    return {event_id(key.id, to.id, n) for key, to in asked for n in range(1, MOST_EVENTS)}


async def _event(case: Case, stream: str, sequence: int) -> RecordedEvent | None:
    """None if there is none that can be read."""
    if sequence < 1:
        return None
    try:
        raw = await case.client.jetstream().get_msg(stream, sequence, direct=True)
        return case.codec.decode(raw.headers or {}, raw.data or b"", sequence)
    except (NotFoundError, UnreadableEventError):
        return None


def _check_origins(case: Case, expected: Sequence[Expectation]) -> None:
    """What is public came of something inside."""
    public = log_of("public")
    if not any(each.flow.target == public for each in expected):
        return
    strangers = case.scratch.ask(
        "SELECT sequence FROM event INDEXED BY event_by_id WHERE stream = ? AND NOT EXISTS"
        " (SELECT 1 FROM expected WHERE target = ? AND expected.id = event.id) ORDER BY 1",
        public,
        public,
    )
    for (sequence,) in strangers:
        line = f"{public}/{sequence}: no event inside leads to it"
        case.wrong("what is public and came of nothing", line)
