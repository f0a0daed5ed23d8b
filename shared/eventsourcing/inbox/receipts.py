"""Writes RECEIPTS, the inbox's checkpoint: receipts and the position they prove are one append."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.eventsourcing.errors import ConcurrencyError, LogDamagedError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import ends_at, newest
from shared.eventsourcing.jetstream.wire import Outgoing

THROUGH, WROTE, KEY = "Tribune-Inbox-Through", "Tribune-Log-Through", "Tribune-Key"
FURTHEST = "Tribune-Inbox-Furthest"
"""Where an inbox is taken in again: how far it had been taken in before."""
WITHDRAWN = "withdrawn"
JSON = {"content-type": "application/json"}
LONGEST = 15  # digits of a sequence
PUT_BACK = (
    "Put the old key back (`secrets/digest_key` in the folder of keys, or digest.key in the data"
    " folder); if it is lost for good,"
)


class TakenIn(NamedTuple):
    """`last` is the newest sequence of RECEIPTS that is the source's, `key` the fingerprint of the
    digest key that was in use; older versions had none. `begins_again` if receipts were withdrawn,
    and nothing was taken in since. `furthest` is how far it was ever taken in: what is gone from
    the inbox up to there is no loss."""

    last: int = 0
    through: int = 0
    wrote: int = 0
    key: str = ""
    begins_again: bool = False
    furthest: int = 0


class ReceiptWriter:
    """The receipts of one source, in order; only one writer can succeed at a time.

    What moves the position stands on `receipt.{source}.accepted`, `.refused` and `.withdrawn`; what
    was redriven gets its receipt on a subject of its own, once for ever, and moves nothing.

    `key` is the fingerprint of the digest key under which messages are known inside.
    """

    def __init__(
        self, client: Client, publisher: Publisher, source: str, log: str, key: str = ""
    ) -> None:
        self._client = client
        self._publisher = publisher
        self._source = source
        self._log = log
        self._key = key
        self._get = DirectGet(client)
        self._last = 0
        self._wrote = 0
        self.through = 0
        self.furthest = 0
        self.begins_again = False

    async def begin(self) -> int:
        """The inbox sequence up to which every message has its receipt (or lies in DEAD).

        Raises LogDamagedError if receipts name events that the log does not reach, or what was
        taken in is known by digests of another key.
        """
        self._refuse_another_key(await self._look())
        if self._wrote and self._wrote > (end := await ends_at(self._client, self._log)):
            raise LogDamagedError(
                f"{self._log} ends at {end}, but receipts were given for events up to"
                f" {self._wrote}: the log went backwards"
            )
        return self.through

    def _refuse_another_key(self, at: TakenIn) -> None:
        """Under another key nothing would be known again."""
        if at.key and at.key != self._key:
            raise LogDamagedError(another_key(self._source, at.key, self._key, at.through))

    async def reached(self) -> int:
        """The same, whatever the log says."""
        await self._look()
        return self.through

    async def _look(self) -> TakenIn:
        at = await taken_in(self._client, self._source)
        self._last, self.through, self._wrote = at.last, at.through, at.wrote
        self.begins_again, self.furthest = at.begins_again, at.furthest
        return at

    async def write(
        self,
        accepted: Sequence[Accepted],
        refused: Sequence[Refused],
        through: int,
        expired: int = 0,
    ) -> None:
        """One message a sort, both or none. Raises ConcurrencyError if another writer was first."""
        wrote = max((receipt.sequence for receipt in accepted), default=0)
        headers = {THROUGH: str(through), WROTE: str(max(wrote, self._wrote))}
        if self.furthest > through:
            headers[FURTHEST] = str(self.furthest)
        if self._key:
            headers[KEY] = self._key
        messages = []
        if accepted or not refused:
            body = Receipts(source=self._source, accepted=tuple(accepted), expired=expired)
            messages.append(self._outgoing("accepted", body, headers))
        if refused:
            body = Receipts(source=self._source, refused=tuple(refused))
            messages.append(self._outgoing("refused", body, headers))
        messages[0].headers.update(expecting(self._last, f"receipt.{self._source}.*"))
        self._last = await self._publisher.publish(messages)
        self.through, self._wrote = through, max(wrote, self._wrote)
        self.furthest = max(self.furthest, through)

    async def take_again(
        self, behind: int, lost: int | None = None, *, furthest: int = 0, any_key: bool = False
    ) -> None:
        """Move the inbox to another sequence, whatever receipts say: what was answered behind it is
        taken in again, and what lies before it unread is given up (`lost`, where it is known how
        many that are). The key stays the one it was, unless it is lost and `any_key` may do.
        `furthest` is where receipts that are lost had come to.

        Raises ConcurrencyError if the inbox was moved meanwhile.
        """
        at = await self._look()
        skipped = max(0, behind - self.through) if lost is None else lost
        body = Receipts(source=self._source, expired=skipped, withdrawn_after=behind)
        wrote = min(self._wrote, await ends_at(self._client, self._log))
        headers = {THROUGH: str(behind), WROTE: str(wrote)}
        headers[FURTHEST] = str(max(at.furthest, furthest, behind))
        if at.key and not any_key:
            headers[KEY] = at.key
        headers |= expecting(self._last, f"receipt.{self._source}.*")
        await self._publisher.publish([self._outgoing(WITHDRAWN, body, headers)])

    async def write_redriven(self, receipt: Accepted | Refused) -> None:
        """Unless the message has one already."""
        body = (
            Receipts(source=self._source, accepted=(receipt,))
            if isinstance(receipt, Accepted)
            else Receipts(source=self._source, refused=(receipt,))
        )
        subject = f"redriven.{receipt.inbox_sequence}" + await self._since(receipt.inbox_sequence)
        outgoing = self._outgoing(subject, body, expecting(0, f"receipt.{self._source}.{subject}"))
        try:
            await self._publisher.publish([outgoing])
        except ConcurrencyError:
            return

    async def _since(self, inbox_sequence: int) -> str:
        """A receipt that was withdrawn does not keep its message from getting another one; what was
        withdrawn of others later does not matter to it."""
        query = {"seq": 1, "next_by_subj": f"receipt.{self._source}.{WITHDRAWN}"}
        for message in reversed((await self._get.all("RECEIPTS", query)).messages):
            behind = Receipts.model_validate_json(message.body).withdrawn_after or 0
            if inbox_sequence > behind:
                return f".{message.sequence}"
        return ""

    def _outgoing(self, subject: str, body: Receipts, headers: dict[str, str]) -> Outgoing:
        text = body.model_dump_json().encode()
        return Outgoing(f"receipt.{self._source}.{subject}", text, headers | JSON)

    async def has_come_to(self) -> int:
        """Where the position is, whoever moves it; ours, with which we write, stays as it is."""
        return (await taken_in(self._client, self._source)).through


async def taken_in(client: Client, source: str) -> TakenIn:
    """How far an inbox is. What says no position moves none: a sender can have the server itself
    answer into RECEIPTS. Raises LogUnavailableError."""
    subject = f"receipt.{source}.*"
    found = await newest(client, "RECEIPTS", subject)
    last, get = found.sequence if found else 0, DirectGet(client)
    while found and not _says_where(found.headers):
        query = {"multi_last": [subject], "up_to_seq": found.sequence - 1}
        earlier = (await get.all("RECEIPTS", query)).messages if found.sequence > 1 else []
        found = max(earlier, key=lambda message: message.sequence, default=None)
    if found is None:
        return TakenIn(last)
    said = found.headers
    again = found.subject.endswith(f".{WITHDRAWN}")
    through = int(said[THROUGH])
    furthest = max(through, _number(said.get(FURTHEST, "")))
    return TakenIn(last, through, int(said[WROTE]), said.get(KEY, ""), again, furthest)


def another_key(source: str, theirs: str, ours: str, through: int) -> str:
    """In words, with the way out."""
    return (
        f"the inbox of {source} was taken in with another digest key (its fingerprint"
        f" is {theirs}, ours {ours}). Nothing was taken in. {PUT_BACK}"
        f" `tribune redo inbox-{source} --from {through + 1}` goes on with"
        " ours, and what was said before is then known by its content alone"
    )


def _says_where(headers: Mapping[str, str]) -> bool:
    return all(_number(headers.get(name, "")) >= 0 for name in (THROUGH, WROTE))


def _number(said: str) -> int:
    """-1 for what is none."""
    return int(said) if said.isdecimal() and len(said) <= LONGEST else -1
