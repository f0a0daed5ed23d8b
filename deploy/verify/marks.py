"""How far everything was when a proof began: positions first, what they lead to after that."""

from collections.abc import Sequence

from nats.js.errors import NotFoundError

from deploy.suite import Flow
from deploy.upkeep.pruning import left_over
from deploy.verify.case import Case
from shared.contracts.routing import is_inbox, logs
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper

ENDS_IN_ORDER = ("RECEIPTS", *reversed(logs()), "DEAD")
"""Whatever is derived ends before what it derives from; the inboxes come last."""


async def take_marks(case: Case, flows: Sequence[Flow]) -> None:
    """Sets the positions of all reactions and relays, and the ends of all streams."""
    case.positions = {flow.name: await _position(case, flow) for flow in flows}
    await _left_over_positions(case)
    live = [str(info.config.name) for info in await case.client.jetstream().streams_info()]
    inboxes = sorted(filter(is_inbox, live))
    for name in (*ENDS_IN_ORDER, *inboxes):
        if name in live:
            case.ends[name] = await _end(case, name)
    for flow in flows:
        at = case.positions[flow.name]
        for stream, reached in ((flow.stream, at.sequence), (flow.target, at.wrote)):
            if reached > (end := case.ends.get(stream, 0)):
                case.wrong(
                    "positions beyond the end of a log",
                    f"{flow.name} was at {reached:,} of {stream}, which ends at {end:,}",
                )


async def _position(case: Case, flow: Flow) -> Position:
    keeper = PositionKeeper(case.client, flow.service, flow.name)
    try:
        at = await keeper.begin()
    except LogUnavailableError as error:
        kind = type(error).__name__
        case.wrong("positions", f"POSITIONS: that of {flow.name} can't be read ({kind})")
        return Position()
    if keeper.is_unreadable:
        case.wrong("positions", f"POSITIONS: that of {flow.name} is no position")
    return at


async def _left_over_positions(case: Case) -> None:
    for subject in await left_over(case.client):
        case.verdict.left_over.append(f"{subject}: the position of nothing that there is now")


async def _end(case: Case, stream: str) -> int:
    try:
        return int((await case.client.jetstream().stream_info(stream)).state.last_seq)
    except NotFoundError:
        return 0
