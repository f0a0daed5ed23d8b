"""Which receipts hold: an operator may have had an inbox taken in again."""

from bisect import bisect_right
from contextlib import aclosing

from deploy.looking.reading import messages
from shared.contracts.receipt import Receipts
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.message import Message


class Withdrawals:
    """Of each source where in RECEIPTS they stand, and from where on each of them, or a later one,
    has the inbox taken in again: by inbox sequence, the lowest."""

    def __init__(self) -> None:
        self._at: dict[str, list[int]] = {}
        self._behind: dict[str, list[int]] = {}

    def add(self, source: str, at: int, behind: int) -> None:
        """In their order."""
        self._at.setdefault(source, []).append(at)
        lowest = self._behind.setdefault(source, [])
        for earlier in reversed(range(len(lowest))):
            if lowest[earlier] <= behind:
                break
            lowest[earlier] = behind
        lowest.append(behind)

    def hold(self, source: str, at: int, inbox_sequence: int) -> bool:
        """Whether what stands at `at` in RECEIPTS about this message was never withdrawn."""
        stand = self._at.get(source, [])
        later = bisect_right(stand, at)
        return later == len(stand) or inbox_sequence <= self._behind[source][later]


async def withdrawals(client: Client) -> Withdrawals:
    found = Withdrawals()
    async with aclosing(messages(client, "RECEIPTS", ["receipt.*.withdrawn"])) as withdrawn:
        async for message in withdrawn:
            said = receipts_in(message)
            if said is not None and said.withdrawn_after is not None:
                found.add(source_in(message), message.sequence, said.withdrawn_after)
    return found


def receipts_in(message: Message) -> Receipts | None:
    """None of what is none: a sender can have the server itself answer into RECEIPTS."""
    try:
        return Receipts.model_validate_json(message.body)
    except ValueError:
        return None


def source_in(message: Message) -> str:
    return message.subject.split(".")[1]
