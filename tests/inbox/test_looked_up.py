"""The receipt that holds is found, wherever an operator had an inbox taken in again."""

import pytest
from nats.aio.client import Client

from shared.contracts.receipt import Accepted, Problem, Refused
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher

PROBLEM = Problem(type="urn:x", title="x", detail="x")


def refused(sequence: int, kind: str) -> Refused:
    return Refused(ce_id=None, inbox_sequence=sequence, kind=kind, problem=PROBLEM)


def accepted(sequence: int, kind: str) -> Accepted:
    about = {"ce_id": "x", "id": "x", "sequence": 0, "duplicate": False}
    return Accepted(inbox_sequence=sequence, kind=kind, **about)


def writer(client: Client, source: str = "boston") -> ReceiptWriter:
    return ReceiptWriter(client, Publisher(client), source, "INTAKE")


async def test_of_one_batch_and_of_many(nats: Client) -> None:
    boston, chicago = writer(nats), writer(nats, "chicago")
    await boston.begin()
    await chicago.begin()
    for batch in range(30):
        first = batch * 7 + 1
        good = [accepted(first + each, f"b{batch}") for each in range(4)]
        bad = [refused(first + each, f"b{batch}") for each in range(4, 6)]  # the seventh is dead
        await boston.write(good, bad, through=first + 6)
        if batch % 3 == 0:
            await chicago.write([], [refused(batch + 1, "c")], through=batch + 1)
    looked_up = LookedUp(nats, "intake")
    for sequence in range(1, 211):
        receipt = await looked_up.receipt("boston", sequence)
        if sequence % 7 == 0:
            assert receipt is None
        else:
            assert receipt is not None
            assert receipt.inbox_sequence == sequence
            assert receipt.kind == f"b{(sequence - 1) // 7}"
    assert await looked_up.receipt("boston", 211) is None
    assert await looked_up.receipt("springfield", 1) is None
    found = await looked_up.receipt("chicago", 4)
    assert found is not None
    assert found.kind == "c"


@pytest.mark.parametrize("behind", [0, 2, 4, 5])
async def test_what_was_withdrawn_does_not_hold(nats: Client, behind: int) -> None:
    first = writer(nats)
    await first.begin()
    await first.write([], [refused(each, "first") for each in (1, 2, 3)], through=3)
    await first.write([], [refused(4, "first")], through=6)  # 5 and 6 are dead
    await first.write_redriven(refused(5, "redriven"))
    await writer(nats).take_again(behind)
    looked_up = LookedUp(nats, "intake")

    async def kinds() -> list[str]:
        found = [await looked_up.receipt("boston", each) for each in range(1, 7)]
        return [each.kind if each else "" for each in found]

    before = ["first"] * 4 + ["redriven", ""]
    assert await kinds() == [*before[:behind], *[""] * (6 - behind)]
    second = writer(nats)
    await second.begin()
    again = [refused(each, "second") for each in range(behind + 1, 6)]
    await second.write([], again, through=6)
    await second.write_redriven(refused(6, "again"))
    assert await kinds() == [*before[:behind], *["second"] * (5 - behind), "again"]
