"""The answer to one upstream event: accepted with our id, or refused with the reason."""

from pydantic import BaseModel, ConfigDict

from shared.contracts.reference import Reference
from shared.contracts.values import Sequence, StreamName


class Accepted(BaseModel):
    """`id` is our report or check; the event stands in `stream` at `sequence`. Receipts of older
    versions name no stream: it was INTAKE.

    A `duplicate` changed nothing, for it was so already; the event is then the earlier one.
    """

    model_config = ConfigDict(frozen=True)

    ce_id: str
    inbox_sequence: Sequence
    kind: str
    id: str
    stream: StreamName = "INTAKE"
    sequence: Sequence
    duplicate: bool

    @property
    def reference(self) -> Reference:
        return Reference(self.stream, self.sequence)


class Fault(BaseModel):
    """One thing wrong; `pointer` is a JSON pointer (RFC 6901) to the field, empty for the whole."""

    model_config = ConfigDict(frozen=True)

    detail: str
    pointer: str


class Problem(BaseModel):
    """A refusal as RFC 9457 wants it."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    detail: str
    errors: tuple[Fault, ...] = ()


class Refused(BaseModel):
    """`ce_id` is null where the message had none that could be read."""

    model_config = ConfigDict(frozen=True)

    ce_id: str | None
    inbox_sequence: Sequence
    kind: str
    problem: Problem


class Receipts(BaseModel):
    """One message of the RECEIPTS stream: the receipts of a whole batch, all of one sort.

    `expired` counts messages right before these that the inbox forgot before anybody read them, or
    that an operator gave up because they could not be read: they were lost, and have no receipt.
    `withdrawn_after`: an operator has the inbox taken in again behind this sequence. What receipts
    said before of messages behind it does not hold any more; each of them gets a new one.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    accepted: tuple[Accepted, ...] = ()
    refused: tuple[Refused, ...] = ()
    expired: Sequence = 0
    withdrawn_after: Sequence | None = None


class AcceptedTold(BaseModel):
    """An acceptance as its source is told: without the place of the event in our log, for a
    sequence there counts what all others send, too."""

    model_config = ConfigDict(frozen=True)

    ce_id: str
    inbox_sequence: Sequence
    kind: str
    id: str
    duplicate: bool


class ReceiptsTold(BaseModel):
    """One message of RECEIPTS as its source reads it. It reads what RECEIPTS holds, also what older
    versions wrote there, and leaves out what is not the source's to know."""

    model_config = ConfigDict(frozen=True)

    source: str
    accepted: tuple[AcceptedTold, ...] = ()
    refused: tuple[Refused, ...] = ()
    expired: Sequence = 0
    withdrawn_after: Sequence | None = None
