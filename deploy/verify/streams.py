"""The streams as such: whether they are there, as declared, from their first message on."""

from collections.abc import Iterable

from nats.js.api import StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from deploy.verify.case import Case
from shared.contracts.routing import is_inbox
from shared.eventsourcing.jetstream.differences import differences
from shared.eventsourcing.jetstream.streams import InboxLimits, suite_streams
from shared.runtime.watch import KEEPS_WORDS


async def check_streams(case: Case, sources: Iterable[str]) -> None:
    """Live settings against the declared ones. An inbox's limits promise nothing: what they are
    today is the operator's to say."""
    declared = suite_streams(dict.fromkeys(sources, InboxLimits()))
    for config in declared:
        try:
            info = await case.client.jetstream().stream_info(str(config.name))
        except NotFoundError:
            case.wrong("streams", f"{config.name}: is not there; `tribune setup` declares it")
            continue
        for difference in differences(config, info.config):
            if difference.is_damage:
                case.wrong("settings of streams", str(difference))
            elif difference.keeps_words:
                told = KEEPS_WORDS.format(config.name)
                case.verdict.left_over.append(f"{config.name}: {told}")
        _check_state(case, config, info)
    _left_over(case, {str(config.name) for config in declared})


def _check_state(case: Case, config: StreamConfig, info: StreamInfo) -> None:
    """What the server itself says to be gone. What it does not know is found by reading."""
    name, state = str(config.name), info.state
    if not info.config.deny_delete or not state.last_seq:
        return
    if not config.max_age and state.first_seq > 1:
        gone = state.first_seq - 1
        case.wrong(f"the beginning of {name}", f"{name}: its first {gone:,} messages are gone")
    there = state.last_seq - state.first_seq + 1 if state.messages else 0
    if state.messages != there or state.num_deleted:
        gone = state.num_deleted or there - state.messages
        line = f"{name}: the server itself says that {gone:,} messages are gone from its middle"
        case.wrong(f"the middle of {name}", line)


def _left_over(case: Case, declared: set[str]) -> None:
    for stream in case.ends:
        if is_inbox(stream) and stream not in declared:
            case.verdict.left_over.append(
                f"{stream}: its source is not in the charter any more; what it sent is kept, and"
                " looked at"
            )
