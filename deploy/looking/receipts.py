"""Receipts one after the other, as RECEIPTS has them, with what stood in the messages refused."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from deploy.looking.pointed import Pointed
from deploy.looking.reading import batches
from deploy.looking.withdrawals import Withdrawals, receipts_in, source_in, withdrawals
from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.contracts.reference import Reference
from shared.contracts.routing import inbox_of, is_inbox, source_of
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.message import Message

STREAM = "RECEIPTS"
ALL, REFUSALS = (">",), ("refused", "redriven.>")

Receipt = Accepted | Refused
Read = Callable[[int, int], None]
"""Gets how far RECEIPTS was read, and how far there is to go."""


@dataclass(frozen=True)
class Asked:
    """Which receipts are meant: of one source, only refusals, or of one message, by its `ce-id`, by
    where it stands in its inbox, or by the id that its receipt gave."""

    source: str = "*"
    refused_only: bool = False
    message: str = ""

    @property
    def place(self) -> Reference | None:
        """In an inbox, if that is how the message is named."""
        place = Reference.parse(self.message.upper())
        return place if place and is_inbox(place.stream) else None

    @property
    def filters(self) -> list[str]:
        return [
            f"receipt.{self._whose}.{sort}" for sort in (REFUSALS if self.refused_only else ALL)
        ]

    @property
    def _whose(self) -> str:
        return source_of(self.place.stream) if self.place else self.source

    def is_in(self, stream: str) -> bool:
        """Whether what is meant may lie in this inbox."""
        return self._whose in ("*", source_of(stream))

    @property
    def needle(self) -> bytes:
        """No message of RECEIPTS without it is looked at more closely."""
        if self.place:
            return f":{self.place.sequence},".encode()
        return json.dumps(self.message, ensure_ascii=False).encode(errors="replace")

    def means(self, receipt: Receipt) -> bool:
        if self.refused_only and not isinstance(receipt, Refused):
            return False
        if self.place:
            return receipt.inbox_sequence == self.place.sequence
        named = (receipt.ce_id, getattr(receipt, "id", None))
        return not self.message or self.message in named


@dataclass(frozen=True)
class One:
    """The receipt of the message at `where` in an inbox; it stands `at` in RECEIPTS. `values` are
    those that a refusal's errors point to; a receipt that was withdrawn does not hold any more."""

    where: Reference
    at: Reference
    receipt: Receipt
    values: Sequence[Any] = ()
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Batch:
    """What one message of RECEIPTS says; `lost` is how many messages before these were, if that
    was not withdrawn."""

    source: str
    ones: Sequence[One]
    lost: int = 0


async def receipts(client: Client, asked: Asked, read: Read) -> AsyncGenerator[Batch, None]:
    """What is no receipt is passed over; `verify` names it."""
    pointed, withdrawn = Pointed(client), await withdrawals(client)
    until = await last_under(client, STREAM, asked.filters)
    needle = asked.needle if asked.message else b""
    async with aclosing(batches(client, STREAM, until, asked.filters)) as found:
        async for batch in found:
            for message in batch:
                said = receipts_in(message) if needle in message.body else None
                if said is not None:
                    yield await _told(pointed, withdrawn, asked, message, said)
            read(batch[-1].sequence, until)


async def _told(
    pointed: Pointed, withdrawn: Withdrawals, asked: Asked, message: Message, said: Receipts
) -> Batch:
    source, at = source_in(message), message.sequence
    both: tuple[Receipt, ...] = (*said.accepted, *said.refused)
    meant = [one for one in both if asked.means(one)]
    values = await pointed.values(source, meant)
    ones = [
        One(
            Reference(inbox_of(source), receipt.inbox_sequence),
            Reference(STREAM, at),
            receipt,
            of,
            not withdrawn.hold(source, at, receipt.inbox_sequence),
        )
        for receipt, of in zip(meant, values, strict=True)
    ]
    return Batch(source, ones, _lost(message, said, source, withdrawn))


def _lost(message: Message, said: Receipts, source: str, withdrawn: Withdrawals) -> int:
    through = message.headers.get(THROUGH, "")
    holds = through.isdecimal() and withdrawn.hold(source, message.sequence, int(through))
    return said.expired if holds else 0
