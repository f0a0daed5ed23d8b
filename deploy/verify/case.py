"""What the parts of a proof share: the suite, what was found, and a place for what was read."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.looking.reading import batches
from deploy.verify.findings import Findings, Verdict, span
from deploy.verify.scratch import Scratch
from deploy.verify.states import States
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import deleted_from
from shared.eventsourcing.jetstream.positions import Position
from shared.eventsourcing.jetstream.reader import Message
from shared.runtime.settings import Settings

Say = Callable[[str], None]
"""Gets the name of each step as it begins."""

Moved = Callable[[str, int, int], None]
"""Gets how far a step is: what is counted, how many are done and of how many; of none where nobody
knows, and only time passes."""


def nobody_looks(_: str, __: int, ___: int) -> None: ...


@dataclass
class Case:
    """`ends` are the streams' last sequences as of the beginning; what came later is not looked at.
    `positions` are those of reactions and relays, taken before. `goals` are the ends that all
    readers of a suite that runs had time to reach.

    Nothing here grows with the log: what there is one of for each event is in the scratch.
    """

    client: Client
    settings: Settings
    say: Say
    scratch: Scratch
    states: States
    codec: Codec = PLAIN
    moved: Moved = nobody_looks
    services_run: bool = False
    ends: dict[str, int] = field(default_factory=dict)
    goals: dict[str, int] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    verdict: Verdict = field(default_factory=Verdict)

    def found(self) -> dict[str, Any]:
        """What was found so far, as JSON takes it; for `take_over` in another process."""
        return {"findings": self.findings.by_kind(), "verdict": asdict(self.verdict)}

    def take_over(self, found: dict[str, Any]) -> None:
        for kind, lines, count in found["findings"]:
            self.findings.add_all(kind, lines, count)
        for part in ("looked_at", "behind", "left_over"):
            getattr(self.verdict, part).extend(found["verdict"][part])

    def wrong(self, kind: str, line: str) -> None:
        self.findings.add(kind, line)

    def behind(self, reader: str, stream: str, at: int, goal: int) -> None:
        """Of what is at rest, or has only just come in, it is no fault."""
        if at < goal:
            line = f"{reader}: at {at:,} of {goal:,} in {stream}"
            if self.services_run and at < self.goals.get(stream, 0):
                self.wrong("readers that stand still", f"{line}, and stands still")
            else:
                self.verdict.behind.append(line)

    async def read(
        self, stream: str, *, headers_only: bool = False, deleted_through: int = 0
    ) -> AsyncIterator[list[Message]]:
        """Every message there is, from the stream's beginning; what is missing is a finding, but
        for what could be deleted, up to there, and was: the server knows what was."""
        end = self.ends.get(stream, 0)
        info = await self.client.jetstream().stream_info(stream)
        deleted = set[int]()
        if deleted_through and not info.config.deny_delete and info.state.num_deleted:
            known = await deleted_from(self.client, stream)
            deleted = {sequence for sequence in known if sequence <= deleted_through}
        follows = max(info.state.first_seq, 1)
        async with aclosing(batches(self.client, stream, end, headers_only=headers_only)) as found:
            async for batch in found:
                for message in batch:
                    if message.sequence != follows:
                        self._gap(stream, follows, message.sequence - 1, deleted)
                    follows = message.sequence + 1
                yield batch
                self.moved(stream, follows - 1, end)
        if end and follows <= end:
            self._gap(stream, follows, end, deleted)

    def _gap(self, stream: str, first: int, last: int, deleted: Collection[int]) -> None:
        for start, end in _beside(first, last, deleted):
            gone = end - start + 1
            what = "message is" if gone == 1 else "messages are"
            self.wrong(
                f"gaps in {stream}",
                f"{stream}: {gone:,} {what} gone or can't be read: {span(start, end)}",
            )


def _beside(first: int, last: int, deleted: Collection[int]) -> Iterator[tuple[int, int]]:
    """What of the range is not among these."""
    if not deleted:
        yield first, last
        return
    start = first
    for sequence in range(first, last + 1):
        if sequence in deleted:
            if start < sequence:
                yield start, sequence - 1
            start = sequence + 1
    if start <= last:
        yield start, last
