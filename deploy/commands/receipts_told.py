"""A receipt as it is told, on one line or as JSON; and a message that has none."""

from typing import Any

from deploy.commands.refusals_told import in_words
from deploy.looking.harmless import MISSING
from deploy.looking.receipts import One
from deploy.looking.refusals import printed
from deploy.looking.unanswered import Unanswered
from shared.contracts.receipt import Accepted, Fault, Refused
from shared.eventsourcing.jetstream.wire import one_line


def line_of(one: One | Unanswered) -> str:
    if isinstance(one, Unanswered):
        return f"{one.where}  {one}"
    receipt = one.receipt
    called = f"  {one_line(receipt.ce_id)}" if receipt.ce_id else ""
    said = _acceptance(receipt) if isinstance(receipt, Accepted) else _refusal(receipt, one)
    again = ", withdrawn: its inbox was taken in again" if one.is_withdrawn else ""
    return f"{one.where}  {one_line(receipt.kind)}{called}  {said}  {one.at}{again}"


def _acceptance(receipt: Accepted) -> str:
    what = "duplicate, was so already by" if receipt.duplicate else "accepted, led to"
    return f"{what} {receipt.reference} of {receipt.id}"


def _refusal(receipt: Refused, one: One) -> str:
    problem = receipt.problem
    faults = problem.errors or (Fault(detail=problem.detail, pointer=""),)
    told = []
    for number, fault in enumerate(faults):
        value = one.values[number] if number < len(one.values) else MISSING
        words = in_words(problem.title, fault)
        stop = "" if words.endswith(".") else "."
        told.append(words if value is MISSING else f"{words}{stop} It said {printed(value)}")
    return f"refused: {'; '.join(told)}"


def figures_of(one: One | Unanswered) -> dict[str, Any]:
    if isinstance(one, Unanswered):
        return {"message": str(one.where), "became": one.state, "words": str(one)}
    receipt = one.receipt
    facts = {
        "message": str(one.where),
        "kind": receipt.kind,
        "ce_id": receipt.ce_id,
        "receipt": str(one.at),
        "withdrawn": one.is_withdrawn,
    }
    if isinstance(receipt, Accepted):
        became = "duplicate" if receipt.duplicate else "accepted"
        return facts | {"became": became, "id": receipt.id, "event": str(receipt.reference)}
    pointers = [error.pointer for error in receipt.problem.errors]
    values = {
        pointer: value
        for pointer, value in zip(pointers, one.values, strict=False)
        if value is not MISSING
    }
    problem = receipt.problem.model_dump(mode="json")
    return facts | {"became": "refused", "problem": problem, "values": values}
