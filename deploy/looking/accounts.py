"""What became of all messages, by source; of refusals by reason. Constant memory, however many."""

from contextlib import aclosing
from dataclasses import dataclass, field

from deploy.looking.receipts import Asked, Batch, Read, receipts
from deploy.looking.refusals import Refusals
from shared.contracts.receipt import Refused
from shared.eventsourcing.jetstream.connection import Client


@dataclass
class Account:
    """Of one source. `withdrawn` receipts count nowhere else; `lost` are messages that have none,
    for the inbox forgot them before anybody read them."""

    accepted: int = 0
    duplicate: int = 0
    withdrawn: int = 0
    lost: int = 0
    refusals: Refusals = field(default_factory=Refusals)


async def accounts(client: Client, asked: Asked, read: Read) -> dict[str, Account]:
    """Where only refusals are asked for, nothing else is counted."""
    found: dict[str, Account] = {}
    async with aclosing(receipts(client, asked, read)) as batches:
        async for batch in batches:
            _count(found.setdefault(batch.source, Account()), batch)
    return dict(sorted(found.items()))


def _count(account: Account, batch: Batch) -> None:
    account.lost += batch.lost
    for one in batch.ones:
        if one.is_withdrawn:
            account.withdrawn += 1
        elif isinstance(one.receipt, Refused):
            account.refusals.add(one.receipt, one.where, one.values)
        else:
            account.duplicate += one.receipt.duplicate
            account.accepted += not one.receipt.duplicate
