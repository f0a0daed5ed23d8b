"""From stream to stream: each event that asks for something has it, and nothing came of none."""

from collections.abc import Sequence

from nats.js.errors import NotFoundError

from deploy.suite import Flow, categories
from deploy.verify.case import Case
from deploy.verify.expectations import Expectation
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore

AT_ONCE = 500


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
        await _check_lag(case, flow)
    for each in expected:
        await _check_answers(case, each)
    _check_origins(case, expected)


async def _check_lag(case: Case, flow: Flow) -> None:
    try:
        goal = await last_under(case.client, flow.stream, flow.filters)
    except Exception as error:  # noqa: BLE001  a stream that is gone is told elsewhere
        case.wrong(f"the end of {flow.stream}", f"{flow.stream}: {type(error).__name__}")
        return
    goal = min(goal, case.ends.get(flow.stream, 0))
    case.behind(flow.name, flow.stream, case.positions[flow.name].sequence, goal)


async def _check_answers(case: Case, each: Expectation) -> None:
    """What is not there may lie in DEAD, or was so already when the command came."""
    flow = each.flow
    missing = case.scratch.ask(
        "SELECT stream, sequence FROM expected WHERE flow = ? AND is_due AND NOT EXISTS"
        " (SELECT 1 FROM event WHERE event.stream = expected.target AND event.id = expected.id)"
        " ORDER BY 2",
        flow.name,
    )
    lost = [
        sequence
        for stream, sequence in missing
        if (flow.service, stream, sequence) not in case.dead
    ]
    if each.asked is not None:
        lost = await _without_what_was_so_already(case, each, lost)
    for sequence in lost:
        case.wrong(
            f"events without what {flow.name} makes of them",
            f"{flow.stream}/{sequence}: {flow.target} has nothing of what {flow.name} makes of it",
        )


async def _without_what_was_so_already(
    case: Case, each: Expectation, lost: Sequence[int]
) -> list[int]:
    """A command that changes nothing leaves no event; whether it would, its aggregate tells."""
    deciders = {category.name: category.decider for category in categories(each.flow.service)}
    store, still = JetStreamEventStore(case.client), []
    for start in range(0, len(lost), AT_ONCE):
        asked = []
        for sequence in lost[start : start + AT_ONCE]:
            try:
                raw = await case.client.jetstream().get_msg(each.flow.stream, sequence, direct=True)
                recorded = decode(raw.headers or {}, raw.data or b"", sequence)
                asked += [(sequence, *one) for one in each.asked(recorded)] if each.asked else []
            except (NotFoundError, UnreadableEventError):
                still.append(sequence)
        histories = await store.load_all([key for _, key, _ in asked])
        for sequence, key, envelope in asked:
            history = histories[key]
            if isinstance(history, Exception):
                still.append(sequence)
                continue
            decider = deciders[key.category]
            try:
                state = decider.fold(one.event for one in history)
                changes = bool(decider.decide(envelope.command, state))
            except Exception:  # noqa: BLE001  it was refused, and does not lie in DEAD
                changes = True
            if changes:
                still.append(sequence)
    return sorted(set(still))


def _check_origins(case: Case, expected: Sequence[Expectation]) -> None:
    """What is public came of something inside."""
    if not any(each.flow.target == "PUBLIC" for each in expected):
        return
    strangers = case.scratch.ask(
        "SELECT sequence FROM event WHERE stream = 'PUBLIC' AND NOT EXISTS"
        " (SELECT 1 FROM expected WHERE target = 'PUBLIC' AND expected.id = event.id) ORDER BY 1"
    )
    for (sequence,) in strangers:
        line = f"PUBLIC/{sequence}: no event inside leads to it"
        case.wrong("what is public and came of nothing", line)
