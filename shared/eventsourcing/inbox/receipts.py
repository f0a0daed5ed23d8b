"""Writes RECEIPTS, the inbox's checkpoint: receipts and the position they prove are one append."""

import json
from collections.abc import Sequence

from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.wire import Outgoing

THROUGH = "Tribune-Inbox-Through"


class ReceiptWriter:
    """The receipts of one source, in order; only one writer can succeed at a time."""

    def __init__(self, client: Client, publisher: Publisher, source: str) -> None:
        self._client = client
        self._publisher = publisher
        self._source = source
        self._last = 0
        self.through = 0

    async def begin(self) -> int:
        """The inbox sequence up to which every message has its receipt (or lies in DEAD)."""
        query = {"last_by_subj": f"receipt.{self._source}.>"}
        answer = await self._client.request(
            "$JS.API.DIRECT.GET.RECEIPTS", json.dumps(query).encode(), timeout=5
        )
        headers = answer.headers or {}
        self._last = int(headers.get("Nats-Sequence", 0))
        self.through = int(headers.get(THROUGH, 0))
        return self.through

    async def write(
        self, accepted: Sequence[Accepted], refused: Sequence[Refused], through: int
    ) -> None:
        """One message a sort, both or none. Raises ConcurrencyError if another writer was first."""
        messages = []
        if accepted or not refused:
            messages.append(self._outgoing("accepted", accepted=tuple(accepted), through=through))
        if refused:
            messages.append(self._outgoing("refused", refused=tuple(refused), through=through))
        messages[0].headers.update(expecting(self._last, f"receipt.{self._source}.>"))
        self._last = await self._publisher.publish(messages)
        self.through = through

    def _outgoing(
        self,
        sort: str,
        *,
        through: int,
        accepted: tuple[Accepted, ...] = (),
        refused: tuple[Refused, ...] = (),
    ) -> Outgoing:
        body = Receipts(source=self._source, accepted=accepted, refused=refused)
        return Outgoing(
            f"receipt.{self._source}.{sort}",
            body.model_dump_json().encode(),
            {THROUGH: str(through), "content-type": "application/json"},
        )
