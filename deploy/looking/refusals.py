"""Refusals by reason, place and value: each with its number and its first example."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deploy.looking.harmless import MISSING
from shared.contracts.receipt import Fault, Problem, Refused
from shared.contracts.reference import Reference

MOST_REASONS, MOST_VALUES = 200, 200
_NUMBER = re.compile(r"\d[\d,]+")


class Example(NamedTuple):
    """One message that was refused: what its sender calls it, and where it stands in its inbox."""

    ce_id: str | None
    where: Reference


@dataclass
class Counted:
    """One value at one place."""

    value: Any
    first: Example
    count: int = 0


@dataclass
class Reason:
    """What is wrong with so many messages, and at which place in them; `pointer` is empty for the
    whole. `other_values` counts those whose value was not met early enough to be counted alone."""

    problem: Problem
    fault: Fault
    first: Example
    count: int = 0
    values: dict[str, Counted] = field(default_factory=dict)
    other_values: int = 0


class Refusals:
    """Whatever number is added, no more is kept than the bounds allow. Each refusal counts once for
    a reason; `others` counts those with one that was not met early enough to be kept."""

    def __init__(self) -> None:
        self._reasons: dict[tuple[str, str, str], Reason] = {}
        self.total = 0
        self.others = 0

    def add(self, refused: Refused, where: Reference, values: Sequence[Any] = ()) -> None:
        """`values` are those that the problem's errors point to, as far as they may be told."""
        self.total += 1
        example = Example(refused.ce_id, where)
        faults = refused.problem.errors or (Fault(detail=refused.problem.detail, pointer=""),)
        met: set[int] = set()
        has_others = False
        for number, fault in enumerate(faults):
            value = values[number] if number < len(values) else MISSING
            reason = self._reason(refused.problem, fault, example)
            if reason is None:
                has_others = True
            elif id(reason) not in met:
                met.add(id(reason))
                _count(reason, example, value)
        self.others += has_others

    def _reason(self, problem: Problem, fault: Fault, example: Example) -> Reason | None:
        """None where it is one too many."""
        key = (problem.type, fault.pointer, _NUMBER.sub("0", fault.detail))
        if key not in self._reasons and len(self._reasons) < MOST_REASONS:
            self._reasons[key] = Reason(problem, fault, example)
        return self._reasons.get(key)

    def __iter__(self) -> Iterator[Reason]:
        """What is most frequent first, and of the same number what was met first."""
        yield from sorted(self._reasons.values(), key=lambda reason: -reason.count)


def _count(reason: Reason, example: Example, value: Any) -> None:
    reason.count += 1
    if value is MISSING:
        return
    same = reason.values.get(printed(value))
    if same is None:
        if len(reason.values) >= MOST_VALUES:
            reason.other_values += 1
            return
        same = reason.values[printed(value)] = Counted(value, example)
    same.count += 1


def most_frequent(reason: Reason) -> list[Counted]:
    return sorted(reason.values.values(), key=lambda value: -value.count)


def printed(value: Any) -> str:
    """On one line, and steering no terminal."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else "�" for sign in text)
